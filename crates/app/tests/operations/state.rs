//! What has to be true of what is stored, at every moment between two transactions.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use signoff_domain::{
    Timestamp,
    assignment::Strategy,
    delegation::{Absence, Delegation, is_absent},
    group::Reviewers,
    hold::Standing,
    id::{MemberId, TaskId},
    queue::QueueConfig,
};

use crate::world::World;

/// An open task, and who has a part in it at its stage.
struct Open {
    id: TaskId,
    queue: String,
    wanted: usize,
    audience: String,
    standings: Vec<(MemberId, Standing)>,
    /// Of any stage: to whom, until when.
    offers: Vec<(MemberId, Timestamp)>,
    leases: Vec<(MemberId, Timestamp)>,
    looks: bool,
    /// The kinds of its timers.
    timers: Vec<String>,
}

/// Checks everything. `idle` says that nothing that is due was left undone.
pub(crate) async fn check(world: &World, idle: bool) {
    settled(world).await;
    workloads(world).await;
    votes(world).await;
    let told: BTreeSet<TaskId> = world
        .rows("SELECT DISTINCT task_id FROM events WHERE organization_id = $1 AND event_type = 'stage.impossible'", |row| row.id(0))
        .await
        .into_iter()
        .collect();
    let access = Access::of(world).await;
    for task in open(world).await {
        let now = world.now();
        assert!(task.offers.iter().all(|(_, until)| *until > now) || !idle, "an offer of {} that is over stands", task.id);
        if let Some(wrong) = places(&task, now).or_else(|| remembered(world, &access, &task, told.contains(&task.id))) {
            panic!("{} of {} ({:?}): {wrong}\n{}", task.id, task.queue, task.timers, world.story(&task.id.to_string()).await);
        }
    }
}

async fn none(world: &World, what: &str, sql: &'static str) {
    let found = world.rows(sql, |row| row.id::<TaskId>(0)).await;
    if let Some(first) = found.first() {
        panic!("{what}: {found:?}\n{}", world.story(&first.to_string()).await);
    }
}

/// A settled task has an outcome, and nobody and nothing has a part in it any longer.
async fn settled(world: &World) {
    for (what, sql) in [
        (
            "settled without an outcome",
            "SELECT id FROM tasks WHERE organization_id = $1 AND state NOT IN ('pending', 'queued') AND outcome IS NULL",
        ),
        (
            "open with an outcome",
            "SELECT id FROM tasks WHERE organization_id = $1 AND state IN ('pending', 'queued') AND outcome IS NOT NULL",
        ),
        (
            "settled with timers",
            "SELECT t.id FROM tasks t JOIN timers o ON o.owner_id = t.id WHERE t.organization_id = $1 AND t.state NOT IN ('pending', 'queued')",
        ),
        (
            "settled and looking for reviewers",
            "SELECT t.id FROM tasks t JOIN routings o ON o.task_id = t.id WHERE t.organization_id = $1 AND t.state NOT IN ('pending', 'queued')",
        ),
        (
            "settled and offered",
            "SELECT t.id FROM tasks t JOIN offers o ON o.task_id = t.id WHERE t.organization_id = $1 AND t.state NOT IN ('pending', 'queued') AND o.state = 'offered'",
        ),
        (
            "settled and accepted",
            "SELECT t.id FROM tasks t JOIN assignments o ON o.task_id = t.id WHERE t.organization_id = $1 AND t.state NOT IN ('pending', 'queued') AND o.state = 'accepted'",
        ),
        (
            "settled with a clock that runs",
            "SELECT t.id FROM tasks t JOIN sla_cycles o ON o.task_id = t.id WHERE t.organization_id = $1 AND t.state NOT IN ('pending', 'queued') AND o.state IN ('running', 'paused')",
        ),
        (
            "offered at another stage",
            "SELECT t.id FROM tasks t JOIN offers o ON o.task_id = t.id WHERE t.organization_id = $1 AND o.state = 'offered' AND o.stage <> t.stage",
        ),
        (
            "accepted at another stage",
            "SELECT t.id FROM tasks t JOIN assignments o ON o.task_id = t.id WHERE t.organization_id = $1 AND o.state = 'accepted' AND o.stage <> t.stage",
        ),
    ] {
        none(world, what, sql).await;
    }
}

/// What is counted as a member's workload is what is offered to them and accepted by them.
async fn workloads(world: &World) {
    let read = |row: &signoff_store::Row<'_>| Ok((row.id::<MemberId>(0)?, row.get::<i64>(1)?));
    let mut summed = BTreeMap::<MemberId, i64>::new();
    let offered = "SELECT member_id, weight FROM offers WHERE organization_id = $1 AND state = 'offered'";
    let accepted = "SELECT member_id, weight FROM assignments WHERE organization_id = $1 AND state = 'accepted'";
    for (member, weight) in world.rows(offered, read).await.into_iter().chain(world.rows(accepted, read).await) {
        *summed.entry(member).or_default() += weight;
    }
    summed.retain(|_, units| *units != 0);
    let counted = world.rows("SELECT member_id, units FROM workloads WHERE organization_id = $1", read).await;
    let counted: BTreeMap<_, _> = counted.into_iter().filter(|(_, units)| *units != 0).collect();
    assert_eq!(counted, summed, "workloads are what is offered and accepted");
}

/// Nobody's review counts who submitted the task or reviewed an earlier stage of it, for themself or for whom they acted.
async fn votes(world: &World) {
    let reviews = "SELECT r.task_id, t.created_by, r.reviewer_id, t.outcome FROM reviews r JOIN tasks t ON t.id = r.task_id \
        WHERE r.organization_id = $1 AND r.voided_at IS NULL AND r.reviewer_kind = 'human' AND r.surplus <> 1";
    let read = |row: &signoff_store::Row<'_>| {
        Ok((row.id::<TaskId>(0)?, row.json::<Value>(1)?, row.id::<MemberId>(2)?, row.json_opt::<Value>(3)?.unwrap_or_default()))
    };
    for (task, by, reviewer, outcome) in world.rows(reviews, read).await {
        // To override is a permission of its own, which asks for no review.
        let fair = by["id"] != reviewer.to_string() || outcome["rule"] == "override";
        assert!(fair, "reviewed by who submitted it: {}", world.story(&task.to_string()).await);
    }
    none(
        world,
        "one reviewed two stages",
        "SELECT a.task_id FROM reviews a JOIN reviews b ON b.task_id = a.task_id AND b.stage > a.stage AND b.revision = a.revision \
         AND (b.reviewer_id = a.reviewer_id OR b.reviewer_id = a.on_behalf_of) \
         WHERE a.organization_id = $1 AND a.voided_at IS NULL AND b.voided_at IS NULL AND a.reviewer_kind = 'human' AND b.reviewer_kind = 'human'",
    )
    .await;
}

async fn open(world: &World) -> Vec<Open> {
    let tasks = "SELECT t.id, q.key, t.wanted, t.audience, CAST(CASE WHEN r.task_id IS NULL THEN 0 ELSE 1 END AS bigint) FROM tasks t JOIN queues q ON q.id = t.queue_id \
        LEFT JOIN routings r ON r.task_id = t.id WHERE t.organization_id = $1 AND t.state IN ('pending', 'queued') ORDER BY t.id";
    let mut open: BTreeMap<TaskId, Open> = world
        .rows(tasks, |row| {
            let (id, looks) = (row.id(0)?, row.get::<i64>(4)? == 1);
            let (standings, offers, leases, timers) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
            let wanted = usize::try_from(row.get::<i64>(2)?).unwrap();
            Ok((id, Open { id, queue: row.get(1)?, wanted, audience: row.get(3)?, standings, offers, leases, looks, timers }))
        })
        .await
        .into_iter()
        .collect();
    let standings = "SELECT a.task_id, a.member_id, a.state FROM assignments a JOIN tasks t ON t.id = a.task_id AND t.stage = a.stage WHERE t.organization_id = $1";
    for (task, member, standing) in
        world.rows(standings, |row| Ok((row.id(0)?, row.id(1)?, row.word(2, "assignments", Standing::parse)?))).await
    {
        open.entry(task).and_modify(|open| open.standings.push((member, standing)));
    }
    let until = |row: &signoff_store::Row<'_>| Ok((row.id::<TaskId>(0)?, row.id::<MemberId>(1)?, row.get::<Timestamp>(2)?));
    for (task, member, at) in
        world.rows("SELECT task_id, member_id, expires_at FROM offers WHERE organization_id = $1 AND state = 'offered'", until).await
    {
        open.entry(task).and_modify(|open| open.offers.push((member, at)));
    }
    let leases = "SELECT l.task_id, l.member_id, l.expires_at FROM leases l JOIN tasks t ON t.id = l.task_id WHERE t.organization_id = $1";
    for (task, member, at) in world.rows(leases, until).await {
        open.entry(task).and_modify(|open| open.leases.push((member, at)));
    }
    for (owner, kind) in
        world.rows("SELECT owner_id, kind FROM timers WHERE organization_id = $1", |row| Ok((row.id(0)?, row.get(1)?))).await
    {
        open.entry(owner).and_modify(|open| open.timers.push(kind));
    }
    open.into_values().collect()
}

/// No more have a part in a task at once than its stage wants.
fn places(task: &Open, now: Timestamp) -> Option<String> {
    let accepted = task.standings.iter().filter(|(_, standing)| *standing == Standing::Accepted).map(|(member, _)| *member);
    let live = task.offers.iter().chain(&task.leases).filter(|(_, until)| now < *until).map(|(member, _)| *member);
    let places: BTreeSet<MemberId> = accepted.chain(live).collect();
    (places.len() > task.wanted).then(|| format!("wants {} and has {places:?}", task.wanted))
}

/// An open task is somebody's or comes to somebody: no place of it is forgotten.
fn remembered(world: &World, access: &Access, task: &Open, told: bool) -> Option<String> {
    let accepted = task.standings.iter().filter(|(_, standing)| *standing == Standing::Accepted).map(|(member, _)| *member);
    let held: BTreeSet<MemberId> = accepted.chain(task.offers.iter().map(|(member, _)| *member)).collect();
    let has = |kind: &str| task.timers.iter().any(|timer| timer == kind);
    if !task.offers.is_empty() && !has("offer") {
        return Some("an offer ends with nothing".into());
    }
    let config = &world.queues[&task.queue];
    if names_reviewer(config.assignment.strategy()) {
        // A lease alone is no promise: when it runs out, somebody else has to be looked for.
        let comes = held.len() >= task.wanted || task.looks || has("route");
        return (!comes).then(|| format!("wants {} and looks for nobody", task.wanted));
    }
    let over = |member: MemberId| {
        task.standings.iter().any(|(other, standing)| *other == member && matches!(standing, Standing::Submitted | Standing::Excluded))
    };
    let mut everybody = world.reviewers.iter().chain(&world.admins).filter(|person| person.active && !over(person.id));
    let pulled = everybody.any(|person| access.asks(config, task, person.id, world.now()));
    let comes = !held.is_empty() || pulled || told || !task.timers.is_empty();
    (!comes).then(|| "waits where nobody is".into())
}

fn names_reviewer(strategy: Strategy) -> bool {
    !matches!(strategy, Strategy::Manual | Strategy::Pull)
}

/// Who may review what.
struct Access {
    absences: Vec<Absence>,
    delegations: Vec<Delegation>,
    groups: BTreeMap<MemberId, Vec<String>>,
}

impl Access {
    async fn of(world: &World) -> Self {
        let absences = world.rows("SELECT absence FROM absences WHERE organization_id = $1", |row| row.json(0)).await;
        let delegations = world.rows("SELECT delegation FROM delegations WHERE organization_id = $1", |row| row.json(0)).await;
        let groups = world.reviewers.iter().enumerate().map(|(n, person)| (person.id, vec![format!("group-{}", n % 4)])).collect();
        Self { absences, delegations, groups }
    }

    fn asks(&self, config: &QueueConfig, task: &Open, member: MemberId, now: Timestamp) -> bool {
        let own = |member: MemberId| match Reviewers::parse(&task.audience) {
            Some(reviewers) if !task.audience.is_empty() => reviewers.asks(member, self.groups.get(&member).map_or(&[][..], Vec::as_slice)),
            _ => config.lets_review(member),
        };
        let in_group = |key: &str| self.groups.get(&member).is_some_and(|groups| groups.iter().any(|group| group == key));
        let absent = |member: MemberId| is_absent(&self.absences, member, now);
        own(member)
            || self.delegations.iter().any(|delegation| {
                delegation.reaches(member, in_group)
                    && delegation.in_force(&task.queue, config.review_type, absent, now)
                    && own(delegation.from)
            })
    }
}
