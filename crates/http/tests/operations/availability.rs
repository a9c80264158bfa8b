//! How available members are: what is said of whom by whom.

use serde_json::{Value, json};
use signoff_testkit::{Person, Request, TestServer, Who, both};

use crate::kit::{put, told};

both!(TestServer:
    who_was_never_said_to_be_otherwise_is_there,
    what_is_left_out_of_a_change_stays,
    what_cannot_be_is_refused_at_its_place,
    members_say_themselves_whether_they_are_there_and_nothing_else,
    colleagues_do_not_see_how_often_one_is_right,
    members_of_another_organization_do_not_exist,
);

fn change(server: &TestServer, person: &Person, who: &Who, change: Value) -> Request {
    server.patch(&format!("/v1/member/{}/availability", person.id), who, change)
}

fn read(server: &TestServer, person: &Person, who: &Who) -> Request {
    server.get(&format!("/v1/member/{}/availability", person.id), who)
}

async fn who_was_never_said_to_be_otherwise_is_there(server: &TestServer) {
    let ours = &server.ours;
    let usual = json!({
        "presence": "online", "capacity": {"units": 10, "max_per_day": null}, "calendar": null, "skills": [], "accuracy": null, "person": null,
    });
    assert_eq!(read(server, &ours.reviewer, &ours.second.token).await.ok(200), usual);
}

async fn what_is_left_out_of_a_change_stays(server: &TestServer) {
    let ours = &server.ours;
    let hours = json!({"time_zone": "UTC", "weekly": [{"days": ["monday"], "from": "00:00", "to": "24:00"}]});
    put(server, "/v1/calendar/mondays", hours).await.ok(201);
    let admin = &ours.admin.token;
    let skills = json!([{"skill": "law", "level": 80, "valid_until": "2026-01-01T00:00:00Z"}]);
    let all = json!({"capacity": {"units": 3, "max_per_day": 20}, "calendar": "mondays", "skills": skills, "accuracy": 0.9, "person": "rita@home"});
    change(server, &ours.reviewer, admin, all).await.ok(200);
    let changed = change(server, &ours.reviewer, admin, json!({"presence": "away", "capacity": {"max_per_day": null}})).await.ok(200);
    let expected = json!({
        "presence": "away", "capacity": {"units": 3, "max_per_day": null}, "calendar": "mondays", "skills": skills, "accuracy": 0.9,
        "person": "rita@home",
    });
    assert_eq!(changed, expected);
    change(server, &ours.reviewer, admin, json!({"presence": "away"})).await.ok(200);
    let told = told(server, "member.availability").await;
    assert_eq!(told.len(), 2, "the same again is no event: {told:?}");
    assert_eq!(told[0]["parts"], json!(["capacity", "calendar", "skills", "accuracy", "person"]));
    assert_eq!((&told[1]["parts"], &told[1]["member_id"]), (&json!(["presence", "capacity"]), &json!(ours.reviewer.id)));
    assert!(!told[0].to_string().contains("rita@home"), "who somebody is elsewhere is not for the log");
    let cleared =
        change(server, &ours.reviewer, admin, json!({"calendar": null, "accuracy": null, "person": null, "skills": []})).await.ok(200);
    assert_eq!((&cleared["calendar"], &cleared["accuracy"], &cleared["skills"]), (&Value::Null, &Value::Null, &json!([])));
}

async fn what_cannot_be_is_refused_at_its_place(server: &TestServer) {
    let ours = &server.ours;
    let size = server.log_size(ours).await;
    for (body, place) in [
        (json!({"capacity": {"units": -1}}), "/capacity/units"),
        (json!({"capacity": {"max_per_day": 10_001}}), "/capacity/max_per_day"),
        (json!({"capacity": {"unit": 1}}), "/capacity/unit"),
        (json!({"calendar": "nowhere"}), "/calendar"),
        (json!({"skills": [{"skill": "law", "level": 101}]}), "/skills/0/level"),
        (json!({"skills": [{"skill": "law", "level": 1}, {"skill": "law", "level": 2}]}), "/skills/1"),
        (json!({"skills": [{"skill": "Law", "level": 1}]}), "/skills/0/skill"),
        (json!({"accuracy": 0.5}), "/accuracy"),
        (json!({"person": ""}), "/person"),
        (json!({"presence": "here"}), "/presence"),
    ] {
        change(server, &ours.reviewer, &ours.admin.token, body).await.refused(400, "validation_error", Some(place));
    }
    assert_eq!(server.log_size(ours).await, size);
}

async fn members_say_themselves_whether_they_are_there_and_nothing_else(server: &TestServer) {
    let ours = &server.ours;
    let own = &ours.reviewer.token;
    assert_eq!(change(server, &ours.reviewer, own, json!({"presence": "offline"})).await.ok(200)["presence"], "offline");
    change(server, &ours.reviewer, own, json!({"presence": "online", "capacity": {"units": 0}})).await.refused(
        403,
        "permission_denied",
        None,
    );
    change(server, &ours.second, own, json!({"presence": "offline"})).await.refused(403, "permission_denied", None);
    change(server, &ours.second, &ours.agent, json!({"presence": "offline"})).await.refused(403, "permission_denied", None);
    let presence =
        |who: &Who, presence: &str| server.request(reqwest::Method::PUT, "/v1/me/presence", who).json(&json!({"presence": presence}));
    presence(&ours.agent, "online").await.refused(403, "permission_denied", None);
    presence(own, "here").await.refused(400, "validation_error", Some("/presence"));
    assert_eq!(presence(own, "away").await.ok(200)["presence"], "away");
    assert_eq!(read(server, &ours.reviewer, &ours.second.token).await.ok(200)["presence"], "away");
}

async fn colleagues_do_not_see_how_often_one_is_right(server: &TestServer) {
    let ours = &server.ours;
    change(server, &ours.reviewer, &ours.admin.token, json!({"accuracy": 0.8, "person": "rita"})).await.ok(200);
    for (who, sees) in [(&ours.reviewer, true), (&ours.second, false), (&ours.auditor, true), (&ours.owner, true)] {
        let seen = read(server, &ours.reviewer, &who.token).await.ok(200);
        assert_eq!((seen["accuracy"].is_null(), seen["person"].is_null()), (!sees, !sees), "{}", who.name);
    }
}

async fn members_of_another_organization_do_not_exist(server: &TestServer) {
    let (ours, theirs) = (&server.ours, &server.theirs);
    read(server, &theirs.reviewer, &ours.owner.token).await.refused(404, "not_found", None);
    change(server, &theirs.reviewer, &ours.owner.token, json!({"presence": "away"})).await.refused(404, "not_found", None);
}
