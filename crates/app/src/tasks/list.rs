//! Lists of tasks.

use signoff_domain::{Timestamp, id::QueueId, permission::Action};
use signoff_store::{
    Error, Query, Tx, queues,
    tasks::{self, Filter, Key, Order},
};

use super::{TaskView, next::places};
use crate::Caller;

/// A queue as a filter names it: by its key or its id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QueueFilter {
    /// By key.
    Key(String),
    /// By id.
    Id(QueueId),
}

/// Which tasks are asked for.
pub type TaskFilter = Filter;

/// A page of tasks. In the order of turns, a reviewer is shown what they could take now. A filter that names a queue that is not there finds nothing.
pub struct ListTasks {
    /// Who asks.
    pub caller: Caller,
    /// When: a lease that has run out is not shown.
    pub now: Timestamp,
    /// In this queue.
    pub queue: Option<QueueFilter>,
    /// Which; its `queue_id` and `queues` are set here.
    pub filter: TaskFilter,
    /// In which order.
    pub order: Order,
    /// After which one.
    pub after: Option<Key>,
    /// How many at the most.
    pub limit: i64,
}

impl Query for ListTasks {
    type Out = Vec<TaskView>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<TaskView>, Error> {
        self.caller.require(Action::TaskRead)?;
        let mut filter = self.filter.clone();
        if let Some(queue) = &self.queue {
            match queue_id(tx, &self.caller, queue).await? {
                Some(id) => filter.queue_id = Some(id),
                None => return Ok(Vec::new()),
            }
        }
        filter.queues = allowed_queues(tx, &self.caller).await?;
        let page = match self.order {
            Order::Turn if self.caller.may(Action::TaskReview) => self.turns(tx, filter).await?,
            _ => self.page(tx, &filter).await?,
        };
        let view = |(task, content, lease): tasks::Listed| TaskView {
            lease: lease.filter(|lease| lease.holds(self.now) && !task.state.is_settled()),
            task,
            content,
            queue: None,
            reviews: None,
        };
        Ok(page.into_iter().map(view).collect())
    }
}

impl ListTasks {
    async fn page(&self, tx: &mut Tx<'_>, filter: &TaskFilter) -> Result<Vec<tasks::Listed>, Error> {
        tasks::list(tx, self.caller.organization_id, filter, self.order, self.after, self.limit).await
    }

    /// What the caller could take now, as [`super::ClaimNext`] would: a page for each place where such tasks wait, merged, so that an index serves each of them.
    async fn turns(&self, tx: &mut Tx<'_>, mut filter: TaskFilter) -> Result<Vec<tasks::Listed>, Error> {
        let (member, _) = self.caller.member()?;
        filter.turn_of = Some((member, self.now));
        let wanted = filter.queue_id;
        let mut page = Vec::new();
        for (queue, audience) in places(tx, &self.caller, None, self.now).await? {
            if wanted.is_none_or(|wanted| wanted == queue) {
                filter.queue_id = Some(queue);
                filter.audience = Some(audience);
                page.extend(self.page(tx, &filter).await?);
            }
        }
        page.sort_by_key(|(task, ..)| Key::of(task));
        page.truncate(usize::try_from(self.limit).unwrap_or(usize::MAX));
        Ok(page)
    }
}

/// The id of a queue that a filter names, if the caller may see it.
pub(crate) async fn queue_id(tx: &mut Tx<'_>, caller: &Caller, queue: &QueueFilter) -> Result<Option<QueueId>, Error> {
    let named = match queue {
        QueueFilter::Key(key) => queues::by_key(tx, caller.organization_id, key).await?,
        QueueFilter::Id(id) => queues::find(tx, caller.organization_id, &id.to_string()).await?,
    };
    Ok(named.filter(|queue| caller.sees_queue(&queue.key)).map(|queue| queue.id))
}

/// The ids of the queues that the caller is limited to.
pub(crate) async fn allowed_queues(tx: &mut Tx<'_>, caller: &Caller) -> Result<Option<Vec<QueueId>>, Error> {
    if caller.queue_keys().is_none() {
        return Ok(None);
    }
    let all = queues::all(tx, caller.organization_id).await?;
    Ok(Some(all.into_iter().filter(|queue| caller.sees_queue(&queue.key)).map(|queue| queue.id).collect()))
}
