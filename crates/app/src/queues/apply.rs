//! Queues and members as code: a document is compared with what is there, and what differs is changed, all in one transaction.

use std::collections::{HashMap, HashSet};

use serde::{Deserialize, Serialize};
use signoff_domain::{
    Moment, Object, Refusal,
    id::MemberId,
    member::MemberState,
    moment::Ids,
    permission::{Action, Role},
    queue::{Queue, QueueConfig},
    refusal::Places,
};
use signoff_store::{Command, Error, Query, Tx, members, queues};

use super::{change::change, create::create, named, references};
use crate::{Caller, identity};

mod resources;

pub use resources::{CalendarDocument, GroupDocument, OverrideDocument, ScheduleDocument};

/// What an organization is made of, as code.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Document {
    /// Its calendars, by key.
    #[serde(default)]
    pub calendars: Vec<CalendarDocument>,
    /// Its groups, by key.
    #[serde(default)]
    pub groups: Vec<GroupDocument>,
    /// Its on-call schedules, by key.
    #[serde(default)]
    pub schedules: Vec<ScheduleDocument>,
    /// Its queues, by key.
    pub queues: Vec<QueueDocument>,
    /// Its members, by e-mail address.
    pub members: Vec<MemberDocument>,
}

impl Document {
    /// Names everything once: of two that are called the same each run would bring back the other.
    fn check(&self) -> Result<(), Refusal> {
        let mut places = Places::default();
        let mut emails = HashSet::new();
        for (i, member) in self.members.iter().enumerate() {
            let first = emails.insert(member.email.trim().to_lowercase());
            places.require(first, &format!("/members/{i}/email"), "Another member of the document has this address.");
        }
        let mut keys = HashSet::new();
        for (i, queue) in self.queues.iter().enumerate() {
            places.require(keys.insert(&queue.key), &format!("/queues/{i}/key"), "Another queue of the document has this key.");
        }
        resources::check(self, &mut places);
        places.finish()
    }
}

/// A queue as code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QueueDocument {
    /// What programs call it.
    pub key: String,
    /// The parts of a [`QueueConfig`], in which members are named by e-mail address.
    pub config: Object,
}

/// A member as code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberDocument {
    /// Their address.
    pub email: String,
    /// Their name; for the invitation when it is left out.
    pub name: Option<String>,
    /// Their role.
    pub role: Role,
}

/// One thing that applying changed, or would change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// What was done.
    pub kind: ChangeKind,
    /// To what: `queue/outbound-email`, `member/ann@example.com`.
    pub to: String,
    /// Which parts of it.
    pub parts: Vec<String>,
    /// The invitation link, when somebody was invited.
    pub link_token: Option<String>,
}

/// What applying does to one thing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChangeKind {
    /// Made it.
    Created,
    /// Changed it.
    Updated,
    /// Found it as it is to be.
    Unchanged,
    /// Invited a member.
    Invited,
}

/// Makes the organization what a document says. What the document does not name stays as it is.
pub struct Apply {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Secrets for invitations: as many as the document has members.
    pub secrets: Vec<String>,
    /// What is to be.
    pub document: Document,
    /// Only say what would change.
    pub dry_run: bool,
}

impl Command for Apply {
    type Out = Vec<Change>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Change>, Error> {
        self.caller.require(Action::QueueWrite)?;
        if self.dry_run {
            tx.rehearse();
        }
        let mut ids = self.moment.ids();
        let mut changes = Vec::new();
        self.document.check()?;
        if !self.document.members.is_empty() {
            self.caller.require(Action::MemberManage)?;
            // Owners first, as wherever members are changed: who changes members at the same time waits in one order.
            members::lock_owners(tx, self.caller.organization_id).await?;
        }
        for (i, member) in self.document.members.iter().enumerate() {
            let secret = self.secrets.get(i).map(String::as_str).unwrap_or_default();
            let applied = self.member(tx, &mut ids, member, secret).await;
            changes.push(applied.map_err(|error| below(error, &format!("/members/{i}")))?);
        }
        changes.extend(resources::apply(tx, &self.caller, &self.moment, &mut ids, &self.document).await?);
        let mut applied = Vec::new();
        for (i, document) in self.document.queues.iter().enumerate() {
            let (change, queue) = self.queue(tx, &mut ids, document).await.map_err(|error| in_queue(error, i))?;
            applied.push((change.kind, queue));
            changes.push(change);
        }
        // Now that all of them are there, whichever stands first.
        let changed = applied.iter().enumerate().filter(|(_, (kind, _))| *kind != ChangeKind::Unchanged);
        for (i, (_, queue)) in changed {
            references::check_helpers(tx, &self.caller, queue).await.map_err(|error| in_queue(error, i))?;
        }
        Ok(changes)
    }
}

fn below(error: Error, prefix: &str) -> Error {
    match error {
        Error::Refused(refusal) => Error::Refused(refusal.below(prefix)),
        fault => fault,
    }
}

/// What is wrong with a queue, at its place in the document.
fn in_queue(error: Error, i: usize) -> Error {
    let Error::Refused(mut refusal) = error else { return error };
    for place in &mut refusal.places {
        place.pointer = named::in_document(&place.pointer);
    }
    below(Error::Refused(refusal), &format!("/queues/{i}"))
}

impl Apply {
    async fn queue(&self, tx: &mut Tx<'_>, ids: &mut Ids, wanted: &QueueDocument) -> Result<(Change, Queue), Error> {
        let config = named::by_id(tx, &self.caller, &wanted.config).await?;
        let to = format!("queue/{}", wanted.key);
        // A queue that the caller may not see is as one that somebody else has: its key is taken.
        let found = queues::lock(tx, self.caller.organization_id, &wanted.key).await?.filter(|queue| self.caller.sees_queue(&queue.key));
        let (kind, parts, queue) = match found {
            None => {
                let queue = create(tx, &self.caller, &self.moment, ids, &wanted.key, &config).await?;
                (ChangeKind::Created, Vec::new(), queue)
            }
            Some(queue) if queue.config == config && queue.deleted_at.is_none() => (ChangeKind::Unchanged, Vec::new(), queue),
            Some(queue) => {
                let parts = parts(&queue, &config)?;
                (ChangeKind::Updated, parts, change(tx, &self.caller, &self.moment, ids, queue, config).await?)
            }
        };
        Ok((Change { kind, to, parts, link_token: None }, queue))
    }

    async fn member(&self, tx: &mut Tx<'_>, ids: &mut Ids, wanted: &MemberDocument, secret: &str) -> Result<Change, Error> {
        let email = signoff_domain::member::parse_email("/email", &wanted.email)?;
        let to = format!("member/{email}");
        let Some(found) = members::by_email(tx, self.caller.organization_id, &email).await? else {
            return self.invite(tx, ids, &email, wanted.role, secret, to).await;
        };
        // Read again under the lock: what another changes meanwhile is not to be undone.
        let locked = members::lock(tx, self.caller.organization_id, found.id).await?;
        let member = locked.ok_or_else(|| Refusal::not_found("member", found.id))?;
        let mut parts = Vec::new();
        if member.role != wanted.role {
            parts.push("role".to_owned());
        }
        if wanted.name.as_ref().is_some_and(|name| *name != member.name) {
            parts.push("name".to_owned());
        }
        let kind = if parts.is_empty() { ChangeKind::Unchanged } else { ChangeKind::Updated };
        if member.state == MemberState::Disabled {
            parts.push("disabled before, stays so".into());
        }
        if kind == ChangeKind::Unchanged {
            return Ok(Change { kind, to, parts, link_token: None });
        }
        let change = signoff_domain::member::MemberChange { name: wanted.name.clone(), role: Some(wanted.role), state: None };
        identity::change_member(tx, &self.caller, &self.moment, ids, &member, &change).await?;
        Ok(Change { kind, to, parts, link_token: None })
    }

    async fn invite(&self, tx: &mut Tx<'_>, ids: &mut Ids, email: &str, role: Role, secret: &str, to: String) -> Result<Change, Error> {
        if identity::has_open_invitation(tx, self.caller.organization_id, email, self.moment.now).await? {
            return Ok(Change { kind: ChangeKind::Unchanged, to, parts: vec!["invited before".into()], link_token: None });
        }
        identity::invite(tx, &self.caller, &self.moment, ids, email, role, secret).await?;
        let link_token = (!self.dry_run).then(|| secret.to_owned());
        Ok(Change { kind: ChangeKind::Invited, to, parts: Vec::new(), link_token })
    }
}

/// The names of the parts in which a queue differs from what it is to be.
fn parts(queue: &Queue, wanted: &QueueConfig) -> Result<Vec<String>, Error> {
    let (before, after) = (named::object(&queue.config)?, named::object(wanted)?);
    let mut parts: Vec<String> =
        after.iter().filter(|(name, value)| before.get(*name) != Some(value)).map(|(name, _)| name.clone()).collect();
    if queue.deleted_at.is_some() {
        parts.push("deleted_at".into());
    }
    Ok(parts)
}

/// The document that makes the organization what it is.
pub struct ExportDocument {
    /// Who asks.
    pub caller: Caller,
}

impl Query for ExportDocument {
    type Out = Document;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Document, Error> {
        self.caller.require(Action::QueueRead)?;
        self.caller.require(Action::MemberRead)?;
        let organization = self.caller.organization_id;
        let members = members::all(tx, organization).await?;
        let emails: HashMap<MemberId, String> = members.iter().map(|member| (member.id, member.email.clone())).collect();
        let all = queues::all(tx, organization).await?;
        let document = |queue: Queue| Ok(QueueDocument { config: named::by_email(&queue.config, &emails)?, key: queue.key });
        let queues = all.into_iter().filter(|queue| queue.deleted_at.is_none()).map(document).collect::<Result<_, Error>>()?;
        let mut document = Document { queues, ..Document::default() };
        resources::export(tx, organization, &members, &mut document).await?;
        let active = members.iter().filter(|member| member.state == MemberState::Active);
        document.members = active
            .map(|member| MemberDocument { email: member.email.clone(), name: Some(member.name.clone()), role: member.role })
            .collect();
        Ok(document)
    }
}
