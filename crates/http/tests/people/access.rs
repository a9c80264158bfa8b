//! Who may do what: every endpoint of people and keys, by every kind of caller; and nobody across organizations.

use serde_json::{Value, json};
use signoff_testkit::{PASSWORD, Who, both};

use crate::kit::Kit;

both!(Kit:
    the_table_is_this_cell_by_cell,
    another_organization_sees_nothing,
);

/// An endpoint, and which of owner, admin, reviewer, auditor, access token of a reviewer, and API key may use it.
struct Row {
    method: &'static str,
    path: &'static str,
    body: Option<fn() -> Value>,
    may: [bool; 6],
}

const EVERYBODY: [bool; 6] = [true; 6];
const PEOPLE: [bool; 6] = [true, true, true, true, true, false];
const ADMINISTRATORS: [bool; 6] = [true, true, false, false, false, false];
const IN_THE_CONSOLE: [bool; 6] = [true, true, true, true, false, false];

/// `{…}` stands for an id that no organization has.
const TABLE: &[Row] = &[
    Row { method: "GET", path: "/v1/me", body: None, may: EVERYBODY },
    Row { method: "PATCH", path: "/v1/me", body: Some(|| json!({})), may: PEOPLE },
    Row { method: "GET", path: "/v1/organization", body: None, may: EVERYBODY },
    Row { method: "GET", path: "/v1/session", body: None, may: PEOPLE },
    Row { method: "DELETE", path: "/v1/session/{ses}", body: None, may: PEOPLE },
    Row { method: "GET", path: "/v1/token", body: None, may: PEOPLE },
    Row { method: "POST", path: "/v1/token", body: Some(|| json!({"name": "x"})), may: IN_THE_CONSOLE },
    Row { method: "DELETE", path: "/v1/token/{pat}", body: None, may: PEOPLE },
    Row { method: "GET", path: "/v1/member", body: None, may: PEOPLE },
    Row { method: "GET", path: "/v1/member/{mem}", body: None, may: PEOPLE },
    Row { method: "PATCH", path: "/v1/member/{mem}", body: Some(|| json!({})), may: ADMINISTRATORS },
    Row { method: "GET", path: "/v1/key", body: None, may: ADMINISTRATORS },
    Row { method: "POST", path: "/v1/key", body: Some(|| json!({"name": "x"})), may: ADMINISTRATORS },
    Row { method: "DELETE", path: "/v1/key/{key}", body: None, may: ADMINISTRATORS },
    Row { method: "GET", path: "/v1/invitation", body: None, may: ADMINISTRATORS },
    Row {
        method: "POST",
        path: "/v1/invitation",
        body: Some(|| json!({"email": "x@example.com", "role": "reviewer"})),
        may: ADMINISTRATORS,
    },
    Row { method: "DELETE", path: "/v1/invitation/{inv}", body: None, may: ADMINISTRATORS },
];

fn filled(path: &str) -> String {
    match path.split_once('{') {
        None => path.into(),
        Some((start, rest)) => format!("{start}{}_00000000000000000000000000", rest.trim_end_matches('}')),
    }
}

async fn bearer(kit: &Kit, path: &str, who: &Who, member: &str) -> Who {
    Who::Bearer(kit.post(path, who, json!({"name": "x"})).await.ok(201)[member].as_str().unwrap().into())
}

async fn the_table_is_this_cell_by_cell(kit: &Kit) {
    let tenant = kit.tenant("olga@example.com").await;
    let (admin, _) = kit.member(&tenant, "admin", "adam@example.com").await;
    let (reviewer, _) = kit.member(&tenant, "reviewer", "rita@example.com").await;
    let (auditor, _) = kit.member(&tenant, "auditor", "arne@example.com").await;
    let token = bearer(kit, "/v1/token", &reviewer, "token").await;
    // All scopes there are: no key may manage people.
    let scopes: Vec<_> = signoff_domain::permission::Scope::ALL.iter().map(|scope| scope.as_str()).collect();
    let key = kit.post("/v1/key", &tenant.owner, json!({"name": "agent", "scopes": scopes})).await.ok(201);
    let key = Who::Bearer(key["key"].as_str().unwrap().into());
    for row in TABLE {
        let path = filled(row.path);
        for (who, may) in [&tenant.owner, &admin, &reviewer, &auditor, &token, &key].into_iter().zip(row.may) {
            let answer = kit.send(row.method, &path, who, row.body.map(|body| body()), &[]).await;
            let expected: &[u16] = match (may, row.path.contains('{')) {
                (false, _) => &[403],
                (true, true) => &[404],
                (true, false) => &[200, 201],
            };
            assert!(expected.contains(&answer.status), "{} {path} by {who:?}: {}", row.method, answer.body);
        }
        let body = row.body.map(|body| body());
        kit.send(row.method, &path, &Who::Nobody, body.clone(), &[]).await.refused(401, "authentication_error", None);
        kit.send(row.method, &path, &Who::Bearer("sk_live_x".into()), body.clone(), &[]).await.refused(401, "authentication_error", None);
        kit.send(row.method, &path, &Who::Session("x".into()), body, &[]).await.refused(401, "authentication_error", None);
    }
}

/// What belongs to another organization does not exist.
async fn another_organization_sees_nothing(kit: &Kit) {
    let one = kit.tenant("olga@example.com").await;
    let other = kit.tenant("otto@example.org").await;
    let id = |value: &Value| value["id"].as_str().unwrap().to_owned();
    let key = id(&kit.post("/v1/key", &one.owner, json!({"name": "agent"})).await.ok(201));
    let token = id(&kit.post("/v1/token", &one.owner, json!({"name": "cli"})).await.ok(201));
    let invitation = id(&kit.post("/v1/invitation", &one.owner, json!({"email": "x@example.com", "role": "reviewer"})).await.ok(201));
    let session = id(&kit.get("/v1/session", &one.owner).await.ok(200)[0]);
    let member = format!("/v1/member/{}", one.owner_id);
    kit.get(&member, &other.owner).await.refused(404, "not_found", None);
    kit.patch(&member, &other.owner, json!({"state": "disabled"})).await.refused(404, "not_found", None);
    for path in
        [format!("/v1/key/{key}"), format!("/v1/token/{token}"), format!("/v1/invitation/{invitation}"), format!("/v1/session/{session}")]
    {
        let refused = kit.delete(&path, &other.owner).await;
        refused.refused(404, "not_found", None);
        assert_eq!(refused.body["entityId"].as_str(), path.rsplit('/').next());
    }
    for path in ["/v1/key", "/v1/token", "/v1/invitation"] {
        assert_eq!(kit.get(path, &other.owner).await.ok(200), json!([]), "{path}");
        assert_eq!(kit.get(path, &one.owner).await.ok(200).as_array().unwrap().len(), 1, "{path}");
    }
    let members = kit.get("/v1/member", &other.owner).await.ok(200);
    assert_eq!(members.as_array().unwrap().len(), 1);
    assert_eq!(members[0]["id"], json!(other.owner_id));
    // The address is known there, and that is nobody's business here.
    let known_there = json!({"email": "olga@example.com", "role": "reviewer"});
    kit.post("/v1/invitation", &other.owner, known_there).await.ok(201);
    kit.login("olga@example.com", PASSWORD).await.ok(200);
}
