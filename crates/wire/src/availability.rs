//! How available members are as reviewers, when they are away, and who acts for them, on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::{Timestamp, nullable, queue::ReviewType};

/// Whether a member is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Presence {
    /// There, and gets work.
    Online,
    /// Keeps the work they have and gets none.
    Away,
    /// Not there.
    Offline,
}

/// What a member can do, and how well.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Skill {
    /// Its key.
    #[schema(pattern = "^[a-z0-9][a-z0-9_-]{0,62}$")]
    pub skill: String,
    /// How well.
    #[schema(minimum = 0, maximum = 100)]
    pub level: i64,
    /// From when on it no longer counts; null is never.
    #[serde(default)]
    pub valid_until: Option<Timestamp>,
}

/// How much a member takes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Capacity {
    /// Units at once; with 0 they are given nothing.
    pub units: i64,
    /// Tasks assigned in a day; null is any number.
    pub max_per_day: Option<i64>,
}

/// How available a member is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, ToSchema)]
pub struct Availability {
    /// Whether they are there.
    pub presence: Presence,
    /// How much they take on.
    pub capacity: Capacity,
    /// The key of the calendar with their working hours; null is at any hour.
    pub calendar: Option<String>,
    /// What they can do.
    pub skills: Vec<Skill>,
    /// How often they are right; null is not known, or not for you to know.
    pub accuracy: Option<f64>,
    /// Who they are beyond this membership; null is not known, or not for you to know.
    pub person: Option<String>,
}

/// A change of how much a member takes on; what is left out stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeCapacity {
    /// Units at once; with 0 they are given nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 0, maximum = 10_000)]
    pub units: Option<i64>,
    /// Tasks assigned in a day; null is any number.
    #[serde(default, deserialize_with = "nullable::read", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<i64>, minimum = 0, maximum = 10_000)]
    pub max_per_day: Option<Option<i64>>,
}

/// A change of how available a member is; what is left out stays.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeAvailability {
    /// Whether they are there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub presence: Option<Presence>,
    /// How much they take on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub capacity: Option<ChangeCapacity>,
    /// The key of the calendar with their working hours; null is at any hour.
    #[serde(default, deserialize_with = "nullable::read", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>)]
    pub calendar: Option<Option<String>>,
    /// What they can do: all of it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_items = 100)]
    pub skills: Option<Vec<Skill>>,
    /// How often they are right, over 0.5 and under 1; null is not known.
    #[serde(default, deserialize_with = "nullable::read", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<f64>, exclusive_minimum = 0.5, exclusive_maximum = 1)]
    pub accuracy: Option<Option<f64>>,
    /// Who they are beyond this membership: equal for two memberships of one person, who then never reviews one task twice. Null is not known.
    #[serde(default, deserialize_with = "nullable::read", skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 255)]
    pub person: Option<Option<String>>,
}

/// Says whether one is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetPresence {
    /// Whether one is there.
    pub presence: Presence,
}

/// What becomes of open work when an absence starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum OpenWork {
    /// It waits.
    #[default]
    Keep,
    /// It goes to the delegate.
    Delegate,
    /// It goes back to the queue.
    Return,
}

/// Says that a member will be away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateAbsence {
    /// Who; oneself when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub member_id: Option<String>,
    /// From when on.
    pub starts_at: Timestamp,
    /// From when on no longer: within 366 days.
    pub ends_at: Timestamp,
    /// What becomes of the work that they have.
    #[serde(default)]
    pub open_work: OpenWork,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1000)]
    pub reason: Option<String>,
}

/// A time in which a member is away.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Absence {
    /// Its id.
    pub id: String,
    /// Who.
    pub member_id: String,
    /// From when on.
    pub starts_at: Timestamp,
    /// From when on no longer.
    pub ends_at: Timestamp,
    /// What becomes of the work that they have.
    pub open_work: OpenWork,
    /// Why.
    pub reason: Option<String>,
}

/// What a queue is without.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Lack {
    /// Anybody who may review in it.
    Anybody,
    /// Anybody with this mandatory skill.
    Skill {
        /// Its key.
        skill: String,
    },
    /// Anybody with all mandatory skills at once, though each of them is there.
    SkillsTogether,
}

/// A time in which a queue is without somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Uncovered {
    /// The key of the queue.
    pub queue_key: String,
    /// What it lacks.
    pub lack: Lack,
    /// From when on.
    pub from: Timestamp,
    /// From when on no longer.
    pub to: Timestamp,
}

/// Who decides in another's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DelegateTo {
    /// The member of this id.
    Member(String),
    /// Anyone of the group with this key.
    Group(String),
}

/// When a delegation has effect within its period.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum DelegationMode {
    /// While the one who delegates is absent.
    #[default]
    WhileAbsent,
    /// All the time; both may decide.
    Always,
}

/// What is delegated; the default is everything.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DelegationScope {
    /// In these queues; null is all.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 200)]
    pub queue_keys: Option<Vec<String>>,
    /// Reviews of these types; null is all.
    #[serde(default)]
    #[schema(min_items = 1, max_items = 200)]
    pub review_types: Option<Vec<ReviewType>>,
}

/// Lets somebody decide in a member's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateDelegation {
    /// In whose place; in one's own when left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// Who decides.
    pub to: DelegateTo,
    /// From when on.
    pub starts_at: Timestamp,
    /// From when on no longer: within 366 days.
    pub ends_at: Timestamp,
    /// When within this period.
    #[serde(default)]
    pub mode: DelegationMode,
    /// What.
    #[serde(default)]
    pub scope: DelegationScope,
    /// Whether also what was assigned before an absence began.
    #[serde(default)]
    pub include_existing: bool,
    /// Why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1000)]
    pub reason: Option<String>,
}

/// Leave to decide in another's place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Delegation {
    /// Its id.
    pub id: String,
    /// In whose place.
    pub from: String,
    /// Who decides.
    pub to: DelegateTo,
    /// From when on.
    pub starts_at: Timestamp,
    /// From when on no longer.
    pub ends_at: Timestamp,
    /// When within this period.
    pub mode: DelegationMode,
    /// What.
    pub scope: DelegationScope,
    /// Whether also what was assigned before an absence began.
    pub include_existing: bool,
    /// Why.
    pub reason: Option<String>,
    /// When it was taken back.
    pub revoked_at: Option<Timestamp>,
}
