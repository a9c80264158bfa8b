//! Lists of tasks: each filter, both orders, and pages that do not shift.

use std::collections::HashSet;

use jiff::SignedDuration;
use serde_json::{Value, json};
use signoff_testkit::{TestServer, both, id};

both!(TestServer:
    each_filter_finds_what_it_names,
    a_key_that_is_limited_to_queues_finds_nothing_else,
    turns_are_by_priority_deadline_and_age,
    pages_do_not_shift_when_tasks_are_added,
    a_cursor_belongs_to_its_list_and_its_filters,
    parameters_that_are_wrong_are_named,
    instants_and_attributes_at_the_edge_are_looked_for_alike,
);

const SECOND: SignedDuration = SignedDuration::from_secs(1);

fn names(tasks: &Value) -> Vec<&str> {
    tasks.as_array().unwrap().iter().map(|task| task["external_id"].as_str().unwrap()).collect()
}

/// Five tasks of two queues, a second apart, of which two are settled.
async fn stock(server: &TestServer) -> Vec<Value> {
    let ours = &server.ours;
    for key in ["mails", "posts"] {
        server.approval(ours, key).await;
    }
    let reviewer = &ours.reviewer.id;
    let mut tasks = Vec::new();
    for body in [
        json!({"queue_key": "mails", "data": {}, "external_id": "a", "metadata": {"region": "eu", "amount": 12, "vip": true, "ratio": 0.5}}),
        json!({"queue_key": "mails", "data": {}, "external_id": "b", "metadata": {"region": "us", "amount": 120, "vip": false}}),
        json!({"queue_key": "posts", "data": {}, "external_id": "c", "metadata": {"region": "eu", "a.b c": "dot"}}),
        json!({"queue_key": "posts", "data": {}, "external_id": "d", "assignee_id": reviewer}),
        json!({"queue_key": "mails", "data": {}, "external_id": "e", "metadata": {"region": null}}),
    ] {
        tasks.push(server.post("/v1/task", &ours.agent, body).await.ok(201));
        server.advance(SECOND);
    }
    server.review(&tasks[1], &ours.reviewer, json!({"result": ["approved"]})).await.ok(201);
    server.advance(SECOND);
    server.act(&tasks[4], "cancel", &ours.agent, json!({"reason": "No longer needed"})).await.ok(200);
    tasks
}

async fn each_filter_finds_what_it_names(server: &TestServer) {
    let ours = &server.ours;
    let tasks = stock(server).await;
    let (mails, reviewer) = (tasks[0]["queue_id"].as_str().unwrap(), &ours.reviewer.id);
    let cases = [
        (String::new(), "e d c b a"),
        ("queue_key=mails".into(), "e b a"),
        (format!("queue_id={mails}"), "e b a"),
        ("queue_key=nowhere".into(), ""),
        ("state=queued".into(), "d c a"),
        ("state=reviewed&state=cancelled".into(), "e b"),
        ("state=pending".into(), ""),
        ("external_id=c".into(), "c"),
        (format!("assignee_id={reviewer}"), "d"),
        ("metadata.region=eu".into(), "c a"),
        ("metadata.amount=12".into(), "a"),
        ("metadata.vip=true".into(), "a"),
        ("metadata.vip=false".into(), "b"),
        ("metadata.ratio=0.5".into(), "a"),
        ("metadata.a.b+c=dot".into(), "c"),
        ("metadata.region=eu&metadata.vip=true".into(), "a"),
        ("metadata.region=null".into(), ""),
        ("created_after=2025-11-24T16:00:02Z".into(), "e d c"),
        ("created_before=2025-11-24T16:00:02Z".into(), "b a"),
        ("created_after=2025-11-24T16:00:01Z&created_before=2025-11-24T16:00:03Z".into(), "c b"),
        ("reviewed_after=2025-11-24T16:00:05Z".into(), "b"),
        ("reviewed_before=2025-11-24T16:00:05Z".into(), ""),
        ("queue_key=mails&state=queued&metadata.region=eu".into(), "a"),
    ];
    for (query, expected) in cases {
        let found = server.get(&format!("/v1/task?{query}"), &ours.agent).await.ok(200);
        assert_eq!(names(&found).join(" "), expected, "{query}");
    }
    let mine = server.get("/v1/task?assignee_id=me", &ours.reviewer.token).await.ok(200);
    assert_eq!(names(&mine), ["d"]);
    let listed = &server.get("/v1/task?external_id=b", &ours.agent).await.ok(200)[0];
    assert!(listed["queue"].is_null() && listed["reviews"].is_null());
    assert_eq!(listed["outcome"]["result"], json!(["approved"]));
    // Another organization has none of them.
    assert_eq!(server.get("/v1/task?external_id=b", &server.theirs.agent).await.ok(200), json!([]));
}

async fn a_key_that_is_limited_to_queues_finds_nothing_else(server: &TestServer) {
    let ours = &server.ours;
    let tasks = stock(server).await;
    let admin = server.session(ours, &ours.admin).await;
    let made = server.post("/v1/key", &admin, json!({"name": "posts only", "queue_keys": ["posts"]})).await.ok(201);
    let limited = signoff_testkit::Who::Bearer(made["key"].as_str().unwrap().into());
    assert_eq!(names(&server.get("/v1/task", &limited).await.ok(200)), ["d", "c"]);
    assert_eq!(server.get("/v1/task?queue_key=mails", &limited).await.ok(200), json!([]));
    assert_eq!(server.get("/v1/review", &limited).await.ok(200), json!([]));
    let queues = server.get("/v1/queue", &limited).await.ok(200);
    assert_eq!(queues.as_array().unwrap().len(), 1);
    server.get(&format!("/v1/task/{}", id(&tasks[0])), &limited).await.refused(404, "not_found", None);
    server.get("/v1/queue/mails", &limited).await.refused(404, "not_found", None);
    server.post("/v1/task", &limited, json!({"queue_key": "mails", "data": {}})).await.refused(404, "not_found", None);
    server.act(&tasks[0], "cancel", &limited, json!({})).await.refused(404, "not_found", None);
    server.act(&tasks[0], "revise", &limited, json!({"data": {}})).await.refused(404, "not_found", None);
    server.seal().await;
    for event in server.get("/v1/event?limit=100", &limited).await.ok(200).as_array().unwrap() {
        assert!(event["queue_key"] == "posts", "{event}");
    }
}

async fn turns_are_by_priority_deadline_and_age(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    for (name, priority, minutes) in [
        ("old", "normal", None),
        ("low", "low", Some(1)),
        ("due late", "normal", Some(90)),
        ("young", "normal", None),
        ("due soon", "normal", Some(10)),
        ("urgent", "urgent", None),
        ("high", "high", Some(500)),
    ] {
        let body = json!({"queue_key": "mails", "data": {}, "external_id": name, "priority": priority, "sla_minutes": minutes});
        server.post("/v1/task", &ours.agent, body).await.ok(201);
        server.advance(SECOND);
    }
    let expected = ["urgent", "high", "due soon", "due late", "old", "young", "low"];
    assert_eq!(names(&server.get("/v1/task?order=turn&state=queued", &ours.agent).await.ok(200)), expected);
    let paged = server.all_pages("/v1/task?order=turn&limit=2", &ours.agent).await;
    assert_eq!(names(&Value::Array(paged)), expected);
}

async fn pages_do_not_shift_when_tasks_are_added(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let mut known = HashSet::new();
    // Several tasks share each instant: the id decides between them.
    for n in 0..23 {
        known.insert(id(&server.task(ours, "mails", json!({"n": n})).await).to_owned());
        if n % 4 == 3 {
            server.advance(SECOND);
        }
    }
    for order in ["created_desc", "turn"] {
        let mut seen = Vec::new();
        let mut path = format!("/v1/task?queue_key=mails&order={order}&limit=3");
        loop {
            let page = server.get(&path, &ours.agent).await;
            let next = page.header("x-next-cursor").map(|cursor| format!("/v1/task?queue_key=mails&order={order}&limit=3&cursor={cursor}"));
            let link = page.header("link").map(ToOwned::to_owned);
            assert_eq!(link, next.as_ref().map(|next| format!("<{next}>; rel=\"next\"")));
            seen.extend(page.ok(200).as_array().unwrap().iter().map(|task| id(task).to_owned()));
            server.advance(SECOND);
            server.task(ours, "mails", json!({"added": true})).await;
            let Some(next) = next else { break };
            path = next;
            assert!(seen.len() < 200, "the pages have no end");
        }
        let distinct: HashSet<_> = seen.iter().cloned().collect();
        assert_eq!(distinct.len(), seen.len(), "a task is listed twice by {order}");
        assert!(known.is_subset(&distinct), "a task is missing by {order}");
        if order == "created_desc" {
            assert_eq!(distinct, known);
        }
        known.extend(distinct);
    }
}

async fn a_cursor_belongs_to_its_list_and_its_filters(server: &TestServer) {
    let ours = &server.ours;
    stock(server).await;
    let page = server.get("/v1/task?limit=2&state=queued", &ours.agent).await;
    let cursor = page.header("x-next-cursor").unwrap().to_owned();
    assert_eq!(names(&server.get(&format!("/v1/task?state=queued&cursor={cursor}&limit=100"), &ours.agent).await.ok(200)), ["a"]);
    for path in ["/v1/task?", "/v1/task?state=reviewed&", "/v1/task?state=queued&order=turn&", "/v1/review?", "/v1/member?"] {
        let refused = server.get(&format!("{path}cursor={cursor}"), &ours.owner.token).await;
        refused.refused(400, "invalid_cursor", Some("cursor"));
    }
    for broken in ["x", "AAAA", "%C3%A4", &cursor[..cursor.len() - 2]] {
        server.get(&format!("/v1/task?state=queued&cursor={broken}"), &ours.agent).await.refused(400, "invalid_cursor", Some("cursor"));
    }
}

async fn parameters_that_are_wrong_are_named(server: &TestServer) {
    let ours = &server.ours;
    for (query, place) in [
        ("limit=0", "limit"),
        ("limit=101", "limit"),
        ("limit=ten", "limit"),
        ("state=open", "state"),
        ("created_after=yesterday", "created_after"),
        ("created_before=2025-11-24", "created_before"),
        ("reviewed_after=1", "reviewed_after"),
        ("reviewed_before=x", "reviewed_before"),
        ("created_before=-000001-12-31T23:59:59Z", "created_before"),
        ("created_after=-009999-01-02T02:00:00Z", "created_after"),
        ("order=newest", "order"),
        ("assignee_id=ann", "assignee_id"),
        ("assignee_id=me", "assignee_id"),
        ("batch_id=task_1", "batch_id"),
        ("queue_id=1", "queue_id"),
        ("page=2", "page"),
        ("external_id=", "external_id"),
        ("external_id=a&external_id=b", "external_id"),
        ("external_id=%FF", "query"),
        ("external_id=%00", "external_id"),
        ("queue_key=%00", "queue_key"),
        ("metadata.a=%00", "metadata.a"),
    ] {
        server.get(&format!("/v1/task?{query}"), &ours.agent).await.refused(400, "validation_error", Some(place));
    }
}

async fn instants_and_attributes_at_the_edge_are_looked_for_alike(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let metadata =
        json!({"$": "path", "'; --": "quote", "0": "number", "ünï": "word", "%": "_%", "empty": "", "x": "a\nb", "zero": 0, "less": -5});
    let body = json!({"queue_key": "mails", "data": {}, "external_id": "a", "metadata": metadata, "deadline": "9999-12-30T22:00:00Z"});
    server.post("/v1/task", &ours.agent, body).await.ok(201);
    for (query, expected) in [
        ("created_after=0000-01-01T00:00:00Z", "a"),
        ("created_after=9999-12-30T22:00:00Z", ""),
        ("created_before=9999-12-30T22:00:00Z", "a"),
        ("reviewed_after=0000-01-01T00:00:00Z", ""),
        ("created_after=2025-11-24T16:00:00.000000001Z", "a"),
        ("created_after=2025-11-24T17:00:00%2B01:00", "a"),
        ("metadata.$=path", "a"),
        ("metadata.%27;+--=quote", "a"),
        ("metadata.0=number", "a"),
        ("metadata.%C3%BCn%C3%AF=word", "a"),
        ("metadata.%25=_%25", "a"),
        ("metadata.%25=%25", ""),
        ("metadata.empty=", "a"),
        ("metadata.x=a%0Ab", "a"),
        ("metadata.zero=0", "a"),
        ("metadata.less=-5", "a"),
        ("metadata.missing=", ""),
        ("order=turn", "a"),
    ] {
        let found = server.get(&format!("/v1/task?{query}"), &ours.agent).await;
        assert_eq!(found.status, 200, "{query}: {}", found.text);
        assert_eq!(names(&found.body).join(" "), expected, "{query}");
    }
}
