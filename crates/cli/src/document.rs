//! `signoff apply` and `signoff export`: queues and members as code.

use std::process::ExitCode;

use clap::Args;
use serde_json::Value;
use signoff_client::Error;
use signoff_wire::{
    apply::{Apply, Change, ChangeKind, Document},
    routing::Routing,
    sla::Sla,
    workflow::{Stage, StageActor},
};

use crate::{
    connection::Session,
    failure::Failure,
    input,
    output::{self, word},
    visible,
};

#[derive(Args)]
pub struct ApplyArgs {
    /// The file; - is standard input
    #[arg(short, long, value_name = "FILE", default_value = "signoff.yaml")]
    file: String,
    /// Only say what would change
    #[arg(long)]
    dry_run: bool,
}

#[derive(Args)]
pub struct ExportArgs {}

pub(crate) async fn apply(session: Session, args: ApplyArgs) -> Result<ExitCode, Failure> {
    let document = read(&args.file)?;
    let changes = session.client.apply(&Apply { document, dry_run: args.dry_run }).await.map_err(in_the_file)?;
    if session.out.json {
        output::json(&changes)?;
    } else {
        output::text(&told(&changes, args.dry_run))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// The server names places in the request, which holds the file's content as its member `document`; the reader looks in the file.
fn in_the_file(error: Error) -> Error {
    let Error::Problem(mut problem) = error else { return error };
    let place = |pointer: String| pointer.strip_prefix("/document").map(str::to_owned).unwrap_or(pointer);
    problem.errors = problem.errors.into_iter().map(|(pointer, wrong)| (place(pointer), wrong)).collect();
    Error::Problem(problem)
}

pub(crate) async fn export(session: Session, _: ExportArgs) -> Result<ExitCode, Failure> {
    let document = session.client.export().await?;
    if session.out.json {
        output::json(&document)?;
    } else {
        output::text(written(&document)?.trim_end())?;
    }
    Ok(ExitCode::SUCCESS)
}

fn read(path: &str) -> Result<Document, Failure> {
    let text = input::file(path)?;
    // Within a JSON Schema there is no type that tells `on` from a text.
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options(&text, options).map_err(|error| Failure::input(format!("{path}: {error}")))
}

/// The document as YAML. Where a text could drive or deceive a terminal it is all in quotes (as JSON, which is YAML too), with such characters as escapes.
fn written(document: &Document) -> Result<String, Failure> {
    let unwritable = |error: &dyn std::fmt::Display| Failure::input(format!("the document cannot be written as YAML: {error}"));
    let mut value = serde_json::to_value(document).map_err(|error| unwritable(&error))?;
    for queue in value["queues"].as_array_mut().into_iter().flatten() {
        drop_nulls(&mut queue["scale"]);
        queue["review_options"].as_array_mut().into_iter().flatten().for_each(drop_nulls);
        queue["stages"].as_array_mut().into_iter().flatten().for_each(drop_defaults_of_stage);
        queue.get_mut("routing").into_iter().for_each(drop_defaults_of_routing);
        queue.get_mut("sla").into_iter().for_each(drop_defaults_of_sla);
        // Looking into what is not there has put a null there.
        drop_nulls(queue);
    }
    for part in ["calendars", "groups", "schedules"] {
        value.get_mut(part).into_iter().for_each(drop_all_nulls);
    }
    let text = serde_saphyr::to_string(&value).map_err(|error| unwritable(&error))?;
    let is_hidden = |letter| !matches!(letter, '\n' | '\t') && visible::is_hidden(letter);
    if !text.contains(is_hidden) {
        return Ok(text);
    }
    let json = serde_json::to_string_pretty(&value).map_err(|error| unwritable(&error))?;
    let escape = |letter| if letter != '\n' && is_hidden(letter) { format!("\\U{:08x}", u32::from(letter)) } else { letter.to_string() };
    Ok(json.chars().map(escape).collect())
}

fn drop_defaults_of_stage(stage: &mut Value) {
    drop_nulls(&mut stage["rule"]);
    let mut default = serde_json::to_value(Stage::new("", StageActor::People)).unwrap_or_default();
    // Who acts is always said.
    default["actor"] = Value::Null;
    drop_defaults(stage, &default);
}

fn drop_defaults_of_routing(routing: &mut Value) {
    drop_defaults(routing, &serde_json::to_value(Routing::default()).unwrap_or_default());
    routing.get_mut("skills").and_then(Value::as_array_mut).into_iter().flatten().for_each(drop_nulls);
}

fn drop_defaults_of_sla(sla: &mut Value) {
    drop_defaults(sla, &serde_json::to_value(Sla::default()).unwrap_or_default());
    for metric in sla.get_mut("metrics").and_then(Value::as_array_mut).into_iter().flatten() {
        metric.get_mut("target_minutes").into_iter().for_each(drop_nulls);
        drop_nulls(metric);
    }
}

/// Leaves out what is at its default anyway.
fn drop_defaults(value: &mut Value, default: &Value) {
    if let Value::Object(object) = value {
        object.retain(|name, member| default.get(name) != Some(member));
    }
}

fn drop_nulls(value: &mut Value) {
    if let Value::Object(object) = value {
        object.retain(|_, member| !member.is_null());
    }
}

/// Drops the nulls of an object, and of all within it.
fn drop_all_nulls(value: &mut Value) {
    drop_nulls(value);
    match value {
        Value::Object(object) => object.values_mut().for_each(drop_all_nulls),
        Value::Array(items) => items.iter_mut().for_each(drop_all_nulls),
        _ => {}
    }
}

fn told(changes: &[Change], dry_run: bool) -> String {
    let width = changes.iter().map(|change| change.to.chars().count()).max().unwrap_or(0);
    let mut lines: Vec<String> = changes
        .iter()
        .flat_map(|change| {
            let sign = match change.kind {
                ChangeKind::Created | ChangeKind::Invited => '+',
                ChangeKind::Updated => '~',
                ChangeKind::Unchanged => '=',
            };
            let parts = if change.parts.is_empty() { String::new() } else { format!(": {}", change.parts.join(", ")) };
            let line = format!("{sign} {:<width$}  {}{parts}", change.to, word(&change.kind));
            let link = change.link.iter().map(|link| format!("    {link}"));
            std::iter::once(line).chain(link).map(|line| visible::line(&line)).collect::<Vec<_>>()
        })
        .collect();
    let count = |kind| changes.iter().filter(|change| change.kind == kind).count();
    let kinds = [ChangeKind::Created, ChangeKind::Updated, ChangeKind::Invited, ChangeKind::Unchanged];
    let counts = kinds.into_iter().filter(|kind| count(*kind) > 0).map(|kind| format!("{} {}", count(kind), word(&kind)));
    let counts = counts.collect::<Vec<_>>().join(", ");
    lines.push(match (changes.is_empty(), dry_run) {
        (true, _) => "The file names nothing.".into(),
        (false, true) => format!("It would be: {counts}. Nothing was changed (--dry-run)."),
        (false, false) => format!("{counts}."),
    });
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn change(kind: ChangeKind, to: &str, parts: &[&str], link: Option<&str>) -> Change {
        let parts = parts.iter().map(|part| (*part).to_owned()).collect();
        Change { kind, to: to.into(), parts, link: link.map(str::to_owned) }
    }

    #[test]
    fn what_changed_is_told_in_lines() {
        let changes = [
            change(ChangeKind::Invited, "member/ann@example.com", &[], Some("http://localhost/app/invitation#x")),
            change(ChangeKind::Created, "queue/refund", &[], None),
            change(ChangeKind::Updated, "queue/email", &["name", "instructions"], None),
            change(ChangeKind::Unchanged, "queue/sql", &[], None),
        ];
        let expected = "\
+ member/ann@example.com  invited
    http://localhost/app/invitation#x
+ queue/refund            created
~ queue/email             updated: name, instructions
= queue/sql               unchanged
1 created, 1 updated, 1 invited, 1 unchanged.";
        assert_eq!(told(&changes, false), expected);
        assert!(told(&changes, true).ends_with("Nothing was changed (--dry-run)."));
    }

    fn survives(special: &str) -> String {
        let json = serde_json::json!({ "queues": [{
            "key": "a", "name": "on", "review_type": "classification", "instructions": format!("# Yes\n\n- no: 1\n  - \"x\"\n\n\ttab{special}\n"),
            "description": " led and trailed ", "summary_template": "{data.x}", "max_selections": 0,
            "review_options": [{ "id": "yes", "label": "1.0", "color": "#aabbcc", "hotkey": "y" }, { "id": "012", "label": "~" }],
            "data_schema": { "type": "object", "properties": { "on": { "enum": ["yes", "no", "on", "1", 1, 1.5, true, null, ""] } }, "required": [] },
            "stages": [
                { "key": "no", "actor": "people", "name": "null", "when": "task.data.x == '1' # \"y\"", "rule": { "type": "role_quorum", "groups": [{ "group": "1", "count": 2 }] },
                  "reviewers": { "groups": ["on"], "member_ids": ["ann@example.com"] }, "on_disagreement": { "stage": "012" }, "on_timeout": "open", "blind": false },
                { "key": "012", "actor": "people", "rule": { "type": "weighted_posterior", "n_max": 5, "threshold": 0.9 } },
                { "key": "p", "actor": "policy", "when": "true", "decide": ["012"] },
            ],
            "otherwise": ["yes"], "leads": ["ann@example.com"], "allow_own_review": true,
            "routing": { "weight": 2, "skills": [{ "skill": "1", "mandatory": false, "drop_after_seconds": 5 }], "excluded_member_ids": ["ann@example.com"] },
            "sla": { "calendar": "on", "metrics": [{ "kind": "total", "target_minutes": { "high": 5 } }], "on_deadline": { "action": "default_answer", "result": ["012", "yes", "~"] } },
        }], "members": [{ "email": "ann@example.com", "role": "reviewer", "name": "null" }] });
        let document: Document = serde_json::from_value(json).unwrap();
        let text = written(&document).unwrap();
        let file = std::env::temp_dir().join(format!("signoff-document-{}-{}", std::process::id(), special.len()));
        std::fs::write(&file, &text).unwrap();
        let again = read(file.to_str().unwrap());
        std::fs::remove_file(&file).unwrap();
        assert_eq!(again.unwrap(), document, "{text}");
        assert!(text.chars().all(|letter| matches!(letter, '\n' | '\t') || !visible::is_hidden(letter)), "{text:?}");
        text
    }

    #[test]
    fn a_document_survives_being_written_and_read() {
        let text = survives("");
        assert!(text.starts_with("queues:\n- key: a\n") && !text.contains("hotkey: null"), "{text}");
        // Nor is there anything of a setting that is at its default.
        assert!(!text.contains("separate:") && !text.contains("sticky_seconds") && !text.contains("type: single"), "{text}");
        survives("\u{1b}\u{9b}\u{202e}\u{e0041}\u{7f}\u{feff}");
    }
}
