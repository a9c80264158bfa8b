//! People, keys and logins on the wire.

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use crate::Timestamp;

/// What a member may do in the organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Everything, and who owns the organization.
    Owner,
    /// Everything but who owns the organization.
    Admin,
    /// Reviews tasks.
    Reviewer,
    /// Reads everything, changes nothing.
    Auditor,
}

/// Whether a member can log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MemberState {
    /// Can.
    Active,
    /// Cannot.
    Disabled,
}

/// What a key may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub enum Scope {
    /// Submit, revise and comment.
    #[serde(rename = "task:submit")]
    TaskSubmit,
    /// Read tasks.
    #[serde(rename = "task:read")]
    TaskRead,
    /// Take tasks back.
    #[serde(rename = "task:cancel")]
    TaskCancel,
    /// Read queues.
    #[serde(rename = "queue:read")]
    QueueRead,
    /// Make, change and delete queues.
    #[serde(rename = "queue:write")]
    QueueWrite,
    /// Read reviews.
    #[serde(rename = "review:read")]
    ReviewRead,
    /// Read and follow the event log.
    #[serde(rename = "event:read")]
    EventRead,
    /// Export and prove the event log.
    #[serde(rename = "audit:read")]
    AuditRead,
}

/// Whether a key is for work or for trying out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum KeyMode {
    /// For work: `sk_live_…`.
    #[default]
    Live,
    /// For trying out: `sk_test_…`. What it may do is the same.
    Test,
}

/// Logs in by password.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Login {
    /// The member's address.
    #[schema(max_length = 254)]
    pub email: String,
    /// The password.
    #[schema(max_length = 256)]
    pub password: String,
}

/// Logs in by a one-time link.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UseLink {
    /// What stands behind `#` in the link.
    pub token: String,
}

/// Accepts an invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AcceptInvitation {
    /// What stands behind `#` in the link.
    pub token: String,
    /// One's name.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// One's password.
    #[schema(min_length = 15, max_length = 256)]
    pub password: String,
}

/// What somebody changes about themselves.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeMe {
    /// A new name.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 120)]
    pub name: Option<String>,
    /// A new address.
    #[serde(default)]
    #[schema(max_length = 254)]
    pub email: Option<String>,
    /// A new password.
    #[serde(default)]
    #[schema(min_length = 15, max_length = 256)]
    pub password: Option<String>,
    /// The password until now: needed for another address or password, when there is one.
    #[serde(default)]
    pub current_password: Option<String>,
}

/// The organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Organization {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// When it was made.
    pub created_at: Timestamp,
}

/// A member.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Member {
    /// Their id.
    pub id: String,
    /// Their address.
    pub email: String,
    /// Their name.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they can log in.
    pub state: MemberState,
    /// Since when they are a member.
    pub created_at: Timestamp,
    /// When they last did something, to about a minute.
    pub last_seen_at: Option<Timestamp>,
}

/// Changes a member.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeMember {
    /// A new name.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 120)]
    pub name: Option<String>,
    /// A new role.
    #[serde(default)]
    pub role: Option<Role>,
    /// A new state.
    #[serde(default)]
    pub state: Option<MemberState>,
}

/// Who is asking.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Me {
    /// `member` or `agent`.
    pub kind: String,
    /// The member, when it is a person.
    pub member: Option<Member>,
    /// Whether the member has a password.
    pub has_password: bool,
    /// The key, when it is a program.
    pub key: Option<Key>,
    /// The organization.
    pub organization: Organization,
    /// What they may do: `task.review`, `queue.write`, …
    pub permissions: Vec<String>,
}

/// A console session.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Session {
    /// Its id.
    pub id: String,
    /// Whether it is the one that asks.
    pub current: bool,
    /// When it was opened.
    pub created_at: Timestamp,
    /// When it was used last, to about a minute.
    pub last_seen_at: Timestamp,
    /// When it ends at the latest.
    pub expires_at: Timestamp,
    /// The browser, as it calls itself.
    pub user_agent: Option<String>,
    /// Where it was opened from.
    pub address: Option<String>,
}

/// A personal access token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Token {
    /// Its id.
    pub id: String,
    /// What it is called.
    pub name: String,
    /// Its first characters.
    pub prefix: String,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was used last, to about a minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// The token itself, in the answer to its making only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub token: Option<String>,
}

/// Makes a token.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateToken {
    /// What it is called.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// After how many days it ends; never when left out.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 365)]
    pub expires_in_days: Option<i64>,
}

/// An API key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Key {
    /// Its id.
    pub id: String,
    /// What it is called; the agent's name.
    pub name: String,
    /// Its first characters.
    pub prefix: String,
    /// What it may be used for.
    pub scopes: Vec<Scope>,
    /// The queues that it is limited to; null is all.
    pub queue_keys: Option<Vec<String>>,
    /// For work or for trying out.
    pub mode: KeyMode,
    /// When it ends.
    pub expires_at: Option<Timestamp>,
    /// When it was used last, to about a minute.
    pub last_used_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was revoked.
    pub revoked_at: Option<Timestamp>,
    /// The key itself, in the answer to its making only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
}

/// Makes a key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateKey {
    /// What it is called; the agent's name.
    #[schema(min_length = 1, max_length = 120)]
    pub name: String,
    /// What it may be used for; all that an agent needs when left out.
    #[serde(default)]
    #[schema(min_items = 1)]
    pub scopes: Option<Vec<Scope>>,
    /// The queues that it is limited to; all when left out.
    #[serde(default)]
    pub queue_keys: Option<Vec<String>>,
    /// For work or for trying out.
    #[serde(default)]
    pub mode: Option<KeyMode>,
    /// After how many days it ends; never when left out.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 365)]
    pub expires_in_days: Option<i64>,
}

/// An invitation.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Invitation {
    /// Its id.
    pub id: String,
    /// Who is invited.
    pub email: String,
    /// As what.
    pub role: Role,
    /// Until when it can be accepted.
    pub expires_at: Timestamp,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was accepted.
    pub accepted_at: Option<Timestamp>,
    /// The link, in the answer to its making only.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// Invites somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CreateInvitation {
    /// Whom.
    #[schema(max_length = 254)]
    pub email: String,
    /// As what.
    pub role: Role,
}
