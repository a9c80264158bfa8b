//! Who did something, as the event log names them.

use serde::{Deserialize, Serialize};

use crate::id::{KeyId, MemberId};

/// What kind of actor it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActorKind {
    /// A person.
    Member,
    /// A program with an API key.
    Agent,
    /// Signoff itself, or its operator at the command line.
    System,
}

impl ActorKind {
    /// The kind as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Member => "member",
            Self::Agent => "agent",
            Self::System => "system",
        }
    }
}

/// How an actor proved who they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// An API key.
    Key,
    /// A console session, opened by a password.
    Session,
    /// A personal access token.
    Token,
    /// Access to the machine that Signoff runs on.
    Operator,
    /// A one-time link or an invitation.
    Link,
    /// Nobody: a rule of the queue that was due.
    Rule,
}

impl Method {
    /// The method as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Key => "key",
            Self::Session => "session",
            Self::Token => "token",
            Self::Operator => "operator",
            Self::Link => "link",
            Self::Rule => "rule",
        }
    }
}

/// Who did something.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Actor {
    /// The kind of actor.
    pub kind: ActorKind,
    /// `mem_…`, `key_…`, or `system`.
    pub id: String,
    /// The name at the time, for people to read.
    pub name: String,
    /// How they proved who they are.
    pub method: Method,
}

impl Actor {
    /// A person.
    #[must_use]
    pub fn member(id: MemberId, name: impl Into<String>, method: Method) -> Self {
        Self { kind: ActorKind::Member, id: id.to_string(), name: name.into(), method }
    }

    /// A program.
    #[must_use]
    pub fn agent(id: KeyId, name: impl Into<String>) -> Self {
        Self { kind: ActorKind::Agent, id: id.to_string(), name: name.into(), method: Method::Key }
    }

    /// Signoff itself, as a rule of the queue has it.
    #[must_use]
    pub fn rule() -> Self {
        Self { kind: ActorKind::System, id: "system".into(), name: "signoff".into(), method: Method::Rule }
    }

    /// The operator of the machine.
    #[must_use]
    pub fn operator() -> Self {
        Self { kind: ActorKind::System, id: "system".into(), name: "operator".into(), method: Method::Operator }
    }
}
