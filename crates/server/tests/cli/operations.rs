//! Who reviews what, from a terminal: calendars, groups, schedules, presence, offers, absences, delegations, and why.

use crate::program::{Server, wait_until};

const CALENDAR: &str = "time_zone: Europe/Berlin\nweekly:\n- days: [monday, friday]\n  from: '09:00'\n  to: '17:00'\n";
const HOLIDAYS: &str = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261225\r\nSUMMARY:Christmas\r\nEND:VEVENT\r\n\
    BEGIN:VEVENT\r\nUID:2\r\nDTSTART:20260601T100000Z\r\nSUMMARY:Meeting\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
const PERIOD: [&str; 4] = ["--from", "2100-01-01T00:00:00Z", "--to", "2100-01-02T00:00:00Z"];

fn owner(server: &Server) -> String {
    server.run(&["member", "list", "--json"]).json()[0]["id"].as_str().unwrap().to_owned()
}

#[test]
fn what_queues_name_is_kept_in_files() {
    let server = Server::start();
    server.write("berlin.yaml", CALENDAR);
    server.write("holidays.ics", HOLIDAYS);
    assert_eq!(server.run(&["calendar", "put", "berlin", "-f", "berlin.yaml"]).ok(), "calendar/berlin is as the file says.\n");
    let imported = server.run(&["calendar", "import", "berlin", "-f", "holidays.ics", "--year", "2026"]).ok();
    assert!(imported.starts_with("1 dates closed, 0 had an exception already.\nleft out: line 7, Meeting: "), "{imported}");
    let shown = server.run(&["calendar", "show", "berlin"]).ok();
    server.write("again.yaml", &shown);
    server.run(&["calendar", "put", "berlin", "-f", "again.yaml"]).ok();
    assert_eq!(server.run(&["calendar", "show", "berlin"]).ok(), shown);
    assert!(server.run(&["calendar", "list"]).ok().contains("berlin  Europe/Berlin  1         1"));
    server.write("wrong.yaml", CALENDAR.replace("Berlin", "Nowhere"));
    let wrong = server.run(&["calendar", "put", "berlin", "-f", "wrong.yaml"]);
    assert!(wrong.code == 1 && wrong.err.contains("at /time_zone"), "{}", wrong.err);

    let owner = owner(&server);
    assert_eq!(server.run(&["group", "put", "legal", "--name", "Legal", "--member", &owner]).ok(), "group/legal has 1 members.\n");
    let layer = format!("[{{name: Day, participants: [{owner}], rotation: daily, handoff: '09:00', starts_on: 2020-01-01}}]");
    server.write("schedule.yaml", format!("time_zone: UTC\nlayers: {layer}\n"));
    server.run(&["schedule", "put", "payments", "-f", "schedule.yaml"]).ok();
    let on_call = server.run(&["schedule", "on-call", "payments", "--at", "2026-01-01T10:00:00Z"]).ok();
    assert!(on_call.starts_with(&format!("{owner} at 2026-01-01 10:00:00Z, layer Day\n")), "{on_call}");

    let exported = server.run(&["export"]).ok();
    assert!(exported.contains("groups:\n- key: legal\n") && !exported.contains("null"), "{exported}");
    server.write("signoff.yaml", &exported);
    assert!(server.run(&["apply"]).ok().contains("= schedule/payments"), "{exported}");
    for (kind, key) in [("schedule", "payments"), ("group", "legal"), ("calendar", "berlin")] {
        assert_eq!(server.run(&[kind, "delete", key]).ok(), format!("{kind}/{key} is deleted.\n"));
    }
}

#[test]
fn an_offer_is_taken_or_not_and_explained() {
    let server = Server::start();
    let owner = owner(&server);
    server.write("signoff.yaml", "queues:\n- { key: mails, name: Mails, review_type: approval, assignment: round_robin }\n");
    server.run(&["apply"]).ok();
    let key = server.run(&["key", "create", "agent"]).ok();
    let submit = || server.run_as(key.trim(), &["task", "submit", "--queue", "mails", "--data", "{}"]).ok().trim().to_owned();

    assert_eq!(server.run(&["presence", "away"]).ok(), "You are away.\n");
    let task = submit();
    wait_until("nobody is found", || server.run(&["explain", &task, "--json"]).json()["last"].is_object());
    let explained = server.run(&["explain", &task]).ok();
    assert!(
        explained.contains("  nobody: the filter presence left nobody\n") && explained.contains("The member is not online."),
        "{explained}"
    );
    server.run(&["presence", "online"]).ok();
    wait_until("it is offered", || server.run(&["offer", "list"]).ok().contains(&task));
    assert_eq!(server.run(&["offer", "accept", &task]).ok(), format!("{task} is yours to review.\n"));
    let ended = server.run(&["offer", "accept", &task]);
    assert!(ended.code == 1 && ended.err.contains("offer has ended"), "{}", ended.err);

    let task = submit();
    wait_until("it is offered", || server.run(&["offer", "list", "--json"]).json().as_array().is_some_and(|offers| offers.len() == 1));
    assert_eq!(server.run(&["offer", "decline", &task, "--reason", "No"]).ok(), format!("{task} is declined.\n"));
    let explained = server.run(&["explain", &task, "--json"]).json();
    assert_eq!((&explained["members"][0]["member_id"], &explained["members"][0]["stopped_by"]), (&owner.into(), &"declined".into()));
}

#[test]
fn who_is_away_and_who_decides_instead_is_said_and_taken_back() {
    let server = Server::start();
    let owner = owner(&server);
    server.write("signoff.yaml", "queues:\n- { key: mails, name: Mails, review_type: approval }\n");
    server.run(&["apply"]).ok();
    let with = |words: &[&str], further: &[&str]| server.run(&[words, &PERIOD[..], further].concat());
    let preview = with(&["absence", "preview"], &["--member", &owner]).ok();
    assert!(preview.contains("mails  anybody  2100-01-01 00:00:00Z  2100-01-02 00:00:00Z"), "{preview}");
    assert_eq!(with(&["absence", "preview"], &[]).ok(), "No queue would be without somebody.\n");
    let absence = with(&["absence", "create"], &["--open-work", "return", "--reason", "Holiday"]).ok();
    assert!(server.run(&["absence", "list"]).ok().contains("return     Holiday"));
    server.run(&["absence", "revoke", absence.trim()]).ok();
    assert_eq!(server.run(&["absence", "list", "--json"]).json(), serde_json::json!([]));

    server.run(&["group", "put", "deputies"]).ok();
    let delegation = with(&["delegation", "create"], &["--group", "deputies", "--queue", "mails", "--always"]).ok();
    assert!(server.run(&["delegation", "list"]).ok().contains("group deputies"));
    let used = server.run(&["group", "delete", "deputies"]);
    assert!(used.code == 1 && used.err.contains(delegation.trim()), "{}", used.err);
    server.run(&["delegation", "revoke", delegation.trim()]).ok();
    server.run(&["group", "delete", "deputies"]).ok();
}
