//! Calendars, groups and on-call schedules on the wire.

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Timestamp;

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
#[expect(missing_docs, reason = "the days name themselves")]
pub enum Weekday {
    Monday,
    Tuesday,
    Wednesday,
    Thursday,
    Friday,
    Saturday,
    Sunday,
}

/// Hours of days of the week.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Opening {
    /// The days on which it begins.
    #[schema(min_items = 1, max_items = 7)]
    pub days: Vec<Weekday>,
    /// When it begins, `HH:MM` on the wall clock, from 00:00 to 23:59.
    pub from: String,
    /// When it ends, up to 24:00. At or before `from` it ends on the next day.
    pub to: String,
}

/// Hours of one date.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DateOpening {
    /// When it begins.
    pub from: String,
    /// When it ends.
    pub to: String,
}

/// A date on which the week does not hold: only these openings do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarException {
    /// The date, in the zone of the calendar.
    #[schema(value_type = String, format = Date)]
    pub date: Date,
    /// When it is open; empty is closed all day.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub openings: Vec<DateOpening>,
    /// Why.
    #[serde(default)]
    #[schema(max_length = 120)]
    pub label: Option<String>,
}

/// When work is done.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarDefinition {
    /// The name of a zone in the IANA database: `Europe/Berlin`.
    pub time_zone: String,
    /// The hours of an ordinary week; no two overlap.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub weekly: Vec<Opening>,
    /// The dates on which other hours hold.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub exceptions: Vec<CalendarException>,
}

/// A calendar.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Calendar {
    /// What queues and members call it.
    pub key: String,
    /// The name of a zone in the IANA database.
    pub time_zone: String,
    /// The hours of an ordinary week.
    pub weekly: Vec<Opening>,
    /// The dates on which other hours hold.
    pub exceptions: Vec<CalendarException>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// Closes the days of an iCalendar file's all-day events.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ImportHolidays {
    /// The file (RFC 5545).
    pub ical: String,
    /// In which years, all within 30.
    #[schema(min_items = 1, max_items = 30)]
    pub years: Vec<i16>,
}

/// Something that an import left out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportNotice {
    /// The line of the file at which it begins, from 1.
    pub line: usize,
    /// What the file calls it.
    pub name: String,
    /// Why.
    pub why: String,
}

/// What an import did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ImportedHolidays {
    /// The calendar as it is now.
    pub calendar: Calendar,
    /// How many dates were closed that had no exception before.
    pub added: usize,
    /// How many dates had an exception already, which stays as it is.
    pub kept: usize,
    /// What was left out, at most 100 in full.
    pub notices: Vec<ImportNotice>,
    /// How many more notices there would be.
    pub further_notices: usize,
}

/// Members that queues, stages and escalations name together.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupDefinition {
    /// What people call it.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 120)]
    pub name: Option<String>,
    /// Who belongs to it.
    #[schema(max_items = 10_000)]
    pub member_ids: Vec<String>,
}

/// A group of members.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Group {
    /// What queues call it.
    pub key: String,
    /// What people call it.
    pub name: Option<String>,
    /// Who belongs to it.
    pub member_ids: Vec<String>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// How often the turn changes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Rotation {
    /// Every day.
    Daily,
    /// Every week.
    Weekly,
    /// Every so many hours on the wall clock, 1–8784.
    Hours(i64),
}

/// People who take turns.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Layer {
    /// What people call it; unique in the schedule.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// Who takes turns, in this order: ids of members, in a document their e-mail addresses.
    #[schema(min_items = 1, max_items = 100)]
    pub participants: Vec<String>,
    /// How often the turn changes.
    pub rotation: Rotation,
    /// When it changes, `HH:MM` on the wall clock.
    pub handoff: String,
    /// The day on which a weekly turn changes; for weekly rotation only.
    #[serde(default)]
    pub handoff_weekday: Option<Weekday>,
    /// The date on which, at `handoff`, the first participant's turn begins.
    #[schema(value_type = String, format = Date)]
    pub starts_on: Date,
    /// The hours in which the layer has somebody on duty; empty is always.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub restrictions: Vec<Opening>,
}

/// Somebody stands in for a period.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Override {
    /// Who.
    pub member_id: String,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// Why.
    #[serde(default)]
    #[schema(max_length = 500)]
    pub reason: Option<String>,
}

/// Who is reached when nobody is on duty.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum GapAction {
    /// Nobody.
    Nobody,
    /// The lead of the queue.
    #[default]
    QueueLead,
}

/// Who is on duty when.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleDefinition {
    /// The name of a zone in the IANA database.
    pub time_zone: String,
    /// Its layers; the last one wins.
    #[schema(min_items = 1, max_items = 10)]
    pub layers: Vec<Layer>,
    /// Who stands in when. No two overlap.
    #[serde(default)]
    #[schema(max_items = 1000)]
    pub overrides: Vec<Override>,
    /// Who is reached when nobody is on duty.
    #[serde(default)]
    pub gap_action: GapAction,
}

/// An on-call schedule.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Schedule {
    /// What escalations call it.
    pub key: String,
    /// The name of a zone in the IANA database.
    pub time_zone: String,
    /// Its layers; the last one wins.
    pub layers: Vec<Layer>,
    /// Who stands in when.
    pub overrides: Vec<Override>,
    /// Who is reached when nobody is on duty.
    pub gap_action: GapAction,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// Why somebody is on duty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ShiftSource {
    /// By the override at this position.
    Override(usize),
    /// It is their turn in the layer of this name.
    Layer(String),
    /// Nobody is on duty.
    Gap,
}

/// A period in which the same member is on duty for the same reason, or nobody is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Shift {
    /// Who; nobody in a gap.
    pub member_id: Option<String>,
    /// From when.
    pub from: Timestamp,
    /// Until when.
    pub to: Timestamp,
    /// Why.
    pub source: ShiftSource,
}

/// Who is on call at an instant, and who is next.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OnCall {
    /// The instant.
    pub at: Timestamp,
    /// Who is on call then; nobody in a gap.
    pub member_id: Option<String>,
    /// Why.
    pub source: ShiftSource,
    /// Who would have been on call, and is absent.
    pub passed_over: Vec<String>,
    /// The shifts of the week from then on, as planned: 50 at the most.
    pub shifts: Vec<Shift>,
}
