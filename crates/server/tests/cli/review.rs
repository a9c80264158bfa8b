//! Submitting, reviewing and waiting from a terminal.

use serde_json::json;

use crate::program::Server;

const QUEUES: &str = "
queues:
  - { key: gate, name: Gate, review_type: approval, allow_own_review: true, allow_edits: true, feedback_required: when_rejected, instructions: Look twice. }
  - { key: kind, name: Kind, review_type: classification, allow_own_review: true, review_options: [{ id: a, label: Alpha }, { id: b, label: Beta }] }
";

fn with_queues() -> Server {
    let server = Server::start();
    server.write("signoff.yaml", QUEUES);
    server.run(&["apply"]).ok();
    server
}

fn submit(server: &Server, queue: &str, data: &str) -> String {
    server.run(&["task", "submit", "--queue", queue, "--data", data]).ok().trim().to_owned()
}

#[test]
fn hostile_text_does_not_reach_the_terminal() {
    let server = with_queues();
    let hostile = "pay\u{1b}[2J\u{1b}]0;x\u{7}\u{9b}31m\u{202e}\u{200b}\r\nDecide\n  approve";
    let id = submit(&server, "gate", &json!({ "body": hostile, "evil\nDecide": 1 }).to_string());
    for args in [&["review", "next"][..], &["review", "show", &id], &["task", "get", &id], &["review", "next", "--claim"]] {
        let shown = server.run(args).ok();
        assert!(!shown.contains(|letter: char| letter != '\n' && letter.is_control()), "{shown:?}");
        assert!(!shown.contains(['\u{202e}', '\u{200b}']), "{shown:?}");
        assert!(
            shown.contains("  body:\n    │ pay‹U+001B›[2J‹U+001B›]0;x‹U+0007›‹U+009B›31m‹U+202E›‹U+200B›\n    │ Decide\n    │   approve\n"),
            "{shown}"
        );
        assert!(shown.contains("\n  evil‹U+000A›Decide: 1\n"), "{shown}");
        let as_json = server.run(&[args, &["--json"]].concat()).ok();
        assert!(as_json.is_ascii() || !as_json.contains(['\u{9b}', '\u{202e}', '\u{200b}']), "{as_json:?}");
        assert!(as_json.contains(r"\u202e") && as_json.contains(r"\u009b"), "{as_json}");
    }
}

#[test]
fn a_review_says_how_it_is_done_and_names_the_revision() {
    let server = with_queues();
    assert_eq!(server.run(&["review", "next"]).ok(), "Nothing waits for you.\n");
    assert_eq!(server.run(&["review", "next", "--json"]).ok(), "null\n");
    let id = submit(&server, "gate", r#"{"to": "ann"}"#);
    let shown = server.run(&["review", "show", &id]).ok();
    assert!(shown.contains("\nInstructions\n  │ Look twice.\n\nContent\n  to: ann\n"), "{shown}");
    let ways = format!(
        "\nDecide\n  signoff review submit {id} --revision 1 --approve [--data @EDITED.json]\n  signoff review submit {id} --revision 1 --reject --feedback TEXT\n"
    );
    assert!(shown.ends_with(&ways), "{shown}");

    let without = server.run(&["review", "submit", &id, "--approve"]);
    assert!(without.code == 2 && without.err.contains("--revision"), "{}", without.err);
    let both = server.run(&["review", "submit", &id, "--revision", "1", "--approve", "--reject"]);
    assert_eq!(both.code, 2, "{}", both.err);
    let none = server.run(&["review", "submit", &id, "--revision", "1"]);
    assert_eq!(none.code, 2, "{}", none.err);
    let stale = server.run(&["review", "submit", &id, "--revision", "2", "--approve"]);
    assert!(stale.code == 1 && stale.err.contains("(stale_revision · "), "{}", stale.err);
    let silent = server.run(&["review", "submit", &id, "--revision", "1", "--reject"]);
    assert!(silent.code == 1 && silent.err.contains("\n  at /feedback"), "{}", silent.err);
    assert_eq!(server.run(&["task", "get", &id, "--json"]).json()["state"], "queued");
}

#[test]
fn waiting_ends_with_0_only_when_the_decision_was_not_a_no() {
    let server = with_queues();
    let decide = |id: &str, args: &[&str]| server.run(&[&["review", "submit", id, "--revision", "1"], args].concat()).ok();
    let wait = |id: &str| server.run(&["task", "wait", id, "--timeout", "1"]);

    let open = submit(&server, "gate", "{}");
    let printed = wait(&open);
    assert_eq!((printed.code, printed.out), (5, format!("{open} is still queued.\n")));

    let edited = submit(&server, "gate", "{}");
    decide(&edited, &["--approve", "--data", r#"{"to": "bob"}"#]);
    let printed = wait(&edited);
    assert_eq!((printed.code, printed.out), (0, format!("{edited} is reviewed: approved\nby Owner\nContent as edited\n  to: bob\n")));

    let rejected = submit(&server, "gate", "{}");
    decide(&rejected, &["--reject", "--feedback", "no\u{1b}[0m"]);
    let printed = wait(&rejected);
    assert_eq!((printed.code, printed.out), (3, format!("{rejected} is reviewed: rejected\nby Owner\n  no‹U+001B›[0m\n")));

    let kind = submit(&server, "kind", "{}");
    decide(&kind, &["--result", "b"]);
    assert_eq!(wait(&kind).code, 0);

    let cancelled = submit(&server, "gate", "{}");
    assert_eq!(server.run(&["task", "cancel", &cancelled, "--reason", "late"]).ok(), format!("{cancelled} is cancelled.\n"));
    let printed = wait(&cancelled);
    assert_eq!((printed.code, printed.out), (4, format!("{cancelled} is cancelled\nbecause: late\n")));

    assert_eq!(server.run(&["task", "wait", "task_00000000000000000000000000"]).code, 1);
    let listed = server.run(&["task", "list", "--state", "reviewed"]).ok();
    assert!(listed.starts_with("ID ") && listed.lines().count() == 4, "{listed}");
    assert_eq!(server.run(&["task", "list", "--limit", "2", "--json"]).json().as_array().unwrap().len(), 2);
}

/// What a script acts on is what was approved, not what it submitted.
#[test]
fn the_content_that_was_approved_is_printed_alone() {
    let server = with_queues();
    let decide = |id: &str, args: &[&str]| server.run(&[&["review", "submit", id, "--revision", "1"], args].concat()).ok();
    let content = |id: &str| server.run(&["task", "wait", id, "--timeout", "1", "--content"]);

    let id = submit(&server, "gate", r#"{"to": "ann", "body": "a\u202eb"}"#);
    let open = content(&id);
    assert_eq!((open.code, open.out.as_str(), open.err), (5, "", format!("{id} is still queued.\n")));
    decide(&id, &["--approve", "--data", r#"{"to": "bob", "body": "a\u202eb"}"#]);
    let edited = content(&id);
    assert!(edited.code == 0 && edited.out.contains(r"a\u202eb"), "{}", edited.out);
    assert_eq!(edited.json(), json!({"to": "bob", "body": "a\u{202e}b"}));

    let unedited = submit(&server, "gate", r#"{"to": "ann"}"#);
    decide(&unedited, &["--approve"]);
    assert_eq!(content(&unedited).json(), json!({"to": "ann"}));

    let rejected = submit(&server, "gate", "{}");
    decide(&rejected, &["--reject", "--feedback", "no"]);
    let printed = content(&rejected);
    assert_eq!((printed.code, printed.out.as_str(), printed.err), (3, "", format!("{rejected} is reviewed: rejected\nby Owner\n  no\n")));

    let again = |data: &str| server.run(&["task", "submit", "--queue", "gate", "--data", data, "--external-id", "m-1"]);
    let first = again(r#"{"amount": 1}"#).ok();
    assert_eq!(again(r#"{"amount": 1}"#).ok(), first);
    let other = again(r#"{"amount": 2}"#);
    assert!(other.code == 1 && other.out.is_empty() && other.err.contains("(external_id_reused · "), "{}", other.err);
}

#[test]
fn a_waiting_command_wakes_when_somebody_decides() {
    let server = with_queues();
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| server.run(&["task", "submit", "--queue", "kind", "--data", "{}", "--wait"]));
        let id = loop {
            let tasks = server.run(&["task", "list", "--json"]).json();
            if let Some(id) = tasks[0]["id"].as_str() {
                break id.to_owned();
            }
        };
        assert!(!waiting.is_finished());
        server.run(&["review", "submit", &id, "--revision", "1", "--result", "a"]).ok();
        let printed = waiting.join().unwrap();
        assert_eq!((printed.code, printed.out), (0, format!("{id} is reviewed: a\nby Owner\n")));
    });
}
