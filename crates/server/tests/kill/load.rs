//! The load: clients that submit, claim and review until the server is gone, and remember every answer.

use serde_json::{Value, json};

use crate::api::{Api, Change, QUEUE, Unanswered, Who};

pub(crate) const CLIENTS: u32 = 8;
/// Every so many tasks one is left undecided, and one that is claimed as well.
const UNDECIDED: u32 = 5;
const ONLY_CLAIMED: u32 = 7;

/// What a client's tasks are called.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tasks {
    pub(crate) kill: u32,
    pub(crate) client: u32,
}

/// What a client knows when the server is gone: the answers it got, and the one request that was cut off.
#[derive(Debug, Default)]
pub(crate) struct Remembered {
    pub(crate) submitted: Vec<(Change, Value)>,
    pub(crate) claimed: Vec<Value>,
    pub(crate) reviewed: Vec<(Change, Value)>,
    pub(crate) unanswered: Option<Change>,
}

/// Submits, claims and reviews until a request gets no answer.
pub(crate) async fn client(api: Api, tasks: Tasks) -> Remembered {
    let mut remembered = Remembered::default();
    for n in 0.. {
        let name = format!("{}-{}-{n}", tasks.kill, tasks.client);
        if let Err((unanswered, Unanswered)) = one_task(&api, &mut remembered, n, &name).await {
            remembered.unanswered = Some(unanswered);
            break;
        }
    }
    remembered
}

async fn one_task(api: &Api, remembered: &mut Remembered, n: u32, name: &str) -> Result<(), (Change, Unanswered)> {
    let change = submit(name);
    let task = api.change(&change).await.map_err(|gone| (change.clone(), gone))?.ok(201);
    let id = task["id"].as_str().unwrap().to_owned();
    remembered.submitted.push((change, task));
    if n.is_multiple_of(UNDECIDED) {
        return Ok(());
    }
    let change = claim(&id, name);
    let claimed = api.change(&change).await.map_err(|gone| (change, gone))?.ok(200);
    let lease_id = claimed["lease"]["id"].as_str().unwrap().to_owned();
    remembered.claimed.push(claimed);
    if n.is_multiple_of(ONLY_CLAIMED) {
        return Ok(());
    }
    let change = review(&id, name, Some(&lease_id));
    let review = api.change(&change).await.map_err(|gone| (change.clone(), gone))?.ok(201);
    remembered.reviewed.push((change, review));
    Ok(())
}

/// The submission of a task of this name.
pub(crate) fn submit(name: &str) -> Change {
    let body = json!({
        "queue_key": QUEUE,
        "external_id": name,
        "summary": format!("Mail {name}"),
        "data": {"to": "ada@example.com", "subject": name, "body": "Grüße — 你好 \u{1F44B}"},
        "context": {"thread": [1, 2.5, null, true]},
        "metadata": {"name": name},
    });
    Change { who: Who::Agent, path: "/task".into(), key: format!("submit {name}"), if_match: None, body }
}

fn claim(id: &str, name: &str) -> Change {
    Change { who: Who::Person, path: format!("/task/{id}/claim"), key: format!("claim {name}"), if_match: None, body: json!({}) }
}

/// The review of a task of this name: approvals and rejections in turn.
pub(crate) fn review(id: &str, name: &str, lease_id: Option<&str>) -> Change {
    let result = if name.len().is_multiple_of(2) { "approved" } else { "rejected" };
    let body = json!({"result": [result], "feedback": format!("About {name}."), "lease_id": lease_id});
    Change { who: Who::Person, path: format!("/task/{id}/review"), key: format!("review {name}"), if_match: Some("\"1\""), body }
}
