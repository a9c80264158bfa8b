//! Exporting the log and checking exports: what is found is the exit code.

use crate::program::Server;

fn with_a_log() -> Server {
    let server = Server::start();
    server.write("signoff.yaml", "queues:\n  - { key: gate, name: Gate, review_type: approval, allow_own_review: true }\n");
    server.run(&["apply"]).ok();
    for n in 0..3 {
        let id = server.run(&["task", "submit", "--queue", "gate", "--data", &format!("{{\"n\": {n}}}")]).ok();
        server.run(&["review", "submit", id.trim(), "--revision", "1", "--approve"]).ok();
    }
    server
}

#[test]
fn a_good_export_is_ok_a_changed_one_tampered_and_a_shortened_one_incomplete() {
    let server = with_a_log();
    let checkpoint = server.run(&["audit", "checkpoint"]).ok();
    server.write("checkpoint", &checkpoint);
    let said = server.run(&["audit", "export", "--output", "log.ndjson", "--payloads"]).ok();
    assert!(said.ends_with(" entries in log.ndjson\n"), "{said}");
    let again = server.run(&["audit", "export", "--output", "log.ndjson"]);
    assert!(again.code == 1 && again.err.starts_with("error: cannot write log.ndjson: "), "{}", again.err);

    let good = server.run(&["audit", "verify", "log.ndjson"]).ok();
    assert!(
        good.starts_with("ok: ") && good.contains("\n  contents     ") && good.contains("compare it with the one that you know (--key)"),
        "{good}"
    );
    let verdict = server.run(&["audit", "verify", "log.ndjson", "--json"]).json();
    assert_eq!(verdict["verdict"], "ok");
    assert_eq!(verdict["report"]["payloads_checked"], verdict["report"]["digests"]);
    let key = verdict["report"]["vkeys"][0].as_str().unwrap().to_owned();
    let known = server.run(&["audit", "verify", "log.ndjson", "--key", &key, "--checkpoint", "checkpoint", "--json"]).json();
    assert_eq!((&known["report"]["trusted"], &known["report"]["held_checked"]), (&true.into(), &1.into()));

    let text = String::from_utf8(server.read("log.ndjson")).unwrap();
    let verify = |name: &str, text: &str| {
        server.write(name, text);
        let printed = server.run(&["audit", "verify", name]);
        (printed.code, printed.out.split(':').next().unwrap_or_default().to_owned())
    };
    let changed = text.replacen("task.submitted", "task.cancelled", 1);
    assert_ne!(changed, text);
    assert_eq!(verify("changed", &changed), (1, "tampered".into()));
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let dropped: String = lines.iter().enumerate().filter(|(line, _)| *line != 4).map(|(_, line)| *line).collect();
    assert_eq!(verify("dropped", &dropped), (1, "tampered".into()));
    for end in [0, lines[0].len() - 1, text.len() / 2, text.len() - 1] {
        assert_eq!(verify("shortened", &text[..end]), (2, "incomplete".into()), "{end}");
    }
    assert_eq!(verify("shortened", &lines[..lines.len() - 1].concat()), (2, "incomplete".into()));
    assert_eq!(server.run(&["audit", "verify", "nowhere"]).code, 2);
    assert_eq!(server.run(&["audit", "verify", "log.ndjson", "--checkpoint", "log.ndjson"]).code, 2);

    let other = with_a_log();
    other.run(&["audit", "export", "--output", "log.ndjson"]).ok();
    let foreign = other.run(&["audit", "verify", "log.ndjson", "--key", &key, "--json"]);
    let finding: serde_json::Value = serde_json::from_str(&foreign.out).unwrap();
    assert_eq!((foreign.code, &finding["verdict"]), (1, &"tampered".into()));
}

#[test]
fn standard_output_takes_the_export_and_parts_fit_together() {
    let server = with_a_log();
    let whole = server.run(&["audit", "export", "--to", "6"]).ok();
    server.write("first", whole);
    server.write("second", server.run(&["audit", "export", "--from", "6"]).ok());
    let first = server.run(&["audit", "verify", "first", "--json"]).json();
    let second = server.run(&["audit", "verify", "second", "--json"]).json();
    assert_eq!((first["report"]["size"].as_u64(), second["report"]["from"].as_u64()), (Some(6), Some(6)));
    assert_eq!(first["report"]["root"], second["report"]["from_root"]);
    let refused = server.run(&["audit", "export", "--from", "900000"]);
    assert!(refused.code == 1 && refused.out.is_empty() && refused.err.contains("The log has "), "{}", refused.err);
}
