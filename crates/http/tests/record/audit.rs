//! The proof of what happened: checkpoints, exports that verify, and proofs of inclusion and consistency.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};
use signoff_domain::log::{
    checkpoint::Checkpoint,
    finding::Finding,
    merkle::{Hash, leaf_hash, proof},
    note::{self, VerifierKey},
    verify::{Report, Trust, Verifier},
};
use signoff_testkit::{Answer, TestServer, both, id};

both!(TestServer:
    an_export_verifies_with_its_contents,
    a_changed_export_is_found_out,
    a_partial_export_continues_an_earlier_one,
    a_checkpoint_is_signed_and_met_by_later_exports,
    every_entry_is_proved_to_be_in_the_log,
    the_log_is_proved_to_have_only_grown,
    what_is_beyond_the_log_is_refused,
    only_who_may_sees_the_proof,
);

/// Something of everything in the log.
async fn stock(server: &TestServer) {
    let ours = &server.ours;
    server.queue(ours, json!({"key": "posts", "name": "Posts", "review_type": "augmentation"})).await;
    server.approval(ours, "mails").await;
    let mail = server.task(ours, "mails", json!({"text": "Hello\u{0} \u{202e}"})).await;
    server.act(&mail, "comment", &ours.agent, json!({"body": "Look"})).await.ok(201);
    let revised = server.act(&mail, "revise", &ours.agent, json!({"data": {"text": "Hi", "n": 1e-7}})).await.ok(200);
    server.review(&revised, &ours.reviewer, json!({"result": ["rejected"], "feedback": "No"})).await.ok(201);
    server.act(&mail, "reopen", &ours.admin.token, json!({"reason": "Once more"})).await.ok(200);
    server.review(&revised, &ours.second, json!({"result": ["approved"]})).await.ok(201);
    let post = server.task(ours, "posts", json!({"a": [1, 2]})).await;
    server.review(&post, &ours.reviewer, json!({"data": {"a": [2]}})).await.ok(201);
    let tasks: Vec<_> = (0..300).map(|n| json!({"data": {"n": n}})).collect();
    let batch = server.post("/v1/batch", &ours.agent, json!({"queue_key": "mails", "tasks": tasks})).await.ok(201);
    let first = json!({"id": batch["items"][0]["task_id"]});
    server.act(&first, "cancel", &ours.agent, json!({"reason": "Sent by hand"})).await.ok(200);
    let rules = json!({"instructions": "Look at the address", "data_schema": {"maxProperties": 1e3}});
    server.patch("/v1/queue/mails", &ours.admin.token, rules).await.ok(200);
    server.seal().await;
}

async fn export(server: &TestServer, query: &str) -> String {
    server.seal().await;
    let answer = server.get(&format!("/v1/audit/export{query}"), &server.ours.auditor.token).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("application/x-ndjson")), "{}", answer.text);
    answer.text
}

fn verify(text: &str, trust: Trust) -> Result<Report, Finding> {
    let mut verifier = Verifier::new(trust);
    verifier.push(text.as_bytes())?;
    verifier.finish()
}

async fn checkpoint(server: &TestServer) -> String {
    server.seal().await;
    let answer = server.get("/v1/audit/checkpoint", &server.ours.auditor.token).await;
    assert_eq!((answer.status, answer.header("content-type")), (200, Some("text/plain; charset=utf-8")));
    answer.text
}

/// The key that the export's header names.
fn key(export: &str) -> VerifierKey {
    let header: Value = serde_json::from_str(export.lines().next().unwrap()).unwrap();
    header["vkeys"][0].as_str().unwrap().parse().unwrap()
}

fn trusting(key: VerifierKey, held: Vec<Checkpoint>) -> Trust {
    Trust { keys: vec![key], held, ..Trust::default() }
}

async fn an_export_verifies_with_its_contents(server: &TestServer) {
    stock(server).await;
    let size = server.log_size(&server.ours).await;
    let report = verify(&export(server, "").await, Trust::default()).unwrap();
    assert_eq!((report.entries, report.size, report.payloads_checked, report.trusted), (size, size, 0, false));
    assert_eq!((report.organization, report.origin.starts_with("signoff.example/log/org_")), (server.ours.id.to_string(), true));

    let whole = export(server, "?payloads=true").await;
    let report = verify(&whole, trusting(key(&whole), Vec::new())).unwrap();
    // Two queues and a change of one, two tasks, a revision, three reviews, a comment, two reasons, and a batch of three hundred.
    assert_eq!((report.digests, report.payloads_checked, report.tasks), (312, 312, 302));
    assert!(report.trusted);
    assert_eq!(report.entries, size + 1, "the first export is in the log");
    let last = server.events(&server.ours).await.pop().unwrap();
    assert_eq!((&last["type"], &last["actor"]["id"]), (&json!("audit.exported"), &json!(server.ours.auditor.id)));
}

async fn a_changed_export_is_found_out(server: &TestServer) {
    stock(server).await;
    let whole = export(server, "?payloads=true").await;
    for (what, from, to) in [
        ("a decision", "[\"rejected\"]", "[\"approved\"]"),
        ("a name", "Rita", "Sara"),
        ("content", "\"Hi\"", "\"Ho\""),
        ("a reason", "Once more", "Once less"),
        ("a rule", "the address", "the subject"),
    ] {
        assert!(whole.contains(from), "{what}");
        assert!(verify(&whole.replacen(from, to, 1), Trust::default()).is_err(), "{what}");
    }
    let lines: Vec<_> = whole.split_inclusive('\n').collect();
    let entry = lines.iter().position(|line| line.contains("task.submitted")).unwrap();
    let without: String = lines.iter().enumerate().filter(|(i, _)| *i != entry).map(|(_, line)| *line).collect();
    assert!(verify(&without, Trust::default()).is_err());
    let swapped: String = lines[..entry].iter().chain([&lines[entry + 1], &lines[entry]]).chain(&lines[entry + 2..]).copied().collect();
    assert!(verify(&swapped, Trust::default()).is_err());
    let cut: String = lines[..lines.len() - 1].concat();
    assert!(verify(&cut, Trust::default()).is_err());
    // The key of another log is not this one's.
    let theirs = server.get("/v1/audit/export", &server.theirs.auditor.token).await.text;
    assert!(verify(&whole, trusting(key(&theirs), Vec::new())).is_err());
}

async fn a_partial_export_continues_an_earlier_one(server: &TestServer) {
    stock(server).await;
    let first = verify(&export(server, "?to=17").await, Trust::default()).unwrap();
    assert_eq!((first.from, first.size), (0, 17));
    let size = server.log_size(&server.ours).await;
    let rest = verify(&export(server, "?from=17&payloads=true").await, Trust::default()).unwrap();
    assert_eq!((rest.from, rest.size), (17, size));
    assert_eq!(rest.from_root, first.root);
    let middle = verify(&export(server, "?from=100&to=300").await, Trust::default()).unwrap();
    assert_eq!((middle.entries, middle.size), (200, 300));
}

async fn a_checkpoint_is_signed_and_met_by_later_exports(server: &TestServer) {
    server.approval(&server.ours, "early").await;
    let early = checkpoint(server).await;
    assert_eq!(checkpoint(server).await, early, "the same state is signed once");
    stock(server).await;
    let whole = export(server, "").await;
    let key = key(&whole);
    let signed = note::verify(&early, std::slice::from_ref(&key)).unwrap();
    let held: Checkpoint = signed.text.parse().unwrap();
    let report = verify(&whole, trusting(key.clone(), vec![held.clone()])).unwrap();
    assert_eq!(report.held_checked, 1);
    let mut forged = held;
    forged.root[0] ^= 1;
    assert!(verify(&whole, trusting(key, vec![forged])).is_err());
}

fn hashes(answer: &Answer) -> (u64, Hash, Vec<Hash>) {
    let hash = |value: &Value| -> Hash { STANDARD.decode(value.as_str().unwrap()).unwrap().try_into().unwrap() };
    let body = &answer.body;
    (body["size"].as_u64().unwrap(), hash(&body["root"]), body["hashes"].as_array().unwrap().iter().map(hash).collect())
}

/// The leaf hashes, from the entries of an export.
fn leaves(export: &str) -> Vec<Hash> {
    let entries = export.lines().filter_map(|line| line.strip_prefix("{\"seq\":")?.split_once(",\"entry\":")?.1.strip_suffix('}'));
    entries.map(|entry| leaf_hash(entry.as_bytes())).collect()
}

async fn every_entry_is_proved_to_be_in_the_log(server: &TestServer) {
    stock(server).await;
    let leaves = leaves(&export(server, "").await);
    let size = leaves.len() as u64;
    assert!(size > 300, "more than one tile");
    let auditor = &server.ours.auditor.token;
    for seq in (0..size).step_by(37).chain([255, 256, size - 1]) {
        let answer = server.get(&format!("/v1/audit/proof/{seq}?size={size}"), auditor).await;
        let (of, root, path) = hashes(&answer);
        assert_eq!(of, size);
        proof::verify_inclusion(&leaves[usize::try_from(seq).unwrap()], seq, size, &path, &root).unwrap();
    }
    // In an earlier log, and in the one that is now.
    let (of, root, path) = hashes(&server.get("/v1/audit/proof/3?size=100", auditor).await);
    proof::verify_inclusion(&leaves[3], 3, of, &path, &root).unwrap();
    server.seal().await;
    let (of, root, path) = hashes(&server.get("/v1/audit/proof/3", auditor).await);
    assert_eq!(of, size + 1);
    proof::verify_inclusion(&leaves[3], 3, of, &path, &root).unwrap();
}

async fn the_log_is_proved_to_have_only_grown(server: &TestServer) {
    stock(server).await;
    let auditor = &server.ours.auditor.token;
    let size = server.log_size(&server.ours).await;
    let root_at = async |size: u64| hashes(&server.get(&format!("/v1/audit/proof/0?size={size}"), auditor).await).1;
    for (from, to) in [(1, size), (7, 8), (256, 257), (255, size), (100, 300), (size, size)] {
        let (of, root, path) = hashes(&server.get(&format!("/v1/audit/consistency?from={from}&to={to}"), auditor).await);
        assert_eq!(of, to);
        proof::verify_consistency(from, to, &path, &root_at(from).await, &root).unwrap();
    }
}

async fn what_is_beyond_the_log_is_refused(server: &TestServer) {
    let auditor = &server.ours.auditor.token;
    let size = server.log_size(&server.ours).await;
    let get = |path: String| server.get(&path, auditor);
    let beyond = size + 1;
    for path in
        [format!("/v1/audit/proof/{size}"), "/v1/audit/proof/x".into(), "/v1/audit/proof/5?size=5".into(), "/v1/audit/proof/-1".into()]
    {
        let refused = get(path.clone()).await;
        assert!(matches!(refused.status, 400 | 404), "{path}: {}", refused.text);
    }
    get(format!("/v1/audit/proof/0?size={beyond}")).await.refused(400, "validation_error", Some("size"));
    for (query, place) in [
        (format!("from=1&to={beyond}"), "to"),
        ("from=3&to=2".into(), "from"),
        ("from=0&to=2".into(), "from"),
        ("to=2".into(), "from"),
        ("from=1".into(), "to"),
    ] {
        get(format!("/v1/audit/consistency?{query}")).await.refused(400, "validation_error", Some(place));
    }
    for query in [format!("to={beyond}"), "to=0".into(), "from=5&to=4".into(), "from=-1".into(), "payloads=yes".into(), "x=1".into()] {
        let refused = get(format!("/v1/audit/export?{query}")).await;
        assert_eq!((refused.status, &refused.body["code"]), (400, &json!("validation_error")), "{query}: {}", refused.text);
    }
    assert_eq!(server.log_size(&server.ours).await, size, "a refused export is not recorded");
}

async fn only_who_may_sees_the_proof(server: &TestServer) {
    let ours = &server.ours;
    server.seal().await;
    for path in ["/v1/audit/checkpoint", "/v1/audit/export", "/v1/audit/proof/0", "/v1/audit/consistency?from=1&to=2"] {
        for who in [&ours.owner.token, &ours.admin.token, &ours.auditor.token, ours.key("audit:read")] {
            assert_eq!(server.get(path, who).await.status, 200, "{path}");
        }
        for who in [&ours.reviewer.token, &ours.agent, ours.key_without("audit:read")] {
            server.get(path, who).await.refused(403, "permission_denied", None);
        }
    }
    // What another organization exports is its own.
    let theirs = server.get("/v1/audit/export", &server.theirs.auditor.token).await.text;
    assert!(!theirs.contains(&ours.id.to_string()) && !theirs.contains(id(&json!({"id": ours.reviewer.id}))));
}
