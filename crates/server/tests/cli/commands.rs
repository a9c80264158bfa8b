//! Queues and members as code, keys, members, and how errors are told.

use crate::program::{Printed, Server, free_port, signoff};

const SAMPLE: &str = include_str!("../../sample/signoff.yaml");

#[test]
fn applying_twice_changes_nothing_and_an_export_applies_unchanged() {
    let server = Server::start();
    server.write("signoff.yaml", SAMPLE);
    let tried = server.run(&["apply", "--dry-run"]).ok();
    assert!(tried.ends_with("It would be: 8 created, 3 invited. Nothing was changed (--dry-run).\n"), "{tried}");
    let first = server.run(&["apply"]).ok();
    assert!(first.contains("+ queue/refund                        created\n"), "{first}");
    assert!(first.contains("+ member/priya.raman@example.com      invited\n    http://127.0.0.1:"), "{first}");
    assert!(first.ends_with("8 created, 3 invited.\n"), "{first}");
    let second = server.run(&["apply", "-f", "signoff.yaml"]).ok();
    assert!(second.contains("= queue/refund                        unchanged\n") && second.ends_with("\n11 unchanged.\n"), "{second}");

    let exported = server.run(&["export"]).ok();
    server.write("exported.yaml", &exported);
    let third = server.run(&["apply", "-f", "exported.yaml"]).ok();
    assert!(third.ends_with("\n9 unchanged.\n"), "{third}");
    assert_eq!(server.run(&["export"]).ok(), exported);

    server.write("signoff.yaml", SAMPLE.replace("name: Refund", "name: Refunds"));
    let changed = server.run(&["apply"]).ok();
    assert!(changed.contains("~ queue/refund                        updated: name\n"), "{changed}");
    let changes = server.run(&["apply", "--json"]).json();
    assert!(changes.as_array().unwrap().iter().all(|change| change["kind"] == "unchanged"), "{changes}");
}

#[test]
fn every_example_of_review_operations_can_be_applied() {
    let server = Server::start();
    let page = include_str!("../../../../docs/operations-of-review.md");
    let examples: Vec<&str> = page.split("```yaml\n").skip(1).map(|rest| rest.split("```").next().unwrap()).collect();
    assert!(examples.len() > 4);
    for example in examples {
        server.write("signoff.yaml", example);
        let printed = server.run(&["apply"]);
        // Groups are no part of a file; all else has to be right.
        let mut places = printed.err.lines().filter(|line| line.trim_start().starts_with("at /"));
        let missing = printed.code == 1 && places.all(|place| place.contains("There is no such group"));
        assert!(printed.code == 0 || missing, "{example}{}", printed.err);
        assert!(printed.code == 0 || example.contains("legal"), "{example}{}", printed.err);
    }
    let exported = server.run(&["export"]).ok();
    server.write("signoff.yaml", &exported);
    assert!(server.run(&["apply"]).ok().ends_with(" unchanged.\n"), "{exported}");
    assert_eq!(server.run(&["export"]).ok(), exported);
}

#[test]
fn conditions_are_tried_on_files_and_on_a_queue() {
    let server = Server::start();
    server.write("signoff.yaml", SAMPLE);
    server.run(&["apply"]).ok();
    server.write("task.json", r#"{"data": {"amount": 620, "to": "a\u001b[2J"}}"#);
    server.write("tasks.json", r#"[{"data": {"amount": 5}}, {}]"#);
    std::fs::create_dir(server.folder.path().join("conditions")).unwrap();
    server.write("conditions/large.cel", "task.data.amount > 500\n");
    server.write("conditions/notes.txt", "nothing");
    let printed = server.run(&["policy", "test", "-f", "conditions", "--when", "true", "--task", "task.json", "--task", "tasks.json"]);
    assert_eq!(printed.code, 3, "{}", printed.err);
    let rows: Vec<Vec<&str>> = printed.out.lines().skip(1).map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(rows[0], ["true", "task.json", "true"]);
    assert_eq!(rows[3], ["conditions/large.cel", "task.json", "true"]);
    assert_eq!(rows[4], ["conditions/large.cel", "tasks.json", "false"]);
    assert_eq!(rows[5][..4], ["conditions/large.cel", "tasks.json", "(2)", "fault"]);

    let refund = r#"{"order": "1", "customer": "x", "amount": 700, "currency": "EUR", "reason": "x"}"#;
    server.run(&["task", "submit", "--queue", "refund", "--data", refund]).ok();
    let of_queue = server.run(&["policy", "test", "-f", "conditions/large.cel", "--queue", "refund", "--json"]).json();
    assert_eq!((of_queue[0]["results"].as_array().unwrap().len(), &of_queue[0]["results"][0]["answer"]), (1, &"true".into()));

    server.write("conditions/bad.cel", "task.data.amount >");
    let refused = server.run(&["policy", "test", "-f", "conditions", "--task", "task.json"]);
    assert!(
        refused.code == 1 && refused.err.contains("  at conditions/bad.cel") && refused.err.contains("(at character "),
        "{}",
        refused.err
    );
    let empty = server.run(&["policy", "test", "-f", ".", "--task", "task.json"]);
    assert!(empty.code == 1 && empty.err.contains(".cel"), "{}", empty.err);
}

#[test]
fn a_simulation_prints_what_is_due_when() {
    let server = Server::start();
    server.write("signoff.yaml", SAMPLE);
    server.run(&["apply"]).ok();
    let simulate = ["sla", "simulate", "--queue", "refund", "--at", "2026-11-27T16:30:00[Europe/Berlin]", "--priority", "high"];
    let printed = server.run(&simulate).ok();
    let lines: Vec<String> = printed.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" ")).collect();
    assert_eq!(lines[0], "A task of high priority, time counts at any time.");
    assert_eq!(lines[2], "submitted - - 2026-11-27 15:30:00Z");
    assert_eq!(lines[4], "time_to_assign review due 2026-11-27 16:00:00Z");
    assert_eq!(lines[7], "total any due 2026-11-27 17:30:00Z");
    assert_eq!(lines[8], "deadline - then keep 2026-11-27 19:30:00Z");
    let tried = r#"{"metrics": [{"kind": "total", "target_minutes": {"default": 1}}]}"#;
    let json = server.run(&["sla", "simulate", "--sla", tried, "--at", "2026-11-27T15:30:00Z", "--json"]).json();
    assert_eq!(json["metrics"][0]["due_at"], "2026-11-27T15:31:00Z");
    assert_eq!(server.run(&["sla", "simulate", "--queue", "refund", "--at", "Friday"]).code, 2);
}

#[test]
fn a_file_that_is_wrong_is_told_with_its_place() {
    let server = Server::start();
    server.write("signoff.yaml", "queues:\n  - key: a\n    name: A\n    review_tipe: approval\n");
    let printed = server.run(&["apply"]);
    assert_eq!((printed.code, printed.out.as_str()), (1, ""));
    assert!(printed.err.starts_with("error: signoff.yaml: ") && printed.err.contains("review_tipe"), "{}", printed.err);

    server.write("signoff.yaml", "queues:\n  - { key: a, name: A, review_type: classification }\n");
    let printed = server.run(&["apply"]);
    assert_eq!(printed.code, 1);
    assert!(printed.err.contains("\n  at /queues/0/review_options"), "{}", printed.err);
    let printed = server.run(&["apply", "--json"]);
    let error: serde_json::Value = serde_json::from_str(&printed.err).unwrap();
    assert_eq!((printed.out.as_str(), &error["error"]["code"]), ("", &"validation_error".into()));
    assert!(error["error"]["request_id"].as_str().unwrap().starts_with("req_"));
}

#[test]
fn a_key_is_printed_alone_works_and_ends() {
    let server = Server::start();
    server.write("signoff.yaml", SAMPLE);
    server.run(&["apply"]).ok();
    let key = server.run(&["key", "create", "Mail agent", "--queue", "outbound-email"]).ok();
    assert!(key.starts_with("sk_live_") && key.trim_end().len() == 44 && key.lines().count() == 1, "{key}");
    let key = key.trim();
    let data = r#"{"to": "ann@example.com", "subject": "S", "body": "B"}"#;
    let submit = ["task", "submit", "--queue", "outbound-email", "--data", data, "--external-id", "m-1"];
    let id = server.run_as(key, &submit).ok();
    assert!(id.starts_with("task_"), "{id}");
    assert_eq!(server.run_as(key, &submit).ok(), id, "the same external id is the same task");
    let refused = server.run_as(key, &["task", "submit", "--queue", "outbound-email", "--data", r#"{"to": "x"}"#]);
    assert!(refused.code == 1 && refused.err.contains("(schema_mismatch · req_"), "{}", refused.err);

    let listed = server.run(&["key", "list"]).ok();
    assert!(listed.lines().count() == 2 && listed.contains("Mail agent") && !listed.contains(key), "{listed}");
    let key_id = server.run(&["key", "list", "--json"]).json()[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(server.run(&["key", "revoke", &key_id]).ok(), format!("{key_id} is revoked.\n"));
    let after = server.run_as(key, &submit);
    assert!(after.code == 1 && after.err.contains("authentication_error"), "{}", after.err);
    let test = server.run(&["key", "create", "Trial", "--test", "--scope", "task:read", "--expires-in-days", "1", "--json"]).json();
    assert!(test["key"].as_str().unwrap().starts_with("sk_test_"), "{test}");
    assert_eq!(test["scopes"], serde_json::json!(["task:read"]));
}

#[test]
fn members_are_invited_and_listed_and_the_operator_makes_links_and_tokens() {
    let server = Server::start();
    let link = server.run(&["member", "invite", "ann@example.com", "--role", "auditor"]).ok();
    assert!(link.starts_with(&format!("{}/app/", server.url)) && link.contains('#') && link.lines().count() == 1, "{link}");
    let members = server.run(&["member", "list"]).ok();
    assert!(members.starts_with("ID ") && members.contains("owner@localhost") && members.lines().count() == 2, "{members}");

    let here = |args: &[&str]| Printed::from(signoff(server.folder.path()).args(args).output().unwrap());
    assert!(here(&["login-link"]).ok().starts_with("http://127.0.0.1:8080/app/link#"));
    let link = here(&["login-link", "--public-url", "https://signoff.example", "--json"]).json();
    assert!(link["link"].as_str().unwrap().starts_with("https://signoff.example/app/link#"), "{link}");
    assert_eq!(link["email"], "owner@localhost");
    assert!(here(&["organization", "create", "Other", "--email", "eve@example.com"]).ok().contains("/app/link#"));
    let several = here(&["member", "token", "--email", "eve@example.com"]);
    assert!(several.code == 1 && several.err.contains("--organization"), "{}", several.err);
    let token = here(&["member", "token", "--email", "eve@example.com", "--organization", "Other"]).ok();
    let theirs = server.run_as(token.trim(), &["member", "list", "--json"]).json();
    assert_eq!(theirs.as_array().unwrap().iter().map(|member| &member["email"]).collect::<Vec<_>>(), ["eve@example.com"]);
}

#[test]
fn what_is_missing_is_told_with_what_to_do() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| Printed::from(signoff(folder.path()).args(args).output().unwrap());
    let printed = run(&["task", "list"]);
    assert!(printed.code == 1 && printed.err.contains("hint: Set SIGNOFF_TOKEN"), "{}", printed.err);
    let nobody = format!("http://127.0.0.1:{}", free_port());
    let printed = run(&["task", "list", "--url", &nobody, "--token", "sp_live_x"]);
    assert_eq!(printed.code, 1);
    assert!(printed.err.starts_with(&format!("error: no answer from {nobody}: Connection refused")), "{}", printed.err);
    assert!(printed.err.contains("hint: Is the server running (`signoff serve`)?"), "{}", printed.err);
    let printed = run(&["task", "list", "--url", "localhost:8080", "--token", "sp_live_x"]);
    assert!(printed.code == 1 && printed.err.contains("is not the address of a server"), "{}", printed.err);
    assert!(std::fs::read_dir(folder.path()).unwrap().next().is_none(), "a command over the API makes no files");
}

#[test]
fn completions_know_the_commands() {
    let folder = tempfile::tempdir().unwrap();
    for shell in ["bash", "zsh", "fish"] {
        let script = Printed::from(signoff(folder.path()).args(["completions", shell]).output().unwrap()).ok();
        for name in ["apply", "login-link", "checkpoint", "revoke"] {
            assert!(script.contains(name), "{name} in {shell}");
        }
    }
}
