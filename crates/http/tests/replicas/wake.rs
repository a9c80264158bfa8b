//! A waiter on one replica wakes when another decides: by a notification at once; when notifications are lost, by its own sweep.

use std::time::Duration;

use serde_json::{Value, json};
use signoff_testkit::{Engine, Fixture, TestServer, id};
use tokio::time::{Instant, sleep, timeout};

use crate::{
    end,
    far::{Far, Wakes},
    two,
};

/// Far above a notification's way and far below the sweep.
const NOTIFIED: Duration = Duration::from_secs(2);
/// After so long a waiter reads again by itself.
const SWEEP: Duration = Duration::from_secs(10);

async fn decide(server: &TestServer, task: &Value) {
    server.review(task, &server.ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
}

/// Waits on the far replica while the near one decides; answers how long it took from the decision to the wake.
async fn woken(server: &TestServer, far: &Far, most: Duration) -> Duration {
    let task = server.task(&server.ours, "refund", json!({})).await;
    let path = format!("/v1/task/{}/wait?timeout=60", id(&task));
    let wait = async {
        let settled = far.get(&path, &server.ours.agent).await;
        (settled, Instant::now())
    };
    let decide = async {
        // The waiter is there and has read before anything is decided.
        sleep(Duration::from_millis(150)).await;
        decide(server, &task).await;
        Instant::now()
    };
    let ((settled, at), decided) = timeout(most + Duration::from_secs(1), async { tokio::join!(wait, decide) }).await.expect("it wakes");
    assert_eq!(settled["state"], "reviewed");
    at.saturating_duration_since(decided)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_waiter_wakes_at_once_when_another_replica_decides() {
    let (server, other) = two().await;
    server.approval(&server.ours, "refund").await;
    for round in 0..10 {
        let task = server.task(&server.ours, "refund", json!({})).await;
        // In turn the one waits and the other decides.
        let (waits, decides) = if round % 2 == 0 { (&other, &*server) } else { (&*server, &other) };
        let wait = waits.get(&format!("/v1/task/{}/wait?timeout=60", id(&task)), &server.ours.agent);
        let decide = async {
            sleep(Duration::from_millis(50)).await;
            decides.review(&task, &server.ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
        };
        let (settled, ()) = timeout(NOTIFIED, async { tokio::join!(wait, decide) }).await.expect("it wakes at once");
        assert_eq!(settled.ok(200)["state"], "reviewed");
    }
    end(server, other).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn who_waits_for_a_batch_wakes_when_another_replica_decides_its_last_task() {
    let (server, other) = two().await;
    server.approval(&server.ours, "refund").await;
    let tasks = json!([{"data": {"n": 1}}, {"data": {"n": 2}}]);
    let batch = server.post("/v1/batch", &server.ours.agent, json!({"queue_key": "refund", "tasks": tasks})).await.ok(201);
    let wait = other.get(&format!("/v1/batch/{}/wait?timeout=60", id(&batch)), &server.ours.agent);
    let decide = async {
        for item in batch["items"].as_array().unwrap() {
            let task = server.get(&format!("/v1/task/{}", item["task_id"].as_str().unwrap()), &server.ours.agent).await.ok(200);
            sleep(Duration::from_millis(50)).await;
            decide(&server, &task).await;
        }
    };
    let (settled, ()) = timeout(NOTIFIED, async { tokio::join!(wait, decide) }).await.expect("it wakes at once");
    assert_eq!(settled.ok(200)["reviewed"], 2);
    end(server, other).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_waiter_whose_notification_is_swallowed_wakes_by_the_sweep() {
    let server = TestServer::open(Engine::Postgres).await;
    server.approval(&server.ours, "refund").await;
    let far = Far::start(&server).await;
    let took = woken(&server, &far, NOTIFIED).await;
    assert!(took < NOTIFIED, "with notifications it took {took:?}");

    far.wakes(Wakes::Swallowed);
    let took = woken(&server, &far, SWEEP).await;
    assert!(took > NOTIFIED, "the notification came through after all: {took:?}");
    far.wakes(Wakes::Heard);
    drop(far);
    server.close().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_replica_whose_notifications_break_off_listens_again_and_misses_nothing_meanwhile() {
    let server = TestServer::open(Engine::Postgres).await;
    server.approval(&server.ours, "refund").await;
    let far = Far::start(&server).await;
    let (task, before) = (server.task(&server.ours, "refund", json!({})).await, far.listened());
    let path = format!("/v1/task/{}/wait?timeout=60", id(&task));
    let cut_and_decide = async {
        sleep(Duration::from_millis(150)).await;
        far.wakes(Wakes::Cut);
        // Nobody listens while this is decided.
        sleep(Duration::from_millis(100)).await;
        decide(&server, &task).await;
        far.wakes(Wakes::Heard);
    };
    // It connects again after a second, and whoever waits then reads again.
    let both = async { tokio::join!(far.get(&path, &server.ours.agent), cut_and_decide) };
    let (settled, ()) = timeout(Duration::from_secs(5), both).await.expect("it wakes when it listens again");
    assert_eq!(settled["state"], "reviewed");
    far.listens(before).await;
    let took = woken(&server, &far, NOTIFIED).await;
    assert!(took < NOTIFIED, "with notifications again it took {took:?}");
    drop(far);
    server.close().await;
}
