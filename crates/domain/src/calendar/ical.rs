//! Holidays from an iCalendar file (RFC 5545): each all-day event closes its days.
//!
//! Read are `VEVENT`s with dates, their yearly rules, further and left-out dates, and single occurrences that were moved or cancelled. What else a file holds
//! leaves a notice that names it, so that nobody takes a day for closed that is not. Whether an event is marked as busy time does not matter: holiday
//! calendars mostly are not.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    ops::RangeInclusive,
};

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

use self::{lines::Line, rule::Rule};
use super::{CalendarException, MAX_EXCEPTIONS, MAX_LABEL};
use crate::{Code, Refusal};

mod lines;
mod rule;

/// The largest file in bytes.
pub const MAX_BYTES: usize = 1 << 20;
/// Over how many years events are expanded at most.
pub const MAX_YEARS: i16 = 30;
/// How many events with a rule a file has at most.
const MAX_RULES: usize = 1_000;
/// How many days an event lasts at most.
const MAX_DAYS: i32 = 366;
/// How many notices are given in full.
const MAX_NOTICES: usize = 100;
/// The first year of an import, and of an event with a rule.
const FIRST_YEAR: i16 = 1900;
/// The last year of an import.
const LAST_YEAR: i16 = 2200;
/// How many summaries the label of a date is made of at most.
const MAX_SUMMARIES: usize = 10;

/// What a file was found to hold.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Import {
    /// The closed dates, in order, each once.
    pub exceptions: Vec<CalendarException>,
    /// What was left out, in the order of the file.
    pub notices: Vec<Notice>,
    /// How many more notices there would be.
    pub further_notices: usize,
}

/// Something that was left out of an import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The line at which it begins, from 1.
    pub line: usize,
    /// What the file calls it: its summary, else its id, else what kind of thing it is.
    pub name: String,
    /// Why, in a sentence.
    pub why: String,
}

/// The closed dates of a file that lie in these years.
///
/// # Errors
/// [`Code::ValidationError`] when the text is larger than [`MAX_BYTES`] or no iCalendar text, when the years are none, before 1900, after 2200 or more than [`MAX_YEARS`], and when more
/// than [`MAX_EXCEPTIONS`] dates would be closed.
pub fn import(text: &str, years: RangeInclusive<i16>) -> Result<Import, Refusal> {
    let refuse = |detail: String| Refusal::new(Code::ValidationError, detail);
    if text.len() > MAX_BYTES {
        return Err(refuse("An iCalendar file has at most 1 MiB.".into()));
    }
    let (first, last) = (*years.start(), *years.end());
    if first < FIRST_YEAR || last > LAST_YEAR || first > last || last - first >= MAX_YEARS {
        return Err(refuse(format!("The years must be in order, from {FIRST_YEAR} to {LAST_YEAR}, and at most {MAX_YEARS}.")));
    }
    let lines = lines::read(text).map_err(|line| refuse(format!("Line {line} is not one of an iCalendar file.")))?;
    let mut notices = Vec::new();
    let events = events(&lines, &mut notices).map_err(refuse)?;
    if events.iter().filter(|event| event.rule.is_some()).count() > MAX_RULES {
        return Err(refuse(format!("At most {MAX_RULES} events return yearly.")));
    }
    // Dates on which an event was moved or cancelled once.
    let mut moved: HashMap<&str, HashSet<Date>> = HashMap::new();
    for (id, date) in events.iter().filter_map(|event| Some((event.id.as_deref()?, event.instead_of?))) {
        moved.entry(id).or_default().insert(date);
    }
    let mut closed: BTreeMap<Date, Vec<&str>> = BTreeMap::new();
    for event in &events {
        let left_out = if event.instead_of.is_none() { event.id.as_deref().and_then(|id| moved.get(id)) } else { None };
        let begins = event.begins(first - 1, last).into_iter().filter(|date| left_out.is_none_or(|left_out| !left_out.contains(date)));
        let mut any = false;
        for date in begins.flat_map(|begin| std::iter::successors(Some(begin), |date| date.tomorrow().ok()).take(event.days)) {
            if !years.contains(&date.year()) {
                continue;
            }
            any = true;
            let labels = closed.entry(date).or_default();
            if let Some(label) = event.summary.as_deref()
                && labels.len() < MAX_SUMMARIES
                && !labels.contains(&label)
            {
                labels.push(label);
            }
            if closed.len() > MAX_EXCEPTIONS {
                return Err(refuse(format!("The file closes more than {MAX_EXCEPTIONS} dates from {first} to {last}.")));
            }
        }
        if !any && !event.cancelled {
            notices.push(event.notice(format!("It has no day from {first} to {last}.")));
        }
    }
    notices.sort_by_key(|notice| notice.line);
    let further_notices = notices.len().saturating_sub(MAX_NOTICES);
    notices.truncate(MAX_NOTICES);
    let exceptions = closed.into_iter().map(|(date, labels)| CalendarException { date, openings: Vec::new(), label: label(&labels) });
    Ok(Import { exceptions: exceptions.collect(), notices, further_notices })
}

/// The summaries of the events of one date, as long as they fit.
fn label(summaries: &[&str]) -> Option<String> {
    let mut label = summaries.join(", ");
    if let Some((cut, _)) = label.char_indices().nth(MAX_LABEL) {
        label.truncate(cut);
    }
    (!label.is_empty()).then_some(label)
}

/// An all-day event.
#[derive(Debug)]
struct Event {
    line: usize,
    id: Option<String>,
    summary: Option<String>,
    start: Date,
    /// How many days it lasts.
    days: usize,
    rule: Option<Rule>,
    further: Vec<Date>,
    left_out: HashSet<Date>,
    /// The occurrence that this one stands instead of.
    instead_of: Option<Date>,
    cancelled: bool,
}

impl Event {
    /// The dates on which it begins, in the years from about `first` to `last`.
    fn begins(&self, first: i16, last: i16) -> Vec<Date> {
        if self.cancelled {
            return Vec::new();
        }
        let mut dates = self.rule.as_ref().map_or_else(|| vec![self.start], |rule| rule.dates(self.start, first, last));
        dates.extend(&self.further);
        dates.retain(|date| !self.left_out.contains(date));
        dates
    }

    fn notice(&self, why: String) -> Notice {
        let name = self.summary.as_ref().or(self.id.as_ref());
        notice(self.line, name.map_or("VEVENT", |name| name), why)
    }
}

fn notice(line: usize, name: &str, why: String) -> Notice {
    Notice { line, name: name.chars().take(MAX_LABEL).collect(), why }
}

/// The all-day events of a file; whatever else it holds leaves a notice.
fn events(lines: &[Line], notices: &mut Vec<Notice>) -> Result<Vec<Event>, String> {
    let mut events = Vec::new();
    // The components that are open, each with the index of the line that opens it.
    let mut open: Vec<(String, usize)> = Vec::new();
    let mut properties: Vec<&Line> = Vec::new();
    let mut calendars = 0;
    for (i, line) in lines.iter().enumerate() {
        let component = line.value.trim().to_ascii_uppercase();
        match (line.name.as_str(), open.len()) {
            ("BEGIN", 0) if component == "VCALENDAR" => {
                calendars += 1;
                open.push((component, i));
            }
            (_, 0) => return Err(format!("Line {} stands outside of a VCALENDAR.", line.number)),
            ("BEGIN", depth) => {
                if depth == 1 {
                    properties.clear();
                }
                open.push((component, i));
            }
            ("END", depth) => {
                let (name, begun) = open.pop().filter(|(name, _)| *name == component).ok_or_else(|| {
                    format!("Line {} ends a {} that is not open.", line.number, component.chars().take(MAX_LABEL).collect::<String>())
                })?;
                let begun = lines.get(begun).map_or(line.number, |begun| begun.number);
                match (name.as_str(), depth) {
                    ("VEVENT", 2) => match event(begun, &properties) {
                        Ok(event) => events.push(event),
                        Err(skipped) => notices.push(skipped),
                    },
                    // Zones matter to times only, and there are none.
                    (_, 1) | ("VTIMEZONE", _) => {}
                    (other, 2) => notices.push(notice(begun, other, "Only events are imported.".into())),
                    // What stands inside an event, such as its alarms.
                    _ => {}
                }
            }
            (_, 2) => properties.push(line),
            _ => {}
        }
    }
    match open.last() {
        Some((name, _)) => Err(format!("The file ends inside a {}.", name.chars().take(MAX_LABEL).collect::<String>())),
        None if calendars == 0 => Err("The file holds no VCALENDAR.".into()),
        None => Ok(events),
    }
}

/// The event of these properties.
fn event(line: usize, properties: &[&Line]) -> Result<Event, Notice> {
    let of = |name: &str| properties.iter().copied().find(|property| property.name == name);
    let id = of("UID").map(Line::text).filter(|id| !id.is_empty());
    let summary = of("SUMMARY").map(Line::text).filter(|summary| !summary.is_empty());
    let name = summary.clone().or_else(|| id.clone()).unwrap_or_else(|| "VEVENT".into());
    let skip = |why: &str| notice(line, &name, why.to_owned());
    let start = of("DTSTART").ok_or_else(|| skip("It has no DTSTART."))?;
    let start = date(start).ok_or_else(|| skip("It is not an all-day event: its DTSTART is no date."))?;
    let instead_of = match of("RECURRENCE-ID") {
        Some(property) if property.parameter("RANGE").is_some() => {
            return Err(skip("It changes all later occurrences, which is not followed."));
        }
        Some(property) => Some(date(property).ok_or_else(|| skip("Its RECURRENCE-ID is no date."))?),
        None => None,
    };
    let cancelled = of("STATUS").is_some_and(|status| status.value.trim().eq_ignore_ascii_case("CANCELLED"));
    if cancelled && instead_of.is_none() {
        return Err(skip("It is cancelled."));
    }
    let days = match (of("DTEND"), of("DURATION")) {
        (Some(end), _) => date(end).and_then(|end| i32::try_from(end.duration_since(start).as_hours() / 24).ok()),
        (None, Some(duration)) => whole_days(&duration.value),
        (None, None) => Some(1),
    };
    let days = days.filter(|days| (1..=MAX_DAYS).contains(days)).and_then(|days| usize::try_from(days).ok());
    let days = days.ok_or_else(|| skip("It does not last from 1 to 366 whole days."))?;
    let mut rules = properties.iter().filter(|property| property.name == "RRULE");
    let rule = rules.next().map(|rule| Rule::read(rule.value.trim(), start)).transpose().map_err(|why| skip(&why))?;
    if rules.next().is_some() || of("EXRULE").is_some() {
        return Err(skip("It has more than one rule."));
    }
    if let Some(rule) = &rule {
        if start.year() < FIRST_YEAR {
            return Err(skip("It began before 1900."));
        }
        // What follows from the rest, RFC 5545 leaves open.
        if rule.dates(start, start.year(), start.year()).first() != Some(&start) {
            return Err(skip("Its first date does not follow its own rule."));
        }
    }
    let further = dates(properties, "RDATE").ok_or_else(|| skip("Its RDATE is no list of dates."))?;
    let left_out = dates(properties, "EXDATE").ok_or_else(|| skip("Its EXDATE is no list of dates."))?;
    let left_out = left_out.into_iter().collect();
    Ok(Event { line, id, summary, start, days, rule, further, left_out, instead_of, cancelled })
}

/// The value, if it is a date. Some programs forget to say so with `VALUE=DATE`; a time has more digits.
fn date(property: &Line) -> Option<Date> {
    rule::date(property.value.trim())
}

/// The dates of all properties of this name.
fn dates(properties: &[&Line], name: &str) -> Option<Vec<Date>> {
    let values = properties.iter().filter(|property| property.name == name).flat_map(|property| property.value.split(','));
    values.map(|value| rule::date(value.trim())).collect()
}

/// A duration of whole days or weeks: `P2D`, `P1W`.
fn whole_days(text: &str) -> Option<i32> {
    let text = text.trim().trim_start_matches('+').strip_prefix('P')?;
    let number = |text: &str| text.parse::<u16>().ok().map(i32::from);
    match (text.strip_suffix('D'), text.strip_suffix('W')) {
        (Some(days), _) => number(days),
        (_, Some(weeks)) => number(weeks).map(|weeks| weeks * 7),
        _ => None,
    }
}

#[cfg(test)]
mod tests;
