//! Two replicas on one PostgreSQL database race for the same offers, places, timers and tasks that look for reviewers: of each there is one winner.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod kit;

use std::collections::{BTreeMap, BTreeSet};

use jiff::SignedDuration;
use serde_json::json;
use signoff_app::{
    App,
    due::{Due, Fire},
    routing::{AcceptOffer, Route},
    tasks::ClaimTask,
};
use signoff_domain::id::{MemberId, TaskId};
use tokio::task::JoinSet;

use kit::Two;

/// How often each race is run.
const ROUNDS: usize = 12;

fn route(app: &App, two: &Two) -> Route {
    Route { moment: app.moment(), organization_id: two.organization }
}

/// Both replicas route until nothing looks for reviewers any longer.
async fn route_at_once(two: &Two) {
    for _ in 0..50 {
        let (one, other) = tokio::join!(two.apps[0].write(route(&two.apps[0], two)), two.apps[1].write(route(&two.apps[1], two)));
        if one.unwrap() + other.unwrap() == 0 && two.count("routings").await == 0 {
            return;
        }
    }
    panic!("there is no end to what looks for reviewers");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_routers_offer_nothing_twice_and_give_nobody_more_than_they_have_room_for() {
    let two = Two::open(6, 5).await;
    two.queue(json!({"assignment": "load_balanced"})).await;
    // They come while both route: what one router gives out, the other has not counted when it began.
    let coming = async {
        for _ in 0..40 {
            two.submit().await;
        }
    };
    let routing = async {
        for _ in 0..40 {
            let (one, other) = tokio::join!(two.apps[0].write(route(&two.apps[0], &two)), two.apps[1].write(route(&two.apps[1], &two)));
            one.unwrap();
            other.unwrap();
        }
    };
    tokio::join!(coming, routing);
    route_at_once(&two).await;
    let offers = two
        .rows("SELECT task_id, member_id FROM offers WHERE organization_id = $1 AND state = 'offered'", |row| {
            Ok((row.id::<TaskId>(0)?, row.id::<MemberId>(1)?))
        })
        .await;
    let tasks: BTreeSet<_> = offers.iter().map(|(task, _)| *task).collect();
    let mut given = BTreeMap::<MemberId, usize>::new();
    for (_, member) in &offers {
        *given.entry(*member).or_default() += 1;
    }
    assert_eq!((offers.len(), tasks.len()), (30, 30), "six reviewers with room for five");
    assert!(given.values().all(|count| *count == 5), "{given:?}");
    assert_eq!((two.told("task.offered").await, two.told("task.unroutable").await), (30, 10));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_offer_is_accepted_once_however_often_it_is_taken() {
    let two = Two::open(2, 50).await;
    two.queue(json!({"assignment": "round_robin"})).await;
    for _ in 0..ROUNDS {
        let id = two.submit().await;
        route_at_once(&two).await;
        let member =
            two.rows("SELECT member_id FROM offers WHERE organization_id = $1 AND state = 'offered'", |row| row.id::<MemberId>(0)).await;
        let accept = |app: &App| AcceptOffer { caller: two.caller(member[0]), moment: app.moment(), id };
        let (one, other) = tokio::join!(two.apps[0].write(accept(&two.apps[0])), two.apps[1].write(accept(&two.apps[1])));
        assert_eq!(usize::from(one.is_ok()) + usize::from(other.is_ok()), 1);
    }
    assert_eq!((two.told("task.assigned").await, two.units().await), (ROUNDS, ROUNDS as i64));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_offer_is_accepted_or_claimed_by_one_who_has_it_and_by_nobody_else() {
    let two = Two::open(3, 50).await;
    two.queue(json!({"assignment": "round_robin"})).await;
    for _ in 0..ROUNDS {
        let id = two.submit().await;
        route_at_once(&two).await;
        let mut racing = JoinSet::new();
        for (n, member) in two.members().into_iter().enumerate() {
            let (app, caller) = (two.apps[n % 2].clone(), two.caller(member));
            racing.spawn(async move { app.write(ClaimTask { caller, moment: app.moment(), id }).await.is_ok() });
        }
        assert_eq!(racing.join_all().await.into_iter().filter(|won| *won).count(), 1, "the place is that of the offer");
    }
    assert_eq!(two.units().await, ROUNDS as i64);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_offer_is_accepted_or_lost_and_never_both() {
    let two = Two::open(2, 50).await;
    two.queue(json!({"assignment": "round_robin"})).await;
    for _ in 0..ROUNDS {
        let id = two.submit().await;
        route_at_once(&two).await;
        let member =
            two.rows("SELECT member_id FROM offers WHERE organization_id = $1 AND state = 'offered'", |row| row.id::<MemberId>(0)).await;
        // The one who accepts does so in the last moment; the worker's clock is a second on.
        two.advance(SignedDuration::from_secs(59));
        let accept = AcceptOffer { caller: two.caller(member[0]), moment: two.apps[0].moment(), id };
        two.advance(SignedDuration::from_secs(1));
        let (due, _) = two.apps[1].read(Due { now: two.apps[1].now(), limit: 10 }).await.unwrap();
        let timer = due.into_iter().find(|timer| timer.owner == id.0 && timer.kind == "offer").unwrap();
        let fire = Fire { moment: two.apps[1].moment(), compiled: two.apps[1].compiled(), timer };
        let (accepted, fired) = tokio::join!(two.apps[0].write(accept), two.apps[1].write(fire));
        fired.unwrap();
        let states = two
            .rows("SELECT state FROM offers WHERE organization_id = $1 ORDER BY offered_at DESC, id DESC LIMIT 1", |row| {
                row.get::<String>(0)
            })
            .await;
        assert_eq!(states, [if accepted.is_ok() { "accepted" } else { "expired" }]);
        let held =
            two.rows("SELECT weight FROM assignments WHERE organization_id = $1 AND state = 'accepted'", |row| row.get::<i64>(0)).await;
        assert_eq!(two.units().await, held.into_iter().sum::<i64>());
        two.cancel(id).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn as_many_claim_a_task_as_its_stage_has_places() {
    let two = Two::open(8, 50).await;
    two.queue(json!({"stages": [{"key": "a", "actor": "people", "rule": {"type": "unanimous", "n": 3}}]})).await;
    for _ in 0..ROUNDS {
        let id = two.submit().await;
        let mut racing = JoinSet::new();
        for (n, member) in two.members().into_iter().enumerate() {
            let (app, caller) = (two.apps[n % 2].clone(), two.caller(member));
            racing.spawn(async move { app.write(ClaimTask { caller, moment: app.moment(), id }).await.is_ok() });
        }
        assert_eq!(racing.join_all().await.into_iter().filter(|won| *won).count(), 3);
    }
    assert_eq!((two.told("task.claimed").await, two.count("leases").await), (3 * ROUNDS, 3 * ROUNDS));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_timer_that_two_replicas_fire_takes_effect_once() {
    let two = Two::open(2, 50).await;
    let notify = json!({"after": {"elapsed_minutes": 5}, "action": {"type": "notify", "targets": ["queue_lead"]}});
    let metrics = json!([{"kind": "total", "target_minutes": {"default": 5}, "warn_at_percent": []}]);
    two.queue(json!({"escalation": {"steps": [notify], "loops": 1}, "sla": {"metrics": metrics}})).await;
    for _ in 0..ROUNDS {
        two.submit().await;
    }
    two.advance(SignedDuration::from_mins(5));
    let (due, _) = two.apps[0].read(Due { now: two.apps[0].now(), limit: 1_000 }).await.unwrap();
    assert_eq!(due.len(), 2 * ROUNDS);
    let mut fired = 0;
    for timer in due {
        let fire = |app: &App| Fire { moment: app.moment(), compiled: app.compiled(), timer: timer.clone() };
        let (one, other) = tokio::join!(two.apps[0].write(fire(&two.apps[0])), two.apps[1].write(fire(&two.apps[1])));
        fired += usize::from(one.unwrap()) + usize::from(other.unwrap());
    }
    assert_eq!((fired, two.told("task.escalated").await, two.told("sla.breached").await), (2 * ROUNDS, ROUNDS, ROUNDS));
    assert_eq!(two.count("timers").await, 0);
}
