//! What people and programs do: submit, pull, accept, decline, lose offers, review, revise, cancel, reopen, come and go.

use jiff::SignedDuration;
use serde_json::json;
use signoff_app::{
    absences::{CreateAbsence, CreateDelegation, NewDelegation},
    identity::ChangeMember,
    reviews::SubmitReview,
    routing::{AcceptOffer, DeclineOffer, ListOffers},
    tasks::{AssignTask, CancelTask, ClaimNext, ClaimTask, OverrideTask, ReleaseTask, ReopenTask, ReviseTask, SkipTask, SubmitTask},
};
use signoff_domain::{
    Object,
    capacity::Presence,
    delegation::{Mode, OpenWork, Scope, To},
    id::{LeaseId, MemberId, TaskId},
    member::{MemberChange, MemberState},
    review::Answer,
    submission::{Due, Revision, Submission},
    task::{Content, Priority},
};

use crate::{
    random::Random,
    world::{Person, World},
};

/// One to three things that somebody does.
pub(crate) async fn act(world: &mut World, random: &mut Random) {
    for _ in 0..random.within(1, 3) {
        match random.within(0, 99) {
            0..=15 => submit(world, random).await,
            16..=35 => offers(world, random).await,
            36..=50 => pull(world, random).await,
            51..=78 => work(world, random).await,
            79..=81 => agent(world, random).await,
            82..=87 => administer(world, random).await,
            88..=93 => presence(world, random).await,
            94..=95 => absence(world, random).await,
            96..=97 => delegate(world, random).await,
            98 => disable(world, random).await,
            _ => claim_any(world, random).await,
        }
    }
}

fn data(random: &mut Random) -> Object {
    let json = json!({"amount": random.within(0, 100), "n": random.next() >> 40});
    json.as_object().unwrap().clone()
}

async fn submit(world: &World, random: &mut Random) {
    let keys: Vec<&String> = world.queues.keys().collect();
    let thread = json!({"thread": format!("thread-{}", random.within(0, 30))});
    let named = random.one_in(10).then(|| random.pick(&world.reviewers).id);
    let submission = Submission {
        content: Content { data: data(random), context: Object::new(), choices: None },
        metadata: thread.as_object().unwrap().clone(),
        summary: None,
        external_id: random.one_in(5).then(|| format!("order-{}", random.next())),
        max_selections: None,
        priority: *random.pick(&Priority::ALL),
        due: if random.one_in(4) { Due::Minutes(random.within(20, 600)) } else { Due::Queue },
        assignee_id: named,
    };
    // Who administers may review as well, but not what they submitted themself.
    let caller = if random.one_in(6) { random.pick(&world.admins).caller.clone() } else { world.agent.clone() };
    let queue_key = (*random.pick(&keys)).clone();
    world.attempt(SubmitTask { caller, moment: world.app.moment(), compiled: world.app.compiled(), queue_key, submission }).await;
}

/// Somebody who can log in.
fn somebody<'a>(world: &'a World, random: &mut Random) -> &'a Person {
    let person = if random.one_in(12) { random.pick(&world.admins) } else { random.pick(&world.reviewers) };
    if person.active { person } else { &world.admins[0] }
}

async fn offers(world: &World, random: &mut Random) {
    let offered = world
        .rows("SELECT member_id, task_id FROM offers WHERE organization_id = $1 AND state = 'offered' ORDER BY id", |row| {
            Ok((row.id::<MemberId>(0)?, row.id::<TaskId>(1)?))
        })
        .await;
    if offered.is_empty() {
        return;
    }
    for _ in 0..random.within(1, 4) {
        let (member, id) = *random.pick(&offered);
        let Some(person) = world.person(member) else { continue };
        let (caller, moment) = (person.caller.clone(), world.app.moment());
        world.app.read(ListOffers { caller: caller.clone(), now: world.now() }).await.unwrap();
        match random.within(0, 9) {
            0..=5 => drop(world.attempt(AcceptOffer { caller, moment, id }).await),
            6 => drop(world.attempt(DeclineOffer { caller, moment, id, reason: "Busy.".into() }).await),
            7..=8 => drop(world.attempt(ClaimTask { caller, moment, id }).await),
            // It is lost when its time is over.
            _ => {}
        }
    }
}

async fn pull(world: &World, random: &mut Random) {
    let keys: Vec<&String> = world.queues.keys().collect();
    let queue_key = random.one_in(2).then(|| (*random.pick(&keys)).clone());
    let person = somebody(world, random);
    let claim = world.attempt(ClaimNext { caller: person.caller.clone(), moment: world.app.moment(), queue_key }).await.flatten();
    let Some(claim) = claim else { return };
    after_claim(world, random, person, claim.view.task.id, claim.lease.id).await;
}

async fn claim_any(world: &World, random: &mut Random) {
    let open =
        world.rows("SELECT id FROM tasks WHERE organization_id = $1 AND state = 'queued' ORDER BY id", |row| row.id::<TaskId>(0)).await;
    if open.is_empty() {
        return;
    }
    let (person, id) = (somebody(world, random), *random.pick(&open));
    let claim = world.attempt(ClaimTask { caller: person.caller.clone(), moment: world.app.moment(), id }).await;
    if let Some(claim) = claim {
        after_claim(world, random, person, id, claim.lease.id).await;
    }
}

async fn after_claim(world: &World, random: &mut Random, person: &Person, id: TaskId, lease_id: LeaseId) {
    let (caller, moment) = (person.caller.clone(), world.app.moment());
    match random.within(0, 9) {
        0..=4 => review(world, random, person, id, Some(lease_id)).await,
        5 => drop(world.attempt(ReleaseTask { caller, moment, id, lease_id }).await),
        6 => drop(world.attempt(SkipTask { caller, moment, id, reason: "Not mine.".into(), lease_id: Some(lease_id) }).await),
        // The lease runs out, or the review comes later.
        _ => {}
    }
}

async fn review(world: &World, random: &mut Random, person: &Person, id: TaskId, lease_id: Option<LeaseId>) {
    let result = if random.one_in(4) { "rejected" } else { "approved" };
    let submit = SubmitReview {
        caller: person.caller.clone(),
        moment: world.app.moment(),
        compiled: world.app.compiled(),
        id,
        revision: if random.one_in(8) { 2 } else { 1 },
        lease_id,
        keep_late: random.one_in(2),
        answer: Answer { result: Some(vec![result.into()]), value: None, data: None, feedback: None },
    };
    world.attempt(submit).await;
}

/// Somebody reviews what they took on, or what they once held a lease of.
async fn work(world: &World, random: &mut Random) {
    let accepted = "SELECT member_id, task_id FROM assignments WHERE organization_id = $1 AND state = 'accepted' ORDER BY id";
    let leased =
        "SELECT l.member_id, l.task_id, l.id FROM leases l JOIN tasks t ON t.id = l.task_id WHERE t.organization_id = $1 ORDER BY l.id";
    let mut held = world.rows(accepted, |row| Ok((row.id::<MemberId>(0)?, row.id::<TaskId>(1)?, None))).await;
    held.extend(world.rows(leased, |row| Ok((row.id(0)?, row.id(1)?, Some(row.id::<LeaseId>(2)?)))).await);
    if held.is_empty() {
        return;
    }
    for _ in 0..random.within(1, 3) {
        let (member, id, lease) = *random.pick(&held);
        let Some(person) = world.person(member) else { continue };
        review(world, random, person, id, lease).await;
    }
}

async fn agent(world: &World, random: &mut Random) {
    let tasks =
        world.rows("SELECT id FROM tasks WHERE organization_id = $1 AND state = 'queued' ORDER BY id", |row| row.id::<TaskId>(0)).await;
    if tasks.is_empty() {
        return;
    }
    let (caller, moment, compiled, id) = (world.agent.clone(), world.app.moment(), world.app.compiled(), *random.pick(&tasks));
    if random.one_in(3) {
        world.attempt(CancelTask { caller, moment, compiled, id, reason: None }).await;
    } else {
        let revision = Revision { data: Some(data(random)), context: None, metadata: None, summary: None, choices: None };
        world.attempt(ReviseTask { caller, moment, compiled, id, if_revision: None, revision }).await;
    }
}

async fn administer(world: &World, random: &mut Random) {
    let of = |state: &'static str| match state {
        "reviewed" => "SELECT id FROM tasks WHERE organization_id = $1 AND state = 'reviewed' ORDER BY id",
        _ => "SELECT id FROM tasks WHERE organization_id = $1 AND state = 'queued' ORDER BY id",
    };
    let reopens = random.one_in(4);
    let tasks = world.rows(of(if reopens { "reviewed" } else { "queued" }), |row| row.id::<TaskId>(0)).await;
    if tasks.is_empty() {
        return;
    }
    let caller = random.pick(&world.admins).caller.clone();
    let (moment, compiled, id) = (world.app.moment(), world.app.compiled(), *random.pick(&tasks));
    if reopens {
        return drop(world.attempt(ReopenTask { caller, moment, compiled, id, reason: "Once more.".into() }).await);
    }
    match random.within(0, 9) {
        0..=4 => {
            let assignee = Some(random.pick(&world.reviewers).id);
            world.attempt(AssignTask { caller, moment, id, assignee }).await;
        }
        5..=7 => drop(world.attempt(AssignTask { caller, moment, id, assignee: None }).await),
        _ => {
            let answer = Answer { result: Some(vec!["rejected".into()]), value: None, data: None, feedback: None };
            world.attempt(OverrideTask { caller, moment, compiled, id, revision: 1, answer, reason: "It cannot wait.".into() }).await;
        }
    }
}

async fn presence(world: &mut World, random: &mut Random) {
    let at = usize::try_from(random.next() % world.reviewers.len() as u64).unwrap();
    // Most are there most of the time.
    world.reviewers[at].availability.presence = if random.one_in(3) { *random.pick(&Presence::ALL) } else { Presence::Online };
    world.keep_availability(&world.reviewers[at]).await;
}

async fn absence(world: &World, random: &mut Random) {
    let person = somebody(world, random);
    let starts_at = world.now().checked_add(SignedDuration::from_secs(random.within(0, 90_000))).unwrap();
    let create = CreateAbsence {
        caller: person.caller.clone(),
        moment: world.app.moment(),
        member_id: person.id,
        starts_at,
        ends_at: starts_at.checked_add(SignedDuration::from_secs(random.within(3_600, 200_000))).unwrap(),
        open_work: *random.pick(&[OpenWork::Keep, OpenWork::Delegate, OpenWork::Return]),
        reason: None,
    };
    world.attempt(create).await;
}

async fn delegate(world: &World, random: &mut Random) {
    let from = somebody(world, random);
    let to =
        if random.one_in(3) { To::Group(format!("group-{}", random.within(0, 3))) } else { To::Member(random.pick(&world.reviewers).id) };
    let starts_at = world.now();
    let delegation = NewDelegation {
        from: from.id,
        to,
        starts_at,
        ends_at: starts_at.checked_add(SignedDuration::from_secs(random.within(3_600, 400_000))).unwrap(),
        mode: if random.one_in(3) { Mode::Always } else { Mode::WhileAbsent },
        scope: Scope::default(),
        include_existing: random.one_in(2),
        reason: None,
    };
    world.attempt(CreateDelegation { caller: from.caller.clone(), moment: world.app.moment(), delegation }).await;
}

/// Somebody is disabled, or everybody who was comes back.
async fn disable(world: &mut World, random: &mut Random) {
    let back: Vec<MemberId> = world.reviewers.iter().filter(|person| !person.active).map(|person| person.id).collect();
    let changes = if random.one_in(2) { back } else { vec![random.pick(&world.reviewers).id] };
    for id in changes {
        let person = world.reviewers.iter_mut().find(|person| person.id == id).unwrap();
        person.active = !person.active;
        let state = if person.active { MemberState::Active } else { MemberState::Disabled };
        let change = MemberChange { state: Some(state), ..MemberChange::default() };
        let caller = world.admins[0].caller.clone();
        world.attempt(ChangeMember { caller, moment: world.app.moment(), id, change }).await.unwrap();
    }
}
