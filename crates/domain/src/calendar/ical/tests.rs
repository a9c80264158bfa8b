//! Files as calendars export them, and what is wrong with others.

use jiff::civil;
use proptest::prelude::*;

use super::*;
use crate::calendar::tests::{office, pointers};

fn file(events: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Holidays//EN\r\n{events}END:VCALENDAR\r\n")
}

fn event(properties: &str) -> String {
    let lines: String = properties.lines().map(|line| format!("{}\r\n", line.trim())).collect();
    format!("BEGIN:VEVENT\r\n{lines}END:VEVENT\r\n")
}

fn imported(events: &str) -> Import {
    import(&file(events), 2026..=2027).unwrap()
}

fn closed(import: &Import) -> Vec<(String, &str)> {
    import.exceptions.iter().map(|exception| (exception.date.to_string(), exception.label.as_deref().unwrap_or(""))).collect()
}

fn reasons(import: &Import) -> Vec<(&str, &str)> {
    import.notices.iter().map(|notice| (notice.name.as_str(), notice.why.as_str())).collect()
}

#[test]
fn all_day_events_close_their_days() {
    let events = [
        event("UID:1\nDTSTART;VALUE=DATE:20261225\nDTEND;VALUE=DATE:20261227\nSUMMARY:Christmas\\, both days\nTRANSP:TRANSPARENT"),
        event("UID:2\nDTSTART;VALUE=DATE:20260101\nSUMMARY:New Year\nBEGIN:VALARM\nTRIGGER:-PT1H\nSUMMARY:Wake up\nEND:VALARM"),
        event("UID:3\nDTSTART;VALUE=DATE:20260504\nDURATION:P2D\nSUMMARY:Golden Week"),
    ];
    let import = imported(&events.concat());
    let expected = [
        ("2026-01-01", "New Year"),
        ("2026-05-04", "Golden Week"),
        ("2026-05-05", "Golden Week"),
        ("2026-12-25", "Christmas, both days"),
        ("2026-12-26", "Christmas, both days"),
    ];
    assert_eq!(closed(&import), expected.map(|(date, label)| (date.to_owned(), label)));
    assert!(import.exceptions.iter().all(|exception| exception.openings.is_empty()));
    assert!(import.notices.is_empty());
    let calendar = crate::calendar::Calendar { exceptions: import.exceptions, ..office("UTC") };
    assert_eq!(pointers(&calendar), Vec::<String>::new());
}

#[test]
fn yearly_events_close_their_days_in_every_year() {
    let import = imported(&event("DTSTART;VALUE=DATE:20191231\nDTEND;VALUE=DATE:20200102\nRRULE:FREQ=YEARLY\nSUMMARY:Turn"));
    let dates: Vec<_> = closed(&import).into_iter().map(|(date, _)| date).collect();
    // The days that begin in the year before are there as well.
    assert_eq!(dates, ["2026-01-01", "2026-12-31", "2027-01-01", "2027-12-31"]);
}

#[test]
fn dates_are_added_left_out_moved_and_cancelled() {
    let events = [
        event(
            "UID:a\nDTSTART;VALUE=DATE:20250610\nRRULE:FREQ=YEARLY\nRDATE;VALUE=DATE:20260701,20260702\nEXDATE;VALUE=DATE:20260702\nSUMMARY:A",
        ),
        event("UID:a\nRECURRENCE-ID;VALUE=DATE:20260610\nDTSTART;VALUE=DATE:20260612\nSUMMARY:A moved"),
        event("UID:a\nRECURRENCE-ID;VALUE=DATE:20270610\nDTSTART;VALUE=DATE:20270610\nSTATUS:CANCELLED\nSUMMARY:A"),
        event("UID:b\nDTSTART;VALUE=DATE:20260701\nSUMMARY:B"),
    ];
    let import = imported(&events.concat());
    assert_eq!(closed(&import), [("2026-06-12".to_owned(), "A moved"), ("2026-07-01".to_owned(), "A, B")]);
    assert!(import.notices.is_empty());
}

#[test]
fn what_is_left_out_is_named() {
    let events = [
        event("SUMMARY:Meeting\nDTSTART;TZID=Europe/Berlin:20260301T090000"),
        event("SUMMARY:Weekly\nDTSTART;VALUE=DATE:20260301\nRRULE:FREQ=WEEKLY"),
        event("SUMMARY:Off\nDTSTART;VALUE=DATE:20260301\nSTATUS:CANCELLED"),
        event("SUMMARY:Backwards\nDTSTART;VALUE=DATE:20260301\nDTEND;VALUE=DATE:20260301"),
        event("SUMMARY:Long\nDTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20270201"),
        event("SUMMARY:Hours\nDTSTART;VALUE=DATE:20260101\nDURATION:PT5H"),
        event("SUMMARY:Past\nDTSTART;VALUE=DATE:20200301"),
        event("UID:only-an-id\nSUMMARY:\nDTSTART;VALUE=DATE:20260230"),
        event("SUMMARY:Odd\nDTSTART;VALUE=DATE:20260301\nRRULE:FREQ=YEARLY;BYMONTH=4"),
        event("SUMMARY:Twice\nDTSTART;VALUE=DATE:20260301\nRRULE:FREQ=YEARLY\nRRULE:FREQ=YEARLY;BYMONTH=4"),
        event("SUMMARY:Later\nDTSTART;VALUE=DATE:20260301\nRECURRENCE-ID;RANGE=THISANDFUTURE;VALUE=DATE:20260301"),
        event("COMMENT:nothing else"),
        "BEGIN:VTODO\r\nSUMMARY:Tax\r\nEND:VTODO\r\n".to_owned(),
        "BEGIN:VTIMEZONE\r\nBEGIN:STANDARD\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n".to_owned(),
    ];
    let import = imported(&events.concat());
    assert!(import.exceptions.is_empty());
    let not_whole = "It does not last from 1 to 366 whole days.";
    let expected = [
        ("Meeting", "It is not an all-day event: its DTSTART is no date."),
        ("Weekly", "It returns weekly; only yearly rules are followed."),
        ("Off", "It is cancelled."),
        ("Backwards", not_whole),
        ("Long", not_whole),
        ("Hours", not_whole),
        ("Past", "It has no day from 2026 to 2027."),
        ("only-an-id", "It is not an all-day event: its DTSTART is no date."),
        ("Odd", "Its first date does not follow its own rule."),
        ("Twice", "It has more than one rule."),
        ("Later", "It changes all later occurrences, which is not followed."),
        ("VEVENT", "It has no DTSTART."),
        ("VTODO", "Only events are imported."),
    ];
    assert_eq!(reasons(&import), expected);
    assert_eq!(import.notices[0].line, 4);
}

#[test]
fn what_is_no_calendar_is_refused() {
    let inside = file(&event("DTSTART;VALUE=DATE:20260101"));
    let wrong = [
        String::new(),
        "<html></html>".into(),
        "BEGIN:VEVENT\nEND:VEVENT\n".into(),
        inside.replace("END:VEVENT", "END:VTODO"),
        inside.replace("END:VCALENDAR\r\n", ""),
        inside.replace("VERSION:2.0", "VERSION"),
        format!("{inside}X:1\n"),
    ];
    for text in wrong {
        assert!(import(&text, 2026..=2026).is_err(), "{text}");
    }
    assert!(import(&inside, 2026..=2026).is_ok());
}

#[test]
fn limits_hold() {
    let small = file("");
    #[expect(clippy::reversed_empty_ranges, reason = "a caller may pass one")]
    let backwards = 2027..=2026;
    assert!(import(&small, backwards).is_err());
    assert!(import(&small, 2026..=2056).is_err() && import(&small, 2026..=2055).is_ok());
    assert!(import(&small, i16::MIN..=i16::MAX).is_err());
    assert!(import(&format!("{small}{}", "\n".repeat(MAX_BYTES)), 2026..=2026).is_err());
    let long = event("DTSTART;VALUE=DATE:20260101\nDTEND;VALUE=DATE:20270101");
    let years = |count: i16| import(&file(&long.replace("END:VEVENT", "RRULE:FREQ=YEARLY\r\nEND:VEVENT")), 2026..=2025 + count);
    assert_eq!(years(2).unwrap().exceptions.len(), 730);
    assert!(years(3).is_err());
    let many = imported(&event("SUMMARY:Past\nDTSTART;VALUE=DATE:20200301").repeat(150));
    assert_eq!((many.notices.len(), many.further_notices), (100, 50));
    let rules = event("DTSTART;VALUE=DATE:20200301\nRRULE:FREQ=YEARLY");
    assert!(import(&file(&rules.repeat(1_001)), 2026..=2026).is_err());
    let label = format!("SUMMARY:{}\nDTSTART;VALUE=DATE:20260101", "é".repeat(500));
    assert_eq!(imported(&event(&label)).exceptions[0].label.as_ref().unwrap().chars().count(), 120);
}

proptest! {
    /// Whatever stands in a file, it is refused or read, and what is read can be used.
    #[test]
    fn any_text_is_refused_or_gives_a_valid_calendar(
        lines in prop::collection::vec(
            prop_oneof![
                Just("BEGIN:VEVENT".to_owned()), Just("END:VEVENT".to_owned()), Just(" folded".to_owned()),
                "(DTSTART|DTEND|RDATE|EXDATE|RECURRENCE-ID)(;VALUE=DATE)?:(20(19|26|27)[01][0-9][0-3][0-9]|99991231|00010101|.{0,10})",
                "RRULE:FREQ=YEARLY(;(COUNT|INTERVAL|BYMONTH|BYMONTHDAY|BYSETPOS)=-?[0-9]{1,5}){0,3}(;BYDAY=-?[0-9]{0,2}(MO|SU))?",
                "(SUMMARY|DURATION|UID|[A-Z]{1,5})(;[A-Z]=\"?.{0,5}\"?)?:(P[0-9]{1,6}[DW]|.{0,20})",
            ],
            0..14,
        ),
    ) {
        let wrapped = format!("BEGIN:VEVENT\n{}\nEND:VEVENT\n", lines.join("\n"));
        if let Ok(import) = import(&file(&wrapped), 2026..=2027) {
            prop_assert!(import.exceptions.is_sorted_by(|first, second| first.date < second.date));
            let within = |date: Date| date >= civil::date(2026, 1, 1) && date <= civil::date(2027, 12, 31);
            prop_assert!(import.exceptions.iter().all(|exception| within(exception.date)));
            let calendar = crate::calendar::Calendar { exceptions: import.exceptions, ..office("UTC") };
            prop_assert_eq!(pointers(&calendar), Vec::<String>::new());
        }
    }
}
