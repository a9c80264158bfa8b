//! What the simulation found, each for itself.

use jiff::SignedDuration;
use serde_json::{Value, json};
use signoff_app::{
    absences::{CreateAbsence, CreateDelegation, NewDelegation},
    due::{Due, Fire},
    identity::ChangeMember,
    queues::CreateQueue,
    reviews::SubmitReview,
    routing::Route,
    tasks::{AssignTask, ClaimTask, ReleaseTask, ReopenTask, SubmitTask},
};
use signoff_domain::{
    Object,
    delegation::{Mode, OpenWork, Scope, To},
    id::{MemberId, TaskId},
    member::{MemberChange, MemberState},
    queue::{QueueConfig, ReviewType},
    review::Answer,
    submission::{Due as DueAt, Submission},
    task::{Content, Priority, Task},
};
use signoff_testkit::{Engine, Fixture, both};

use crate::{
    random::Random,
    world::{Person, World},
};

both!(Small:
    the_first_stage_asks_whom_and_how_many_it_says,
    who_gives_a_task_back_is_followed_by_another,
    who_lets_a_lease_run_out_is_followed_by_another,
    a_task_that_nobody_is_named_for_any_longer_looks_for_a_reviewer,
    an_offer_whose_timer_is_late_does_not_stop_the_router,
    who_is_disabled_has_no_offer_and_no_workload,
    nobody_is_named_for_what_they_submitted,
    naming_one_more_than_a_stage_wants_takes_the_place_of_another,
    nothing_of_a_stage_is_left_when_the_next_opens,
    who_reviews_without_a_claim_has_taken_the_task_on,
    a_task_that_is_opened_again_goes_on_with_its_escalation,
    a_task_that_is_moved_begins_the_escalation_of_its_new_queue,
    a_delegate_who_cannot_log_in_is_given_nothing,
    who_was_asked_beyond_the_rule_keeps_their_place,
    a_raised_priority_is_told_before_what_it_makes_late,
);

/// Everybody is there at all hours, with room for ten units.
struct Small(World);

impl Fixture for Small {
    async fn open(engine: Engine) -> Self {
        let mut world = World::of(engine, 7, 4, &mut Random::new(7)).await;
        for person in world.reviewers.iter_mut().chain(&mut world.admins) {
            person.availability = serde_json::from_value(json!({"capacity": {"units": 10}})).unwrap();
        }
        for person in world.reviewers.iter().chain(&world.admins) {
            world.keep_availability(person).await;
        }
        Self(world)
    }

    async fn close(self) {}
}

impl Small {
    /// Makes a queue that only the reviewers review for.
    async fn queue(&self, key: &str, parts: Value) {
        let mut config = serde_json::to_value(QueueConfig::of_type(key, ReviewType::Approval)).unwrap();
        config["reviewer_ids"] = self.0.reviewers.iter().map(|person| person.id.to_string()).collect();
        config["routing"] = json!({"strategy": "manual", "offer_timeout_seconds": 60});
        for (name, part) in parts.as_object().unwrap() {
            config[name] = part.clone();
        }
        let config: QueueConfig = serde_json::from_value(config).unwrap();
        let create = CreateQueue { caller: self.0.admins[0].caller.clone(), moment: self.0.app.moment(), key: key.into(), config };
        self.0.app.write(create).await.unwrap();
    }

    async fn submit(&self, by: Option<&Person>) -> Task {
        let submission = Submission {
            content: Content { data: Object::new(), context: Object::new(), choices: None },
            metadata: Object::new(),
            summary: None,
            external_id: None,
            max_selections: None,
            priority: Priority::Normal,
            due: DueAt::Queue,
            assignee_id: None,
        };
        let caller = by.map_or(&self.0.agent, |person| &person.caller).clone();
        let submit = SubmitTask { caller, moment: self.0.app.moment(), compiled: self.0.app.compiled(), queue_key: "q".into(), submission };
        self.0.app.write(submit).await.unwrap().view.task
    }

    async fn route(&self) {
        let route = Route { moment: self.0.app.moment(), organization_id: self.0.organization };
        self.0.app.write(route).await.unwrap();
    }

    /// Lets time pass and fires what is due then.
    async fn pass(&self, minutes: i64) {
        self.0.advance(SignedDuration::from_mins(minutes));
        let (due, _) = self.0.app.read(Due { now: self.0.now(), limit: 100 }).await.unwrap();
        for timer in due {
            self.0.app.write(Fire { moment: self.0.app.moment(), compiled: self.0.app.compiled(), timer }).await.unwrap();
        }
    }

    async fn assign(&self, id: TaskId, assignee: Option<MemberId>) -> bool {
        let caller = self.0.admins[0].caller.clone();
        self.0.attempt(AssignTask { caller, moment: self.0.app.moment(), id, assignee }).await.is_some()
    }

    async fn review(&self, id: TaskId, person: &Person) {
        let submit = SubmitReview {
            caller: person.caller.clone(),
            moment: self.0.app.moment(),
            compiled: self.0.app.compiled(),
            id,
            revision: 1,
            lease_id: None,
            keep_late: false,
            answer: Answer { result: Some(vec!["approved".into()]), value: None, data: None, feedback: None },
        };
        self.0.app.write(submit).await.unwrap();
    }

    async fn disable(&self, id: MemberId) {
        let change = MemberChange { state: Some(MemberState::Disabled), ..MemberChange::default() };
        self.0.app.write(ChangeMember { caller: self.0.admins[0].caller.clone(), moment: self.0.app.moment(), id, change }).await.unwrap();
    }

    async fn offered(&self) -> Vec<MemberId> {
        self.0.rows("SELECT member_id FROM offers WHERE organization_id = $1 AND state = 'offered'", |row| row.id(0)).await
    }

    async fn accepted(&self) -> Vec<MemberId> {
        self.0
            .rows("SELECT member_id FROM assignments WHERE organization_id = $1 AND state = 'accepted' ORDER BY created_at, id", |row| {
                row.id(0)
            })
            .await
    }

    /// The units of all together.
    async fn units(&self) -> i64 {
        self.0.rows("SELECT units FROM workloads WHERE organization_id = $1", |row| row.get::<i64>(0)).await.into_iter().sum()
    }

    /// The details of all events of a type.
    async fn told(&self, what: &str) -> Vec<(i64, Value)> {
        while self.0.app.store().seal().await.unwrap() > 0 {}
        let sql = "SELECT seq, event_type, entry FROM events WHERE organization_id = $1 AND seq > $2 ORDER BY seq";
        let all = self.0.rows_after(sql, -1, |row| Ok((row.get::<i64>(0)?, row.get::<String>(1)?, row.get::<String>(2)?))).await;
        let of_type = all.into_iter().filter(|(_, event_type, _)| event_type == what);
        of_type.map(|(seq, _, entry)| (seq, serde_json::from_str::<Value>(&entry).unwrap()["detail"].clone())).collect()
    }
}

async fn the_first_stage_asks_whom_and_how_many_it_says(small: &Small) {
    let named = json!({"groups": [], "member_ids": [small.0.reviewers[0].id, small.0.reviewers[1].id]});
    let stages = json!([{"key": "a", "actor": "people", "reviewers": named, "rule": {"type": "unanimous", "n": 2}}]);
    small.queue("q", json!({"assignment": "round_robin", "stages": stages})).await;
    let task = small.submit(None).await;
    assert_eq!(task.wanted, 2);
    let other = small.0.reviewers[2].caller.clone();
    assert!(small.0.attempt(ClaimTask { caller: other, moment: small.0.app.moment(), id: task.id }).await.is_none());
    small.route().await;
    let mut offered = small.offered().await;
    offered.sort();
    assert_eq!(offered, [small.0.reviewers[0].id, small.0.reviewers[1].id]);
}

async fn who_gives_a_task_back_is_followed_by_another(small: &Small) {
    small.queue("q", json!({"assignment": "round_robin"})).await;
    let (task, person) = (small.submit(None).await, &small.0.reviewers[0]);
    let claim = ClaimTask { caller: person.caller.clone(), moment: small.0.app.moment(), id: task.id };
    let lease = small.0.app.write(claim).await.unwrap().lease;
    small.route().await;
    assert!(small.offered().await.is_empty());
    let release = ReleaseTask { caller: person.caller.clone(), moment: small.0.app.moment(), id: task.id, lease_id: lease.id };
    small.0.app.write(release).await.unwrap();
    small.route().await;
    assert_eq!(small.offered().await.len(), 1);
}

async fn who_lets_a_lease_run_out_is_followed_by_another(small: &Small) {
    small.queue("q", json!({"assignment": "round_robin"})).await;
    let (task, person) = (small.submit(None).await, &small.0.reviewers[0]);
    small.0.app.write(ClaimTask { caller: person.caller.clone(), moment: small.0.app.moment(), id: task.id }).await.unwrap();
    small.route().await;
    small.pass(9).await;
    small.route().await;
    assert!(small.offered().await.is_empty(), "the lease holds");
    small.pass(1).await;
    small.route().await;
    assert_eq!(small.offered().await.len(), 1);
}

async fn a_task_that_nobody_is_named_for_any_longer_looks_for_a_reviewer(small: &Small) {
    small.queue("q", json!({"assignment": "load_balanced"})).await;
    let task = small.submit(None).await;
    assert!(small.assign(task.id, Some(small.0.reviewers[0].id)).await);
    small.route().await;
    assert!(small.assign(task.id, None).await);
    small.route().await;
    assert_eq!((small.offered().await.len(), small.units().await), (1, 1));
}

async fn an_offer_whose_timer_is_late_does_not_stop_the_router(small: &Small) {
    let one = [small.0.reviewers[0].id.to_string()];
    small.queue("q", json!({"assignment": "round_robin", "reviewer_ids": one})).await;
    let task = small.submit(None).await;
    small.route().await;
    small.0.advance(SignedDuration::from_mins(5));
    assert!(small.assign(task.id, None).await, "it looks again");
    small.route().await;
    assert_eq!((small.offered().await.len(), small.units().await), (1, 1));
    assert_eq!(small.told("offer.ended").await.len(), 1);
}

async fn who_is_disabled_has_no_offer_and_no_workload(small: &Small) {
    small
        .queue(
            "q",
            json!({"assignment": "round_robin", "stages": [{"key": "a", "actor": "people", "rule": {"type": "unanimous", "n": 2}}]}),
        )
        .await;
    let task = small.submit(None).await;
    small.route().await;
    let offered = small.offered().await;
    assert!(small.assign(task.id, Some(offered[0])).await);
    small.disable(offered[0]).await;
    small.disable(offered[1]).await;
    assert_eq!((small.offered().await, small.accepted().await, small.units().await), (vec![], vec![], 0));
    small.route().await;
    assert!(small.offered().await.iter().all(|member| !offered.contains(member)));
    assert_eq!(small.offered().await.len(), 2);
}

async fn nobody_is_named_for_what_they_submitted(small: &Small) {
    small.queue("q", json!({"reviewer_ids": null})).await;
    let task = small.submit(Some(&small.0.admins[1])).await;
    assert!(!small.assign(task.id, Some(small.0.admins[1].id)).await);
    assert!(small.assign(task.id, Some(small.0.admins[2].id)).await);
}

async fn naming_one_more_than_a_stage_wants_takes_the_place_of_another(small: &Small) {
    small.queue("q", json!({"stages": [{"key": "a", "actor": "people", "rule": {"type": "unanimous", "n": 2}}]})).await;
    let (task, people) = (small.submit(None).await, &small.0.reviewers);
    for person in &people[..3] {
        assert!(small.assign(task.id, Some(person.id)).await);
        small.0.advance(SignedDuration::from_secs(1));
    }
    assert_eq!((small.accepted().await, small.units().await), (vec![people[0].id, people[2].id], 2));
}

async fn nothing_of_a_stage_is_left_when_the_next_opens(small: &Small) {
    let stages = json!([
        {"key": "a", "actor": "people", "rule": {"type": "k_of_n", "k": 1, "n": 3}},
        {"key": "b", "actor": "people"},
    ]);
    small.queue("q", json!({"assignment": "round_robin", "stages": stages, "reviewer_ids": null})).await;
    let task = small.submit(None).await;
    small.route().await;
    let offered = small.offered().await;
    assert_eq!(offered.len(), 3);
    assert!(small.assign(task.id, Some(offered[1])).await);
    for person in [small.0.person(offered[0]).unwrap(), small.0.person(offered[1]).unwrap()] {
        small.review(task.id, person).await;
    }
    let stage = small.0.rows("SELECT stage FROM tasks WHERE organization_id = $1", |row| row.get::<i64>(0)).await;
    assert_eq!((stage, small.offered().await, small.accepted().await, small.units().await), (vec![1], vec![], vec![], 0));
}

async fn who_reviews_without_a_claim_has_taken_the_task_on(small: &Small) {
    let metrics = json!([
        {"kind": "time_to_assign", "target_minutes": {"default": 10}},
        {"kind": "time_to_first_view", "target_minutes": {"default": 10}},
    ]);
    let stages = json!([{"key": "a", "actor": "people"}, {"key": "b", "actor": "people"}]);
    small.queue("q", json!({"stages": stages, "sla": {"metrics": metrics}})).await;
    let task = small.submit(None).await;
    small.pass(5).await;
    small.review(task.id, &small.0.reviewers[0]).await;
    small.pass(7).await;
    assert!(small.told("sla.breached").await.is_empty(), "twelve minutes after the first stage opened, seven after the second");
}

fn notify(minutes: i64) -> Value {
    json!({"after": {"elapsed_minutes": minutes}, "action": {"type": "notify", "targets": ["queue_lead"]}})
}

async fn a_task_that_is_opened_again_goes_on_with_its_escalation(small: &Small) {
    small.queue("q", json!({"escalation": {"steps": [notify(10), notify(20)], "loops": 1}})).await;
    let task = small.submit(None).await;
    small.pass(10).await;
    small.review(task.id, &small.0.reviewers[0]).await;
    small.0.advance(SignedDuration::from_hours(5));
    let (caller, moment, compiled) = (small.0.admins[0].caller.clone(), small.0.app.moment(), small.0.app.compiled());
    small.0.app.write(ReopenTask { caller, moment, compiled, id: task.id, reason: "Once more.".into() }).await.unwrap();
    small.pass(19).await;
    assert_eq!(small.told("task.escalated").await.len(), 1, "the times of the round are counted from when it was opened again");
    small.pass(1).await;
    let steps: Vec<_> = small.told("task.escalated").await.into_iter().map(|(_, detail)| detail["step"].clone()).collect();
    assert_eq!(steps, [0, 1]);
}

async fn a_task_that_is_moved_begins_the_escalation_of_its_new_queue(small: &Small) {
    small.queue("r", json!({"escalation": {"steps": [notify(30), notify(60)], "loops": 1}})).await;
    let metrics = json!([{"kind": "total", "target_minutes": {"default": 15}}]);
    let moves = json!({"after": {"elapsed_minutes": 10}, "action": {"type": "move_queue", "queue": "r"}});
    small.queue("q", json!({"sla": {"metrics": metrics}, "escalation": {"steps": [moves, notify(20)], "loops": 1}})).await;
    small.submit(None).await;
    small.pass(10).await;
    small.pass(20).await;
    assert_eq!(small.told("task.escalated").await.len(), 1, "neither step is due before half an hour in the new queue");
    assert!(small.told("sla.breached").await.is_empty(), "what the old queue promised is over");
    small.pass(10).await;
    assert_eq!(small.told("task.escalated").await.last().unwrap().1["step"], 0);
}

async fn a_delegate_who_cannot_log_in_is_given_nothing(small: &Small) {
    small.queue("q", json!({})).await;
    let (task, from, to) = (small.submit(None).await, &small.0.reviewers[0], &small.0.reviewers[1]);
    assert!(small.assign(task.id, Some(from.id)).await);
    let (starts_at, ends_at) = (small.0.now(), small.0.now().checked_add(SignedDuration::from_hours(5)).unwrap());
    let delegation = NewDelegation {
        from: from.id,
        to: To::Member(to.id),
        starts_at,
        ends_at,
        mode: Mode::WhileAbsent,
        scope: Scope::default(),
        include_existing: true,
        reason: None,
    };
    let (caller, moment) = (from.caller.clone(), small.0.app.moment());
    small.0.app.write(CreateDelegation { caller: caller.clone(), moment, delegation }).await.unwrap();
    let moment = small.0.app.moment();
    let absence = CreateAbsence { caller, moment, member_id: from.id, starts_at, ends_at, open_work: OpenWork::Delegate, reason: None };
    small.0.app.write(absence).await.unwrap();
    small.disable(to.id).await;
    small.pass(1).await;
    assert_eq!((small.accepted().await, small.units().await), (vec![], 0));
}

async fn who_was_asked_beyond_the_rule_keeps_their_place(small: &Small) {
    let people = &small.0.reviewers;
    let one_more = json!({"after": {"elapsed_minutes": 5}, "action": {"type": "add_reviewer", "targets": [{"member": people[2].id}]}});
    let stages = json!([{"key": "a", "actor": "people", "rule": {"type": "unanimous", "n": 2}}]);
    small.queue("q", json!({"stages": stages, "escalation": {"steps": [one_more], "loops": 1}})).await;
    let task = small.submit(None).await;
    assert!(small.assign(task.id, Some(people[0].id)).await && small.assign(task.id, Some(people[1].id)).await);
    small.pass(5).await;
    small.review(task.id, &people[0]).await;
    let wanted = small.0.rows("SELECT wanted FROM tasks WHERE organization_id = $1", |row| row.get::<i64>(0)).await;
    assert_eq!((wanted, small.accepted().await), (vec![2], vec![people[1].id, people[2].id]));
    small.review(task.id, &people[2]).await;
}

async fn a_raised_priority_is_told_before_what_it_makes_late(small: &Small) {
    let metrics = json!([{"kind": "total", "target_minutes": {"default": 100, "urgent": 5}, "warn_at_percent": []}]);
    let raise = json!({"after": {"elapsed_minutes": 10}, "action": {"type": "raise_priority", "to": "urgent"}});
    small.queue("q", json!({"sla": {"metrics": metrics}, "escalation": {"steps": [raise], "loops": 1}})).await;
    small.submit(None).await;
    small.pass(10).await;
    let (raised, late) = (small.told("task.prioritized").await, small.told("sla.breached").await);
    assert!(raised[0].0 < late[0].0);
}
