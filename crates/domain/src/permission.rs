//! Who may do what: one table of roles, one of scopes.

use serde::{Deserialize, Serialize};

/// What a member may do in the organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
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

impl Role {
    /// Every role.
    pub const ALL: [Self; 4] = [Self::Owner, Self::Admin, Self::Reviewer, Self::Auditor];

    /// The role as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Owner => "owner",
            Self::Admin => "admin",
            Self::Reviewer => "reviewer",
            Self::Auditor => "auditor",
        }
    }

    /// The role that is written so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == text)
    }
}

macro_rules! actions {
    ($($(#[$doc:meta])* $name:ident = $text:literal [$owner:literal $admin:literal $reviewer:literal $auditor:literal] $scope:literal;)*) => {
        /// Something that can be allowed.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Action { $($(#[$doc])* $name),* }

        impl Action {
            /// Every action.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The action as it is written.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),* }
            }

            /// Whether members of this role may do it.
            #[must_use]
            pub fn is_allowed_to(self, role: Role) -> bool {
                let row: [u8; 4] = match self { $(Self::$name => [$owner, $admin, $reviewer, $auditor]),* };
                row[role as usize] == 1
            }

            /// The scope that lets a key do it; `None` when no key may.
            #[must_use]
            pub fn scope(self) -> Option<Scope> {
                let text = match self { $(Self::$name => $scope),* };
                Scope::parse(text)
            }
        }
    };
}

actions! {
    //                                            owner admin reviewer auditor, scope of a key
    /// Submit and revise tasks.
    TaskSubmit = "task.submit"                     [1 1 0 0] "task:submit";
    /// Read tasks, their comments and history.
    TaskRead = "task.read"                         [1 1 1 1] "task:read";
    /// Take tasks back.
    TaskCancel = "task.cancel"                     [1 1 0 0] "task:cancel";
    /// Comment on tasks.
    TaskComment = "task.comment"                   [1 1 1 0] "task:submit";
    /// Claim and review tasks.
    TaskReview = "task.review"                     [1 1 1 0] "";
    /// Name a reviewer for any task.
    TaskAssign = "task.assign"                     [1 1 0 0] "";
    /// Open decided tasks again.
    TaskReopen = "task.reopen"                     [1 1 0 0] "";
    /// Decide in place of a stage's rule.
    TaskOverride = "task.override"                 [1 1 0 0] "";
    /// See why a task went to whom.
    TaskExplain = "task.explain"                   [1 1 1 1] "";
    /// Read queues.
    QueueRead = "queue.read"                       [1 1 1 1] "queue:read";
    /// Make, change and delete queues.
    QueueWrite = "queue.write"                     [1 1 0 0] "queue:write";
    /// Read reviews.
    ReviewRead = "review.read"                     [1 1 1 1] "review:read";
    /// Read and follow the event log.
    EventRead = "event.read"                       [1 1 1 1] "event:read";
    /// Export and prove the event log.
    AuditRead = "audit.read"                       [1 1 0 1] "audit:read";
    /// See who is a member.
    MemberRead = "member.read"                     [1 1 1 1] "";
    /// Set when others are available, absent or represented.
    AvailabilityManage = "availability.manage"     [1 1 0 0] "";
    /// Invite and change members.
    MemberManage = "member.manage"                 [1 1 0 0] "";
    /// Make and revoke API keys.
    KeyManage = "key.manage"                       [1 1 0 0] "";
    /// Manage one's own sessions and access tokens.
    SelfManage = "self.manage"                     [1 1 1 1] "";
}

/// What an API key may be used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
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

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 8] = [
        Self::TaskSubmit,
        Self::TaskRead,
        Self::TaskCancel,
        Self::QueueRead,
        Self::QueueWrite,
        Self::ReviewRead,
        Self::EventRead,
        Self::AuditRead,
    ];

    /// What a key may do unless its maker says otherwise: all that an agent needs, and no more.
    pub const DEFAULT: [Self; 6] = [Self::TaskSubmit, Self::TaskRead, Self::TaskCancel, Self::QueueRead, Self::ReviewRead, Self::EventRead];

    /// The scope as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::TaskSubmit => "task:submit",
            Self::TaskRead => "task:read",
            Self::TaskCancel => "task:cancel",
            Self::QueueRead => "queue:read",
            Self::QueueWrite => "queue:write",
            Self::ReviewRead => "review:read",
            Self::EventRead => "event:read",
            Self::AuditRead => "audit:read",
        }
    }

    /// The scope that is written so.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table once more, by hand: who may do what is changed in two places or not at all.
    #[test]
    fn the_table_is_this_cell_by_cell() {
        let everybody = [Role::Owner, Role::Admin, Role::Reviewer, Role::Auditor].as_slice();
        let administrators = [Role::Owner, Role::Admin].as_slice();
        let reviewers = [Role::Owner, Role::Admin, Role::Reviewer].as_slice();
        let auditors = [Role::Owner, Role::Admin, Role::Auditor].as_slice();
        let table = [
            ("task.submit", administrators, Some("task:submit")),
            ("task.read", everybody, Some("task:read")),
            ("task.cancel", administrators, Some("task:cancel")),
            ("task.comment", reviewers, Some("task:submit")),
            ("task.review", reviewers, None),
            ("task.assign", administrators, None),
            ("task.reopen", administrators, None),
            ("task.override", administrators, None),
            ("task.explain", everybody, None),
            ("queue.read", everybody, Some("queue:read")),
            ("queue.write", administrators, Some("queue:write")),
            ("review.read", everybody, Some("review:read")),
            ("event.read", everybody, Some("event:read")),
            ("audit.read", auditors, Some("audit:read")),
            ("member.read", everybody, None),
            ("availability.manage", administrators, None),
            ("member.manage", administrators, None),
            ("key.manage", administrators, None),
            ("self.manage", everybody, None),
        ];
        assert_eq!(Action::ALL.len(), table.len());
        for (action, (text, roles, scope)) in Action::ALL.iter().zip(table) {
            assert_eq!(action.as_str(), text);
            for role in Role::ALL {
                assert_eq!(action.is_allowed_to(role), roles.contains(&role), "{text} by {role:?}");
            }
            assert_eq!(action.scope().map(Scope::as_str), scope, "{text} by a key");
        }
    }

    #[test]
    fn no_key_can_decide_and_an_auditor_changes_nothing() {
        assert_eq!(Action::TaskReview.scope(), None);
        let reading = ["task.read", "queue.read", "review.read", "event.read", "audit.read", "member.read", "self.manage", "task.explain"];
        for action in Action::ALL {
            assert_eq!(action.is_allowed_to(Role::Auditor), reading.contains(&action.as_str()));
        }
    }
}
