//! Reading events: the feed of an organization, the history of a task.

use std::collections::HashMap;

use signoff_domain::{
    Code, Refusal,
    event::EventType,
    id::{OrganizationId, TaskId},
    permission::Action,
};
use signoff_store::{
    Error, Query, Tx,
    events::{self, Filter, Stored},
    log, reasons,
};

use crate::{
    Caller,
    tasks::{QueueFilter, allowed_queues, find, queue_id},
};

/// Which events are asked for.
#[derive(Debug, Clone, Default)]
pub struct EventFilter {
    /// Of one of these types, `task.*` allowed; empty is any.
    pub types: Vec<String>,
    /// About this queue.
    pub queue: Option<QueueFilter>,
    /// About this task.
    pub task_id: Option<TaskId>,
}

impl EventFilter {
    /// The types as the store asks for them.
    ///
    /// # Errors
    /// [`Code::ValidationError`] for a type that is not one.
    pub fn event_types(&self) -> Result<Vec<String>, Refusal> {
        let mut types = Vec::new();
        for pattern in &self.types {
            let matching: Vec<_> = match pattern.strip_suffix('*') {
                Some(start) => EventType::ALL.iter().filter(|known| known.as_str().starts_with(start)).collect(),
                None => EventType::ALL.iter().filter(|known| known.as_str() == pattern).collect(),
            };
            if matching.is_empty() {
                return Err(Refusal::at(Code::ValidationError, "type", format!("There is no event type '{pattern}'.")));
            }
            types.extend(matching.into_iter().map(|known| known.as_str().to_owned()));
        }
        Ok(types)
    }
}

/// Events after a number, oldest first.
pub struct ListEvents {
    /// Who asks.
    pub caller: Caller,
    /// Which.
    pub filter: EventFilter,
    /// After this number; −1 is from the start.
    pub after: i64,
    /// How many at the most.
    pub limit: i64,
}

impl Query for ListEvents {
    type Out = Vec<Stored>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Stored>, Error> {
        self.caller.require(Action::EventRead)?;
        self.page(tx, None).await
    }
}

impl ListEvents {
    async fn page(&self, tx: &mut Tx<'_>, before: Option<i64>) -> Result<Vec<Stored>, Error> {
        let mut filter = Filter { types: self.filter.event_types()?, task_id: self.filter.task_id, before, ..Filter::default() };
        if let Some(queue) = &self.filter.queue {
            match queue_id(tx, &self.caller, queue).await? {
                Some(id) => filter.queue_id = Some(id),
                None => return Ok(Vec::new()),
            }
        }
        filter.queues = allowed_queues(tx, &self.caller).await?;
        events::list(tx, self.caller.organization_id, &filter, self.after, self.limit).await
    }
}

/// As [`ListEvents`], for who goes on from there.
pub struct FollowEvents(pub ListEvents);

/// A page of events, and how far into the log it reaches.
#[derive(Debug)]
pub struct Followed {
    /// The events.
    pub events: Vec<Stored>,
    /// After which number to go on. Where nothing more fits the filter it is the last of the log: what was passed over is not read again.
    pub after: i64,
}

impl Query for FollowEvents {
    type Out = Followed;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Followed, Error> {
        let Self(list) = self;
        list.caller.require(Action::EventRead)?;
        // What is sealed between the two reads is left to the next page.
        let size = size(tx, list.caller.organization_id).await?;
        let events = list.page(tx, Some(size)).await?;
        let is_full = i64::try_from(events.len()).is_ok_and(|length| length >= list.limit);
        let after = match events.last() {
            Some(last) if is_full => last.seq,
            _ => list.after.max(size - 1),
        };
        Ok(Followed { events, after })
    }
}

async fn size(tx: &mut Tx<'_>, organization: OrganizationId) -> Result<i64, Error> {
    Ok(i64::try_from(log::head(tx, organization).await?.size()).unwrap_or(i64::MAX))
}

/// How many entries the organization's log has.
pub struct LogSize {
    /// Who asks.
    pub caller: Caller,
}

impl Query for LogSize {
    type Out = i64;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<i64, Error> {
        self.caller.require(Action::EventRead)?;
        size(tx, self.caller.organization_id).await
    }
}

/// What happened to a task, oldest first, with the reasons that were given.
pub struct TaskHistory {
    /// Who asks.
    pub caller: Caller,
    /// Which task.
    pub id: TaskId,
    /// After this number; −1 is from the start.
    pub after: i64,
    /// How many at the most.
    pub limit: i64,
}

impl Query for TaskHistory {
    type Out = Vec<Stored>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Stored>, Error> {
        self.caller.require(Action::TaskRead)?;
        let task = find(tx, &self.caller, self.id).await?;
        let filter = Filter { task_id: Some(task.id), ..Filter::default() };
        let mut events = events::list(tx, self.caller.organization_id, &filter, self.after, self.limit).await?;
        let reasons: HashMap<String, String> =
            reasons::of_task(tx, task.id).await?.into_iter().map(|(event, reason)| (event.to_string(), reason)).collect();
        for event in &mut events {
            event.reason = reasons.get(&event.entry.id).cloned();
        }
        Ok(events)
    }
}
