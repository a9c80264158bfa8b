//! Bad input: every endpoint with a body refuses what its description does not allow, names the place, and changes nothing.

use jiff::SignedDuration;
use serde_json::{Value, json};
use signoff_testkit::{Answer, Organization, TestServer, Who, both, id};

use crate::{
    call::{Call, prepare},
    table::{Described, Endpoint, Needs, endpoints},
};

both!(TestServer:
    what_is_no_json_is_refused_everywhere,
    members_that_are_unknown_missing_or_of_another_type_are_named,
    parameters_that_are_unknown_are_named,
    paths_and_methods_that_are_not_there_are_problems_too,
    what_is_named_by_something_that_is_no_id_is_not_found,
    the_list_of_bad_input_case_by_case,
    a_body_may_be_as_large_and_as_deep_as_the_limit,
);

fn owner(endpoint: &Endpoint, organization: &Organization) -> Who {
    if endpoint.needs == Needs::Nothing { Who::Nobody } else { organization.owner.token.clone() }
}

/// Every endpoint with a body, ready to be called by the owner.
async fn with_bodies(server: &TestServer) -> Vec<(&'static Endpoint, Described, Call, Who)> {
    let ours = &server.ours;
    let mut calls = Vec::new();
    for (unique, (endpoint, described)) in (0..).zip(endpoints()) {
        if described.body.is_some() {
            let call = prepare(server, ours, endpoint.operation, &ours.owner, unique).await;
            // Making a token needs a session; all others take a token too.
            let who = if endpoint.operation == "createToken" { server.session(ours, &ours.owner).await } else { owner(endpoint, ours) };
            calls.push((endpoint, described, call, who));
        }
    }
    assert!(calls.len() > 20);
    calls
}

/// What it is called, the bytes, and the status, code and place of the refusal.
type Case<'c> = (&'c str, Vec<u8>, u16, &'c str, Option<&'c str>);

async fn what_is_no_json_is_refused_everywhere(server: &TestServer) {
    let ours = &server.ours;
    let calls = with_bodies(server).await;
    let size = server.log_size(ours).await;
    let deep = |depth: usize| format!("{{\"x\":{}{}}}", "[".repeat(depth), "]".repeat(depth));
    let cases: Vec<Case<'_>> = vec![
        ("text", b"hello".to_vec(), 400, "malformed_body", Some("")),
        ("cut off", b"{\"data\": {".to_vec(), 400, "malformed_body", None),
        ("two values", b"{} {}".to_vec(), 400, "malformed_body", None),
        ("a comment", b"{/* */}".to_vec(), 400, "malformed_body", None),
        ("a comma too many", b"{\"a\": 1,}".to_vec(), 400, "malformed_body", None),
        ("a member twice", b"{\"a\": 1, \"a\": 1}".to_vec(), 400, "malformed_body", Some("/a")),
        ("a member twice, deeper", b"{\"a\": [{\"b\": 1, \"\\u0062\": 1}]}".to_vec(), 400, "malformed_body", Some("/a/0/b")),
        ("not UTF-8", b"{\"a\": \"\xff\xfe\"}".to_vec(), 400, "malformed_body", None),
        ("half a surrogate pair", b"{\"a\": \"\\ud800\"}".to_vec(), 400, "malformed_body", None),
        ("too deep", deep(65).into_bytes(), 400, "malformed_body", None),
        ("far too deep", deep(100_000).into_bytes(), 400, "malformed_body", None),
        ("a number too large", b"{\"a\": 9007199254740992}".to_vec(), 400, "malformed_body", Some("/a")),
        ("an endless number", b"{\"a\": 1e400}".to_vec(), 400, "malformed_body", None),
        ("not a number", b"{\"a\": NaN}".to_vec(), 400, "malformed_body", None),
        ("a list", b"[]".to_vec(), 400, "validation_error", Some("")),
        ("nothing but null", b"null".to_vec(), 400, "validation_error", Some("")),
        ("a text", b"\"x\"".to_vec(), 400, "validation_error", Some("")),
        ("too large", format!("{{\"a\": \"{}\"}}", "x".repeat(1 << 20)).into_bytes(), 413, "body_too_large", None),
    ];
    for (endpoint, described, call, who) in &calls {
        for (what, bytes, status, code, place) in &cases {
            let answer = call.request_with(server, described, who, None).bytes(bytes.clone()).await;
            assert_eq!(
                (answer.status, answer.body["code"].as_str()),
                (*status, Some(*code)),
                "{} with {what}: {}",
                endpoint.operation,
                answer.text
            );
            answer.refused(*status, code, *place);
        }
        let body = call.body.clone().unwrap();
        for media in ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", "application/jsonp"] {
            let answer = call.request_with(server, described, who, Some(body.clone())).header("content-type", media).await;
            answer.refused(415, "unsupported_media_type", Some("Content-Type"));
        }
        let (_, required) = described.body.as_ref().unwrap();
        if *required {
            let empty = call.request_with(server, described, who, None).bytes("").await;
            empty.refused(400, "malformed_body", None);
            call.request_with(server, described, who, None).await.refused(415, "unsupported_media_type", Some("Content-Type"));
        }
    }
    assert_eq!(server.log_size(ours).await, size);
}

/// A schema of the description, with what it refers to put in.
fn resolved(description: &Value, schema: &Value) -> Value {
    if let Some(reference) = schema["$ref"].as_str() {
        let name = reference.rsplit('/').next().unwrap();
        return resolved(description, &description["components"]["schemas"][name]);
    }
    let variants = schema["oneOf"].as_array().map(|variants| variants.iter().find(|variant| variant["type"] != "null").unwrap());
    variants.map_or_else(|| schema.clone(), |variant| resolved(description, variant))
}

/// A value that a member of this schema cannot have, whatever its type.
fn another_type(schema: &Value) -> Value {
    let types = schema["type"].as_array().cloned().unwrap_or_else(|| vec![schema["type"].clone()]);
    if types.contains(&json!("object")) || types.contains(&json!("array")) || types == [Value::Null] { json!(7) } else { json!({"x": []}) }
}

async fn members_that_are_unknown_missing_or_of_another_type_are_named(server: &TestServer) {
    let ours = &server.ours;
    let description = serde_json::to_value(signoff_http::description()).unwrap();
    let calls = with_bodies(server).await;
    let size = server.log_size(ours).await;
    let mut checked = 0;
    for (endpoint, described, call, who) in &calls {
        let body = call.body.clone().unwrap();
        let send = |member: &str, value: Option<Value>| {
            let mut body = body.clone();
            match value {
                Some(value) => body.as_object_mut().unwrap().insert(member.into(), value),
                None => body.as_object_mut().unwrap().remove(member),
            };
            call.request_with(server, described, who, Some(body))
        };
        let refused = |answer: Answer, member: &str, what: &str| {
            let place = format!("/{member}");
            let named = answer.body["errors"].as_object().is_some_and(|errors| errors.keys().any(|key| key.starts_with(&place)));
            let seen = (answer.status, answer.body["code"].as_str());
            assert!(named && seen == (400, Some("validation_error")), "{} {member} {what}: {}", endpoint.operation, answer.text);
        };
        refused(send("unexpected", Some(json!(1))).await, "unexpected", "unknown");
        let schema = &description["components"]["schemas"][&described.body.as_ref().unwrap().0];
        for required in schema["required"].as_array().into_iter().flatten() {
            let required = required.as_str().unwrap();
            refused(send(required, None).await, required, "missing");
            checked += 1;
        }
        for (member, of) in schema["properties"].as_object().unwrap() {
            let of = resolved(&description, of);
            refused(send(member, Some(another_type(&of))).await, member, "of another type");
            // A login says only whether it succeeded.
            if let Some(most) = of["maxLength"].as_u64().filter(|_| endpoint.operation != "login") {
                let long = "x".repeat(usize::try_from(most).unwrap() + 1);
                refused(send(member, Some(json!(long))).await, member, "too long");
            }
            if of["minLength"].as_u64() == Some(1) {
                refused(send(member, Some(json!(""))).await, member, "empty");
            }
            if let Some(most) = of["maximum"].as_i64() {
                refused(send(member, Some(json!(most + 1))).await, member, "too large");
            }
            if let Some(least) = of["minimum"].as_i64() {
                refused(send(member, Some(json!(least - 1))).await, member, "too small");
            }
            if of["enum"].is_array() {
                refused(send(member, Some(json!("no such word"))).await, member, "another word");
            }
            checked += 1;
        }
    }
    assert!(checked > 80, "only {checked} members were checked");
    assert_eq!(server.log_size(ours).await, size);
}

async fn parameters_that_are_unknown_are_named(server: &TestServer) {
    let ours = &server.ours;
    for (unique, (endpoint, described)) in (0..).zip(endpoints()) {
        let mut call = prepare(server, ours, endpoint.operation, &ours.owner, unique).await;
        call.query.push_str(if call.query.is_empty() { "?unexpected=1" } else { "&unexpected=1" });
        let size = server.log_size(ours).await;
        let answer = call.request(server, &described, &ours.owner.token).await;
        assert_eq!(answer.status, 400, "{}: {}", endpoint.operation, answer.text);
        answer.refused(400, "validation_error", Some("unexpected"));
        assert_eq!(server.log_size(ours).await, size, "{}", endpoint.operation);
    }
    // The paths without the prefix are the same operations.
    server.approval(ours, "mails").await;
    let submit = server.post("/task?dry_run=true", &ours.agent, json!({"queue_key": "mails", "data": {}}));
    submit.await.refused(400, "validation_error", Some("dry_run"));
    server.get("/v1/me?%FF", &ours.owner.token).await.refused(400, "validation_error", Some("query"));
    server.get("/v1/me?", &ours.owner.token).await.ok(200);
}

async fn paths_and_methods_that_are_not_there_are_problems_too(server: &TestServer) {
    let token = &server.ours.owner.token;
    for path in ["/v1", "/v1/", "/v1/tasks", "/v1/task/", "/v2/task", "/v1/task/x/y/z", "/v1//task", "/metrics/x", "/%2e%2e/etc/passwd"] {
        let answer = server.get(path, token).await;
        assert_eq!(answer.status, 404, "{path}: {}", answer.text);
        answer.refused(404, "not_found", None);
    }
    server.delete("/v1/task", token).await.refused(405, "method_not_allowed", None);
    server.request(reqwest::Method::PUT, "/v1/queue/mails", token).await.refused(405, "method_not_allowed", None);
    server.get("/v1/login", token).await.refused(405, "method_not_allowed", None);
}

async fn what_is_named_by_something_that_is_no_id_is_not_found(server: &TestServer) {
    let ours = &server.ours;
    let session = server.session(ours, &ours.owner).await;
    let size = server.log_size(ours).await;
    let long = "x".repeat(5_000);
    for (endpoint, described) in endpoints() {
        if !described.path.contains('{') {
            continue;
        }
        let mut call = prepare(server, ours, "getMe", &ours.owner, 0).await;
        call.if_match = true;
        call.body = described.body.is_some().then(|| match endpoint.operation {
            "renewLease" | "releaseTask" => json!({"lease_id": "lease_00000000000000000000000000"}),
            "skipTask" | "reopenTask" => json!({"reason": "x"}),
            "overrideTask" => json!({"result": ["approved"], "reason": "x"}),
            "assignTask" => json!({"assignee_id": null}),
            "commentOnTask" => json!({"body": "x"}),
            "reviseTask" => json!({"data": {}}),
            _ => json!({}),
        });
        for wrong in
            ["x", "%00", "task_00000000000000000000000000", "queue_zzzzzzzzzzzzzzzzzzzzzzzzzz", "-1", "%F0%9F%92%A9", "..%2f..", &long]
        {
            call.named = wrong.into();
            let answer = call.request(server, &described, &session).await;
            let right = matches!((answer.status, answer.body["code"].as_str()), (404, Some("not_found")) | (400, Some("validation_error")));
            assert!(right, "{} of {wrong}: {} {}", endpoint.operation, answer.status, answer.text);
        }
    }
    assert_eq!(server.log_size(ours).await, size);
}

/// The paragraph "Bad input" of what was asked for, word by word.
async fn the_list_of_bad_input_case_by_case(server: &TestServer) {
    let ours = &server.ours;
    let options = json!([{"id": "spam", "label": "Spam"}, {"id": "pii", "label": "PII"}]);
    let labels = json!({"key": "labels", "name": "Labels", "review_type": "labeling", "review_options": options, "max_selections": 1, "feedback_required": "always"});
    server.queue(ours, labels).await;
    server.approval(ours, "mails").await;
    server.approval(ours, "old").await;
    server.approval(&server.theirs, "foreign").await;
    server.delete("/v1/queue/old", &ours.admin.token).await.ok(204);
    let label = server.task(ours, "labels", json!({})).await;
    let task = server.task(ours, "mails", json!({})).await;
    let decided = server.task(ours, "mails", json!({})).await;
    server.review(&decided, &ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    let revised = server.task(ours, "mails", json!({})).await;
    server.act(&revised, "revise", &ours.agent, json!({"data": {"n": 2}})).await.ok(200);
    let lapsed = server.task(ours, "mails", json!({})).await;
    let lease = server.act(&lapsed, "claim", &ours.reviewer.token, json!({})).await.ok(200)["lease"].clone();
    server.advance(SignedDuration::from_secs(601));
    server.act(&lapsed, "claim", &ours.second.token, json!({})).await.ok(200);
    let foreign = server.task(&server.theirs, "foreign", json!({})).await;
    let session = server.session(ours, &ours.owner).await;
    let made = server.post("/v1/key", &session, json!({"name": "revoked"})).await.ok(201);
    let revoked = Who::Bearer(made["key"].as_str().unwrap().into());
    server.get("/v1/me", &revoked).await.ok(200);
    server.delete(&format!("/v1/key/{}", id(&made)), &session).await.ok(204);
    server.advance(SignedDuration::from_secs(1));

    let submit = |who: &Who, body: Value| server.post("/v1/task", who, body);
    let agent = &ours.agent;
    let size = server.log_size(ours).await;
    let review = |task: &Value, body: Value| server.review(task, &ours.reviewer, body);
    let x = |length: usize| "x".repeat(length);
    let cases = [
        (
            "unknown member",
            submit(agent, json!({"queue_key": "mails", "data": {}, "priorty": "high"})),
            400,
            "validation_error",
            Some("/priorty"),
        ),
        ("wrong type", submit(agent, json!({"queue_key": "mails", "data": {}, "priority": 1})), 400, "validation_error", Some("/priority")),
        ("missing member", submit(agent, json!({"queue_key": "mails"})), 400, "validation_error", Some("/data")),
        (
            "over-long text",
            submit(agent, json!({"queue_key": "mails", "data": {}, "summary": x(256)})),
            400,
            "validation_error",
            Some("/summary"),
        ),
        (
            "over-long id",
            submit(agent, json!({"queue_key": "mails", "data": {}, "external_id": x(256)})),
            400,
            "validation_error",
            Some("/external_id"),
        ),
        (
            "NUL in an id",
            submit(agent, json!({"queue_key": "mails", "data": {}, "external_id": "a\u{0}"})),
            400,
            "validation_error",
            Some("/external_id"),
        ),
        ("unknown queue", submit(agent, json!({"queue_key": "nowhere", "data": {}})), 404, "not_found", None),
        ("NUL for a queue", submit(agent, json!({"queue_key": "\u{0}", "data": {}})), 404, "not_found", None),
        ("deleted queue", submit(agent, json!({"queue_key": "old", "data": {}})), 409, "queue_deleted", Some("/queue_key")),
        ("unknown option", review(&label, json!({"result": ["ham"], "feedback": "x"})), 400, "unknown_option", Some("/result/0")),
        (
            "too many selections",
            review(&label, json!({"result": ["spam", "pii"], "feedback": "x"})),
            400,
            "too_many_selections",
            Some("/result"),
        ),
        ("missing feedback", review(&label, json!({"result": ["spam"]})), 400, "feedback_required", Some("/feedback")),
        ("review of a decided task", review(&decided, json!({"result": ["approved"]})), 409, "already_decided", None),
        ("stale revision", review(&revised, json!({"result": ["approved"]})), 409, "stale_revision", Some("If-Match")),
        ("no revision", review(&task, json!({"result": ["approved"]})).header("if-match", ""), 428, "revision_required", Some("If-Match")),
        ("expired lease", server.act(&lapsed, "renew", &ours.reviewer.token, json!({"lease_id": id(&lease)})), 409, "task_leased", None),
        ("revoked key", submit(&revoked, json!({"queue_key": "mails", "data": {}})), 401, "authentication_error", None),
        ("wrong tenant", review(&foreign, json!({"result": ["approved"]})), 404, "not_found", None),
        (
            "a key within a document",
            server.post(
                "/v1/apply",
                &ours.owner.token,
                json!({"document": {"queues": [{"key": "A", "name": "A", "review_type": "approval"}]}}),
            ),
            400,
            "validation_error",
            Some("/document/queues/0/key"),
        ),
        ("wrong tenant's queue", submit(agent, json!({"queue_key": "foreign", "data": {}})), 404, "not_found", None),
    ];
    for (what, request, status, code, place) in cases {
        let answer = request.await;
        assert_eq!((answer.status, answer.body["code"].as_str()), (status, Some(code)), "{what}: {}", answer.text);
        answer.refused(status, code, place);
        assert!(answer.body["detail"].as_str().is_some_and(|detail| detail.ends_with('.')), "{what}: {}", answer.text);
    }
    assert_eq!(server.log_size(ours).await, size);
    for (task, state) in [(&label, "queued"), (&task, "queued"), (&decided, "reviewed"), (&revised, "queued"), (&lapsed, "queued")] {
        assert_eq!(server.reread(ours, task).await["state"], state);
    }
}

async fn a_body_may_be_as_large_and_as_deep_as_the_limit(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let mut body = json!({"queue_key": "mails", "data": {"text": ""}});
    let room = (1 << 20) - body.to_string().len();
    body["data"]["text"] = json!("x".repeat(room));
    assert_eq!(body.to_string().len(), 1 << 20);
    let task = server.post("/v1/task", &ours.agent, body.clone()).await.ok(201);
    assert_eq!(server.reread(ours, &task).await["data"], body["data"]);
    // The body and `data` are two levels.
    let deepest = format!("{{\"queue_key\": \"mails\", \"data\": {{\"x\": {}{}}}}}", "[".repeat(62), "]".repeat(62));
    server.post("/v1/task", &ours.agent, json!({})).bytes(deepest.clone()).await.ok(201);
    let deeper = deepest.replace("[]", "[[]]");
    server.post("/v1/task", &ours.agent, json!({})).bytes(deeper).await.refused(400, "malformed_body", None);
}
