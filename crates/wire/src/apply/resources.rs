//! Calendars, groups and schedules as code. People stand in them by their e-mail address.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{
    Timestamp,
    resource::{CalendarException, GapAction, Layer, Opening},
};

/// A calendar as code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CalendarDocument {
    /// What queues and members call it.
    #[schema(pattern = "^[a-z0-9][a-z0-9_-]{0,62}$")]
    pub key: String,
    /// The name of a zone in the IANA database.
    pub time_zone: String,
    /// The hours of an ordinary week.
    #[serde(default)]
    #[schema(max_items = 50)]
    pub weekly: Vec<Opening>,
    /// The dates on which other hours hold.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub exceptions: Vec<CalendarException>,
}

/// A group as code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct GroupDocument {
    /// What queues call it.
    #[schema(pattern = "^[a-z0-9][a-z0-9_-]{0,62}$")]
    pub key: String,
    /// What people call it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Who belongs to it, by e-mail address.
    #[schema(max_items = 10_000)]
    pub members: Vec<String>,
}

/// A schedule as code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScheduleDocument {
    /// What escalations call it.
    #[schema(pattern = "^[a-z0-9][a-z0-9_-]{0,62}$")]
    pub key: String,
    /// The name of a zone in the IANA database.
    pub time_zone: String,
    /// Its layers, with the e-mail addresses of participants; the last one wins.
    #[schema(min_items = 1, max_items = 10)]
    pub layers: Vec<Layer>,
    /// Who stands in when.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 1000)]
    pub overrides: Vec<OverrideDocument>,
    /// Who is reached when nobody is on duty.
    #[serde(default)]
    pub gap_action: GapAction,
}

/// Somebody stands in for a period, as code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OverrideDocument {
    /// Who, by e-mail address.
    pub member: String,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}
