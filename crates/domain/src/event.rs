//! What happened: the closed set of event types and what each event carries.

use serde::{Deserialize, Serialize};

use crate::{
    Object, Timestamp,
    actor::Actor,
    id::{EventId, OrganizationId, QueueId, ReviewId, TaskId},
};

macro_rules! event_types {
    ($($(#[$doc:meta])* $name:ident = $text:literal;)*) => {
        /// What kind of thing happened.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum EventType { $($(#[$doc])* $name),* }

        impl EventType {
            /// Every type.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The type as it is written.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// The type that is written so.
            #[must_use]
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$name),)* _ => None }
            }
        }
    };
}

event_types! {
    /// A task was accepted.
    TaskSubmitted = "task.submitted";
    /// Somebody was named for a task, or nobody any longer.
    TaskAssigned = "task.assigned";
    /// A reviewer took the lease.
    TaskClaimed = "task.claimed";
    /// A reviewer gave the lease back.
    TaskReleased = "task.released";
    /// A reviewer will not review the task.
    TaskSkipped = "task.skipped";
    /// A task was offered to a reviewer.
    TaskOffered = "task.offered";
    /// An offer ended without being taken.
    OfferEnded = "offer.ended";
    /// Nobody may be asked to review a task at its stage.
    TaskUnroutable = "task.unroutable";
    /// An optional skill is no longer asked for.
    SkillDropped = "skill.dropped";
    /// An escalation moved a task to another queue.
    /// A task waited so long that the reviewers of another queue help.
    TaskOverflowed = "task.overflowed";
    /// An escalation moved a task to another queue.
    TaskMoved = "task.moved";
    /// The priority of a task changed.
    TaskPrioritized = "task.prioritized";
    /// A person decided in place of the stage's rule.
    TaskOverridden = "task.overridden";
    /// A stage asks for reviews.
    StageOpened = "stage.opened";
    /// A stage was passed without a person: its condition, or a rule.
    StagePassed = "stage.passed";
    /// The rule of a stage has its result.
    StageCompleted = "stage.completed";
    /// Too few reviewers remain for the rule of a stage.
    StageImpossible = "stage.impossible";
    /// Part of the time of a metric is over.
    SlaWarning = "sla.warning";
    /// The time of a metric is over.
    SlaBreached = "sla.breached";
    /// A step of an escalation was taken or passed over.
    TaskEscalated = "task.escalated";
    /// The content changed; reviews of the old revision are void.
    TaskRevised = "task.revised";
    /// Somebody said something beside a task.
    TaskCommented = "task.commented";
    /// A task was taken back.
    TaskCancelled = "task.cancelled";
    /// The clock ended a task.
    TaskExpired = "task.expired";
    /// A decided task is open again.
    TaskReopened = "task.reopened";
    /// A reviewer gave a result.
    ReviewSubmitted = "review.submitted";
    /// A task has its decision.
    TaskReviewed = "task.reviewed";
    /// A queue was made.
    QueueCreated = "queue.created";
    /// A queue has a new version.
    QueueUpdated = "queue.updated";
    /// A queue takes no new tasks.
    QueueDeleted = "queue.deleted";
    /// Tasks came together.
    BatchSubmitted = "batch.submitted";
    /// An organization was made.
    OrganizationCreated = "organization.created";
    /// Somebody was invited.
    MemberInvited = "member.invited";
    /// An invitation was taken back.
    InvitationRevoked = "invitation.revoked";
    /// Somebody became a member.
    MemberJoined = "member.joined";
    /// A member's name, role or state changed.
    MemberUpdated = "member.updated";
    /// How available a member is changed.
    MemberAvailability = "member.availability";
    /// Somebody acts for a member.
    DelegationCreated = "delegation.created";
    /// Somebody no longer acts for a member.
    DelegationRevoked = "delegation.revoked";
    /// A member will be away.
    AbsenceCreated = "absence.created";
    /// An absence was taken back.
    AbsenceRevoked = "absence.revoked";
    /// A calendar, schedule or group was made or changed.
    ResourceChanged = "resource.changed";
    /// A calendar, schedule or group was taken away.
    ResourceDeleted = "resource.deleted";
    /// An API key was made.
    KeyCreated = "key.created";
    /// An API key ended.
    KeyRevoked = "key.revoked";
    /// An access token was made.
    TokenCreated = "token.created";
    /// An access token ended.
    TokenRevoked = "token.revoked";
    /// Somebody logged in.
    SessionCreated = "session.created";
    /// A session ended.
    SessionEnded = "session.ended";
    /// A login was refused.
    LoginFailed = "login.failed";
    /// A one-time login link was made.
    LoginLinkCreated = "login_link.created";
    /// The event log was exported.
    AuditExported = "audit.exported";
}

/// Something that happened, before it has its place in the log.
#[derive(Debug, Clone, PartialEq)]
pub struct Event {
    /// Its id.
    pub id: EventId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// What kind of thing.
    pub event_type: EventType,
    /// When.
    pub at: Timestamp,
    /// Who did it.
    pub actor: Actor,
    /// Through which face: `api`, `console`, `cli`, `demo`.
    pub channel: Channel,
    /// The task that it is about.
    pub task_id: Option<TaskId>,
    /// The queue that it is about.
    pub queue: Option<QueueRef>,
    /// The task's revision.
    pub revision: Option<i64>,
    /// The salted digest of the content or answer that it is about.
    pub content: Option<String>,
    /// The review that it is about.
    pub review_id: Option<ReviewId>,
    /// What else belongs to it; small, and nothing that may have to be erased.
    pub detail: Object,
}

/// A queue as an event names it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct QueueRef {
    /// Its id.
    pub id: QueueId,
    /// Its key.
    pub key: String,
    /// The version that was in force.
    pub version: i64,
}

/// Through which face something was done.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Channel {
    /// A program over REST.
    Api,
    /// The console.
    Console,
    /// The operator's command line.
    Cli,
    /// No face: Signoff did it itself.
    Worker,
}

impl Channel {
    /// The channel as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Api => "api",
            Self::Console => "console",
            Self::Cli => "cli",
            Self::Worker => "worker",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_is_read_as_it_is_written() {
        for event_type in EventType::ALL {
            assert_eq!(EventType::parse(event_type.as_str()), Some(*event_type));
        }
        assert_eq!(EventType::parse("task.unknown"), None);
    }
}
