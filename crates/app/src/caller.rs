//! Who is asking, and what they may do.

use signoff_domain::{
    Code, Refusal,
    actor::{Actor, Method},
    event::{Channel, Event, EventType, QueueRef},
    id::{KeyId, MemberId, OrganizationId, SessionId, TokenId},
    moment::Ids,
    permission::{Action, Role, Scope},
    queue::Queue,
    task::Task,
};

/// Who is asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// Of which organization.
    pub organization_id: OrganizationId,
    /// As whom.
    pub principal: Principal,
    /// Through which face.
    pub channel: Channel,
}

/// As whom somebody asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Principal {
    /// A person.
    Member {
        /// Who.
        id: MemberId,
        /// Their name.
        name: String,
        /// What they may do.
        role: Role,
        /// How they proved who they are.
        method: Method,
        /// The session, when it is one.
        session: Option<SessionId>,
        /// The access token, when it is one.
        token: Option<TokenId>,
    },
    /// A program.
    Agent {
        /// Its key.
        key: KeyId,
        /// The key's name.
        name: String,
        /// What the key may be used for.
        scopes: Vec<Scope>,
        /// The keys of the queues that it is limited to.
        queue_keys: Option<Vec<String>>,
    },
    /// Who has the machine.
    Operator,
    /// A rule of a queue that was due: nobody asks.
    Rule,
}

impl Caller {
    /// The operator, acting on an organization from the command line.
    #[must_use]
    pub fn operator(organization_id: OrganizationId) -> Self {
        Self { organization_id, principal: Principal::Operator, channel: Channel::Cli }
    }

    /// A rule of a queue, carried out by a worker.
    #[must_use]
    pub fn rule(organization_id: OrganizationId) -> Self {
        Self { organization_id, principal: Principal::Rule, channel: Channel::Worker }
    }

    /// Who the event log names.
    #[must_use]
    pub fn actor(&self) -> Actor {
        match &self.principal {
            Principal::Member { id, name, method, .. } => Actor::member(*id, name, *method),
            Principal::Agent { key, name, .. } => Actor::agent(*key, name),
            Principal::Operator => Actor::operator(),
            Principal::Rule => Actor::rule(),
        }
    }

    /// The id under which this caller's idempotency keys are kept.
    #[must_use]
    pub fn principal_id(&self) -> String {
        self.actor().id
    }

    /// Whether the caller may do something.
    #[must_use]
    pub fn may(&self, action: Action) -> bool {
        match &self.principal {
            Principal::Member { role, .. } => action.is_allowed_to(*role),
            // The log is of the whole organization: who is limited to queues may not have it.
            Principal::Agent { queue_keys: Some(_), .. } if action == Action::AuditRead => false,
            Principal::Agent { scopes, .. } => action.scope().is_some_and(|scope| scopes.contains(&scope)),
            // The operator could change the database by hand; reviewing is for people.
            Principal::Operator => action != Action::TaskReview,
            // Workers carry out commands of their own, which ask for no permission.
            Principal::Rule => false,
        }
    }

    /// # Errors
    /// [`Code::PermissionDenied`] unless the caller may do it.
    pub fn require(&self, action: Action) -> Result<(), Refusal> {
        if self.may(action) {
            return Ok(());
        }
        let refusal = Refusal::new(Code::PermissionDenied, format!("This needs the permission '{}'.", action.as_str()));
        Err(match (&self.principal, action.scope()) {
            (Principal::Agent { queue_keys: Some(_), .. }, Some(Scope::AuditRead)) => refusal
                .hint("The log is of the whole organization: use an API key with the scope 'audit:read' that is not limited to queues."),
            (Principal::Agent { .. }, Some(scope)) => refusal.hint(format!("Use an API key with the scope '{}'.", scope.as_str())),
            (Principal::Agent { .. }, None) => refusal.hint("An API key cannot act as a person."),
            _ => refusal.hint("Ask an administrator for a role that may."),
        })
    }

    /// The person who is asking.
    ///
    /// # Errors
    /// [`Code::PermissionDenied`] when it is no person.
    pub fn member(&self) -> Result<(MemberId, &str), Refusal> {
        match &self.principal {
            Principal::Member { id, name, .. } => Ok((*id, name)),
            Principal::Agent { .. } | Principal::Operator | Principal::Rule => {
                Err(Refusal::new(Code::PermissionDenied, "Only a person can do this."))
            }
        }
    }

    /// The role of the person who is asking; the operator counts as an owner.
    #[must_use]
    pub fn role(&self) -> Option<Role> {
        match &self.principal {
            Principal::Member { role, .. } => Some(*role),
            Principal::Operator => Some(Role::Owner),
            Principal::Agent { .. } | Principal::Rule => None,
        }
    }

    /// The keys of the queues that the caller is limited to.
    #[must_use]
    pub fn queue_keys(&self) -> Option<&[String]> {
        match &self.principal {
            Principal::Agent { queue_keys, .. } => queue_keys.as_deref(),
            Principal::Member { .. } | Principal::Operator | Principal::Rule => None,
        }
    }

    /// Whether the caller may see a queue and what is in it. What may not be seen does not exist.
    #[must_use]
    pub fn sees_queue(&self, key: &str) -> bool {
        self.queue_keys().is_none_or(|keys| keys.iter().any(|allowed| allowed == key))
    }

    /// An event by this caller, about nothing yet.
    pub(crate) fn event(&self, event_type: EventType, ids: &mut Ids, now: signoff_domain::Timestamp) -> Event {
        Event {
            id: ids.draw(),
            organization_id: self.organization_id,
            event_type,
            at: now,
            actor: self.actor(),
            channel: self.channel,
            task_id: None,
            queue: None,
            revision: None,
            content: None,
            review_id: None,
            detail: signoff_domain::Object::new(),
        }
    }

    /// An event by this caller about a task.
    pub(crate) fn task_event(&self, event_type: EventType, task: &Task, ids: &mut Ids, now: signoff_domain::Timestamp) -> Event {
        let queue = QueueRef { id: task.queue_id, key: task.queue_key.clone(), version: task.queue_version };
        Event { task_id: Some(task.id), queue: Some(queue), revision: Some(task.revision), ..self.event(event_type, ids, now) }
    }

    /// An event by this caller about a queue.
    pub(crate) fn queue_event(&self, event_type: EventType, queue: &Queue, ids: &mut Ids, now: signoff_domain::Timestamp) -> Event {
        let queue = QueueRef { id: queue.id, key: queue.key.clone(), version: queue.version };
        Event { queue: Some(queue), ..self.event(event_type, ids, now) }
    }
}

/// Builds the `detail` of an event.
macro_rules! detail {
    ($($name:literal: $value:expr),* $(,)?) => {{
        signoff_domain::Object::from_iter([$((String::from($name), serde_json::json!($value))),*])
    }};
}
pub(crate) use detail;
