//! Calendars, groups and on-call schedules: made, changed, imported, named, taken away.

use serde_json::{Value, json};
use signoff_domain::sla::Sla;
use signoff_testkit::{TestServer, both};

use crate::kit::{available, put, queue, told};

both!(TestServer:
    a_calendar_is_made_changed_listed_and_taken_away,
    a_calendar_that_makes_no_sense_is_refused_at_its_places,
    holidays_of_a_file_become_exceptions,
    what_is_named_is_not_taken_away,
    a_group_has_members_of_the_organization,
    a_schedule_says_who_is_on_call,
    what_others_have_does_not_exist,
    a_large_definition_is_told_by_its_digest,
);

fn office() -> Value {
    json!({"time_zone": "Europe/Berlin", "weekly": [{"days": ["monday", "friday"], "from": "09:00", "to": "17:00"}]})
}

async fn a_calendar_is_made_changed_listed_and_taken_away(server: &TestServer) {
    let ours = &server.ours;
    let made = put(server, "/v1/calendar/berlin", office()).await.ok(201);
    assert_eq!((&made["key"], &made["time_zone"], &made["exceptions"]), (&json!("berlin"), &json!("Europe/Berlin"), &json!([])));
    assert_eq!(put(server, "/v1/calendar/berlin", office()).await.ok(200), made);
    let mut changed = office();
    changed["exceptions"] = json!([{"date": "2025-12-24", "openings": [{"from": "09:00", "to": "12:00"}], "label": "Christmas Eve"}]);
    let changed = put(server, "/v1/calendar/berlin", changed).await.ok(200);
    put(server, "/v1/calendar/athens", json!({"time_zone": "Europe/Athens", "weekly": office()["weekly"]})).await.ok(201);
    let list = server.get("/v1/calendar", ours.key("queue:read")).await.ok(200);
    assert_eq!(list.as_array().unwrap().iter().map(|calendar| calendar["key"].as_str().unwrap()).collect::<Vec<_>>(), ["athens", "berlin"]);
    assert_eq!(server.get("/v1/calendar/berlin", &ours.auditor.token).await.ok(200), changed);

    let written = server.request(reqwest::Method::PUT, "/v1/calendar/berlin", &ours.reviewer.token).json(&office()).await;
    written.refused(403, "permission_denied", None);
    server.delete("/v1/calendar/berlin", &ours.reviewer.token).await.refused(403, "permission_denied", None);
    server.delete("/v1/calendar/berlin", &ours.admin.token).await.ok(204);
    server.delete("/v1/calendar/berlin", &ours.admin.token).await.refused(404, "not_found", None);
    server.get("/v1/calendar/berlin", &ours.admin.token).await.refused(404, "not_found", None);
    let events = told(server, "resource.changed").await;
    assert_eq!(events.len(), 3, "what stays as it is is no event");
    assert_eq!(
        (&events[0]["kind"], &events[0]["key"], &events[0]["definition"]["time_zone"]),
        (&json!("calendar"), &json!("berlin"), &json!("Europe/Berlin"))
    );
    assert_eq!(told(server, "resource.deleted").await, [json!({"kind": "calendar", "key": "berlin"})]);
}

async fn a_calendar_that_makes_no_sense_is_refused_at_its_places(server: &TestServer) {
    let ours = &server.ours;
    let size = server.log_size(ours).await;
    let opening = |from: &str, to: &str| json!({"days": ["monday"], "from": from, "to": to});
    for (body, place) in [
        (json!({"time_zone": "Europe/Nowhere", "weekly": [opening("09:00", "17:00")]}), "/time_zone"),
        (json!({"time_zone": "UTC"}), "/weekly"),
        (json!({"time_zone": "UTC", "weekly": [opening("09:00", "17:00"), opening("16:00", "18:00")]}), "/weekly/1"),
        (json!({"time_zone": "UTC", "weekly": [opening("9:00", "17:00")]}), "/weekly/0/from"),
        (json!({"time_zone": "UTC", "weekly": [{"days": ["funday"], "from": "09:00", "to": "17:00"}]}), "/weekly/0/days/0"),
        (json!({"time_zone": "UTC", "weekly": [opening("09:00", "17:00")], "exceptions": [{"date": "2025-02-30"}]}), "/exceptions/0/date"),
        (
            json!({"time_zone": "UTC", "weekly": [opening("09:00", "17:00")], "exceptions": [{"date": "2025-02-03", "x": 1}]}),
            "/exceptions/0/x",
        ),
    ] {
        put(server, "/v1/calendar/berlin", body).await.refused(400, "validation_error", Some(place));
    }
    put(server, "/v1/calendar/Berlin", office()).await.refused(400, "validation_error", Some("/key"));
    assert_eq!(server.log_size(ours).await, size);
}

const HOLIDAYS: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\n\
    BEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20200501\r\nRRULE:FREQ=YEARLY\r\nSUMMARY:Labour Day\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:2\r\nDTSTART;VALUE=DATE:20261225\r\nSUMMARY:Christmas\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:3\r\nDTSTART:20260601T100000Z\r\nSUMMARY:Meeting\r\nEND:VEVENT\r\n\
    END:VCALENDAR\r\n";

async fn holidays_of_a_file_become_exceptions(server: &TestServer) {
    let ours = &server.ours;
    let mut calendar = office();
    calendar["exceptions"] = json!([{"date": "2026-12-25", "openings": [{"from": "10:00", "to": "11:00"}], "label": "Short"}]);
    put(server, "/v1/calendar/berlin", calendar).await.ok(201);
    let import = |body: Value| server.post("/v1/calendar/berlin/import", &ours.admin.token, body);
    let imported = import(json!({"ical": HOLIDAYS, "years": [2026, 2027]})).await.ok(200);
    assert_eq!((&imported["added"], &imported["kept"], &imported["further_notices"]), (&json!(2), &json!(1), &json!(0)));
    let dates: Vec<_> =
        imported["calendar"]["exceptions"].as_array().unwrap().iter().map(|exception| (&exception["date"], &exception["label"])).collect();
    let expected = [("2026-05-01", "Labour Day"), ("2026-12-25", "Short"), ("2027-05-01", "Labour Day")];
    assert_eq!(dates.iter().map(|(date, label)| (date.as_str().unwrap(), label.as_str().unwrap())).collect::<Vec<_>>(), expected);
    let notices = imported["notices"].as_array().unwrap();
    assert_eq!((notices.len(), &notices[0]["name"], &notices[0]["line"]), (1, &json!("Meeting"), &json!(14)));
    let size = server.log_size(ours).await;
    assert_eq!(import(json!({"ical": HOLIDAYS, "years": [2026, 2027]})).await.ok(200)["added"], 0);
    import(json!({"ical": "nonsense", "years": [2026]})).await.refused(400, "validation_error", Some("/ical"));
    import(json!({"ical": HOLIDAYS, "years": []})).await.refused(400, "validation_error", Some("/years"));
    import(json!({"ical": HOLIDAYS, "years": [1, 2026]})).await.refused(400, "validation_error", Some("/years"));
    server.post("/v1/calendar/none/import", &ours.admin.token, json!({"ical": HOLIDAYS, "years": [2026]})).await.refused(
        404,
        "not_found",
        None,
    );
    assert_eq!(server.log_size(ours).await, size);
}

async fn what_is_named_is_not_taken_away(server: &TestServer) {
    let ours = &server.ours;
    put(server, "/v1/calendar/berlin", office()).await.ok(201);
    put(server, "/v1/group/legal", json!({"member_ids": [ours.reviewer.id]})).await.ok(201);
    queue(server, "mails", "manual", &[&ours.reviewer], |config| {
        config.sla = Some(serde_json::from_value::<Sla>(json!({"calendar": "berlin"})).unwrap());
        let stage = json!({"key": "legal", "actor": "people", "reviewers": {"groups": ["legal"]}});
        config.stages = vec![serde_json::from_value(stage).unwrap()];
    })
    .await;
    available(server, &ours.second, json!({"calendar": "berlin"})).await;
    let delete = |path: &str| server.delete(path, &ours.admin.token);
    let refused = delete("/v1/calendar/berlin").await;
    refused.refused(409, "in_use", None);
    let detail = format!("The calendar 'berlin' is named by queue/mails, member/{}.", ours.second.email);
    assert_eq!((&refused.body["detail"], &refused.body["entityId"]), (&json!(detail), &json!("berlin")));
    let refused = delete("/v1/group/legal").await;
    refused.refused(409, "in_use", None);
    assert_eq!(refused.body["detail"], "The group 'legal' is named by queue/mails.");
    // Only the newest version of a queue counts, and one that is deleted does not.
    delete("/v1/queue/mails").await.ok(204);
    delete("/v1/group/legal").await.ok(204);
    delete("/v1/calendar/berlin").await.refused(409, "in_use", None);
    available(server, &ours.second, json!({"calendar": null})).await;
    delete("/v1/calendar/berlin").await.ok(204);
}

async fn a_group_has_members_of_the_organization(server: &TestServer) {
    let ours = &server.ours;
    let members = |ids: &[&str]| json!({"name": "Legal", "member_ids": ids});
    for (body, place) in [
        (members(&[&ours.reviewer.id, &server.theirs.reviewer.id]), "/member_ids/1"),
        (members(&[&ours.reviewer.id, "x"]), "/member_ids/1"),
        (members(&[&ours.reviewer.id, &ours.reviewer.id]), "/member_ids"),
        (json!({"name": "", "member_ids": []}), "/name"),
        (json!({"name": "Legal"}), "/member_ids"),
    ] {
        put(server, "/v1/group/legal", body).await.refused(400, "validation_error", Some(place));
    }
    let made = put(server, "/v1/group/legal", members(&[&ours.reviewer.id])).await.ok(201);
    assert_eq!(server.get("/v1/group", &ours.reviewer.token).await.ok(200), json!([made]));
    assert_eq!(server.get("/v1/group/legal", &ours.reviewer.token).await.ok(200)["member_ids"], json!([ours.reviewer.id]));
    server.get("/v1/group", ours.key("queue:read")).await.refused(403, "permission_denied", None);
    let by_key = server.request(reqwest::Method::PUT, "/v1/group/legal", ours.key("queue:write")).json(&members(&[])).await;
    by_key.refused(403, "permission_denied", None);
    server.delete("/v1/group/legal", &ours.admin.token).await.ok(204);
}

async fn a_schedule_says_who_is_on_call(server: &TestServer) {
    let ours = &server.ours;
    let layer = |participants: &[&str]| json!({"name": "Day", "participants": participants, "rotation": "daily", "handoff": "09:00", "starts_on": "2025-11-24"});
    let schedule = |participants: &[&str]| json!({"time_zone": "UTC", "layers": [layer(participants)]});
    put(server, "/v1/schedule/payments", schedule(&[&server.theirs.owner.id])).await.refused(
        400,
        "validation_error",
        Some("/layers/0/participants/0"),
    );
    put(server, "/v1/schedule/payments", schedule(&["x"])).await.refused(400, "validation_error", Some("/layers/0/participants/0"));
    put(server, "/v1/schedule/payments", json!({"time_zone": "UTC", "layers": []})).await.refused(400, "validation_error", Some("/layers"));
    let both = [ours.reviewer.id.as_str(), ours.second.id.as_str()];
    let made = put(server, "/v1/schedule/payments", schedule(&both)).await.ok(201);
    assert_eq!((&made["gap_action"], &made["overrides"]), (&json!("queue_lead"), &json!([])));
    assert_eq!(server.get("/v1/schedule", &ours.reviewer.token).await.ok(200), json!([made]));
    let on_call = async |at: &str| server.get(&format!("/v1/schedule/payments/on-call{at}"), &ours.reviewer.token).await.ok(200);
    let now = on_call("").await;
    assert_eq!((&now["at"], &now["member_id"]), (&json!("2025-11-24T16:00:00Z"), &json!(ours.reviewer.id)));
    assert_eq!(now["source"], json!({"layer": "Day"}));
    assert_eq!(
        now["shifts"][1],
        json!({"member_id": ours.second.id, "from": "2025-11-25T09:00:00Z", "to": "2025-11-26T09:00:00Z", "source": {"layer": "Day"}})
    );
    assert_eq!(on_call("?at=2025-11-25T10:00:00Z").await["member_id"], ours.second.id.as_str());
    assert_eq!(on_call("?at=2025-11-20T10:00:00Z").await["source"], "gap");
    let absence = json!({"starts_at": "2025-11-25T00:00:00Z", "ends_at": "2025-11-26T00:00:00Z"});
    server.post("/v1/absence", &ours.second.token, absence).await.ok(201);
    let instead = on_call("?at=2025-11-25T10:00:00Z").await;
    assert_eq!((&instead["member_id"], &instead["passed_over"]), (&json!(ours.reviewer.id), &json!([ours.second.id])));
    server.get("/v1/schedule/payments/on-call?at=soon", &ours.reviewer.token).await.refused(400, "validation_error", Some("at"));
    server.delete("/v1/schedule/payments", &ours.admin.token).await.ok(204);
    server.get("/v1/schedule/payments/on-call", &ours.reviewer.token).await.refused(404, "not_found", None);
}

async fn what_others_have_does_not_exist(server: &TestServer) {
    put(server, "/v1/calendar/berlin", office()).await.ok(201);
    let theirs = &server.theirs.owner.token;
    server.get("/v1/calendar/berlin", theirs).await.refused(404, "not_found", None);
    server.delete("/v1/calendar/berlin", theirs).await.refused(404, "not_found", None);
    assert_eq!(server.get("/v1/calendar", theirs).await.ok(200), json!([]));
    // Keys are each organization's own.
    server.request(reqwest::Method::PUT, "/v1/calendar/berlin", theirs).json(&office()).await.ok(201);
}

async fn a_large_definition_is_told_by_its_digest(server: &TestServer) {
    let mut calendar = office();
    let day = |day: i64| json!({"date": format!("2026-{:02}-{:02}", 1 + day / 28, 1 + day % 28), "label": "A day on which nobody works"});
    calendar["exceptions"] = (0..200).map(day).collect();
    put(server, "/v1/calendar/berlin", calendar).await.ok(201);
    let told = told(server, "resource.changed").await.remove(0);
    assert!(told.get("definition").is_none());
    assert!(told["digest"].as_str().is_some_and(|digest| digest.starts_with("sha256:") && digest.len() == 71), "{told}");
}
