//! Calendars, groups and schedules as code: applied before the queues, given back by the export.

use serde_json::{Value, json};
use signoff_testkit::{TestServer, Who, both};

both!(TestServer:
    an_export_makes_an_organization_what_it_was,
    people_stand_in_a_document_by_their_addresses,
    what_a_document_must_not_say_is_named,
);

fn document(server: &TestServer) -> Value {
    let ours = &server.ours;
    json!({
        "calendars": [{
            "key": "berlin", "time_zone": "Europe/Berlin", "weekly": [{"days": ["monday"], "from": "09:00", "to": "17:00"}],
            "exceptions": [{"date": "2025-12-24", "openings": [], "label": "Christmas Eve"}],
        }],
        "groups": [{"key": "legal", "name": "Legal", "members": [ours.reviewer.email, ours.second.email]}],
        "schedules": [{
            "key": "payments", "time_zone": "UTC", "gap_action": "nobody",
            "layers": [{
                "name": "Week", "participants": [ours.second.email, ours.reviewer.email], "rotation": {"hours": 12}, "handoff": "08:00",
                "handoff_weekday": null, "starts_on": "2025-11-24", "restrictions": [],
            }],
            "overrides": [{"member": ours.admin.email, "starts_at": "2025-12-24T00:00:00Z", "ends_at": "2025-12-25T00:00:00Z"}],
        }],
    })
}

async fn apply(server: &TestServer, who: &Who, document: Value) -> signoff_testkit::Answer {
    server.post("/v1/apply", who, json!({"document": document})).await
}

fn kinds(changes: &Value) -> Vec<(&str, &str)> {
    changes.as_array().unwrap().iter().map(|change| (change["kind"].as_str().unwrap(), change["to"].as_str().unwrap())).collect()
}

async fn an_export_makes_an_organization_what_it_was(server: &TestServer) {
    let ours = &server.ours;
    let admin = &ours.admin.token;
    let made = apply(server, admin, document(server)).await.ok(200);
    assert_eq!(kinds(&made), [("created", "calendar/berlin"), ("created", "group/legal"), ("created", "schedule/payments")]);
    let mut exported = server.get("/v1/export", admin).await.ok(200);
    for part in ["calendars", "groups", "schedules"] {
        assert_eq!(exported[part], document(server)[part]);
    }
    let size = server.log_size(ours).await;
    exported.as_object_mut().unwrap().remove("members");
    let again = apply(server, admin, exported.clone()).await.ok(200);
    assert!(kinds(&again).iter().all(|(kind, _)| *kind == "unchanged"), "{again}");
    assert_eq!(server.log_size(ours).await, size);
    exported["groups"][0]["members"] = json!([ours.reviewer.email]);
    let changed = apply(server, admin, exported).await.ok(200);
    assert_eq!((&changed[1]["kind"], &changed[1]["parts"]), (&json!("updated"), &json!(["member_ids"])));
}

async fn people_stand_in_a_document_by_their_addresses(server: &TestServer) {
    let ours = &server.ours;
    apply(server, &ours.admin.token, document(server)).await.ok(200);
    let group = server.get("/v1/group/legal", &ours.admin.token).await.ok(200);
    assert_eq!(group["member_ids"], json!([ours.reviewer.id, ours.second.id]));
    let schedule = server.get("/v1/schedule/payments", &ours.admin.token).await.ok(200);
    assert_eq!(schedule["layers"][0]["participants"], json!([ours.second.id, ours.reviewer.id]));
    assert_eq!(schedule["overrides"][0]["member_id"], ours.admin.id.as_str());
    // A key learns nothing of who is a member, but makes calendars.
    let writing = ours.key("queue:write");
    let only = |part: &str| json!({part: document(server)[part].clone()});
    apply(server, writing, only("groups")).await.refused(403, "permission_denied", None);
    apply(server, writing, only("schedules")).await.refused(403, "permission_denied", None);
    apply(server, writing, only("calendars")).await.ok(200);
}

async fn what_a_document_must_not_say_is_named(server: &TestServer) {
    let ours = &server.ours;
    let size = server.log_size(ours).await;
    let refused = async |part: &str, change: &dyn Fn(&mut Value), place: &str| {
        let mut document = document(server);
        change(&mut document[part]);
        apply(server, &ours.admin.token, document).await.refused(400, "validation_error", Some(place));
    };
    refused("calendars", &|calendars| calendars[0]["time_zone"] = json!("Mars"), "/document/calendars/0/time_zone").await;
    refused("calendars", &|calendars| calendars[0]["key"] = json!("Berlin"), "/document/calendars/0/key").await;
    refused("groups", &|groups| groups[0]["members"][1] = json!("nobody@example.com"), "/document/groups/0/members/1").await;
    let twice = groups_twice(server);
    refused("groups", &|groups| *groups = twice.clone(), "/document/groups/1/key").await;
    let stranger = |schedules: &mut Value| schedules[0]["layers"][0]["participants"][0] = json!("nobody@example.com");
    refused("schedules", &stranger, "/document/schedules/0/layers/0/participants/0").await;
    let nobody = |schedules: &mut Value| schedules[0]["overrides"][0]["member"] = json!("nobody@example.com");
    refused("schedules", &nobody, "/document/schedules/0/overrides/0/member").await;
    assert_eq!(server.log_size(ours).await, size, "a document is applied whole or not at all");
}

fn groups_twice(server: &TestServer) -> Value {
    let group = document(server)["groups"][0].clone();
    json!([group, group])
}
