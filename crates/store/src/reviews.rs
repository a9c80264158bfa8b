//! Reviews.

use signoff_domain::{
    Timestamp,
    id::{MemberId, OrganizationId, QueueId, ReviewId, TaskId},
    log::content::Salt,
    review::{Review, ReviewerKind},
};

use crate::{Arg, Error, Row, Tx, filter::Select};

macro_rules! select {
    ($rest:literal) => {
        concat!(
            "SELECT r.id, r.task_id, r.queue_id, q.key, r.stage, r.revision, r.reviewer_id, r.reviewer_name, r.reviewer_kind, r.result, r.value, r.data, ",
            "r.patch, r.feedback, r.voided_at, r.created_at, r.surplus, r.on_behalf_of FROM reviews r JOIN queues q ON q.id = r.queue_id",
            $rest
        )
    };
}

crate::sql::statements! {
    INSERT = "INSERT INTO reviews (id, organization_id, task_id, queue_id, stage, revision, reviewer_id, reviewer_name, reviewer_kind, result, value, data, patch, \
        feedback, salt, voided_at, created_at, surplus, on_behalf_of) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19)";
    GET = select!(" WHERE r.organization_id = $1 AND r.id = $2");
    OF_TASK = select!(" WHERE r.task_id = $1 ORDER BY r.created_at, r.id");
    SALT = "SELECT salt FROM reviews WHERE organization_id = $1 AND id = $2";
    VOID_OF = "UPDATE reviews SET voided_at = $4 WHERE task_id = $1 AND stage = $2 AND reviewer_id = $3 AND voided_at IS NULL";
    VOID = "UPDATE reviews SET voided_at = $2 WHERE task_id = $1 AND voided_at IS NULL";
}

fn read(row: &Row<'_>) -> Result<Review, Error> {
    let kind = |word: &str| ReviewerKind::ALL.into_iter().find(|kind| kind.as_str() == word);
    Ok(Review {
        id: row.id(0)?,
        task_id: row.id(1)?,
        queue_id: row.id(2)?,
        queue_key: row.get(3)?,
        stage: row.get(4)?,
        revision: row.get(5)?,
        reviewer_id: row.id(6)?,
        reviewer_name: row.get(7)?,
        reviewer_kind: row.word(8, "reviews", kind)?,
        result: row.json(9)?,
        value: row.json(10)?,
        data: row.json_opt(11)?,
        patch: row.json_opt(12)?,
        feedback: row.get(13)?,
        voided_at: row.get(14)?,
        created_at: row.get(15)?,
        surplus: row.get::<i64>(16)? == 1,
        on_behalf_of: row.id_opt(17)?,
    })
}

/// Adds a review, with the salt of its digest.
///
/// # Errors
/// A fault.
pub async fn insert(tx: &mut Tx<'_>, organization: OrganizationId, review: &Review, salt: &Salt) -> Result<(), Error> {
    let args = [
        review.id.into(),
        organization.into(),
        review.task_id.into(),
        review.queue_id.into(),
        review.stage.into(),
        review.revision.into(),
        review.reviewer_id.into(),
        (&review.reviewer_name).into(),
        review.reviewer_kind.as_str().into(),
        Arg::json(&review.result)?,
        Arg::json(&review.value)?,
        Arg::json_opt(review.data.as_ref())?,
        Arg::json_opt(review.patch.as_ref())?,
        review.feedback.as_deref().into(),
        salt.into(),
        review.voided_at.into(),
        review.created_at.into(),
        i64::from(review.surplus).into(),
        review.on_behalf_of.into(),
    ];
    tx.exec(&INSERT, &args).await?;
    Ok(())
}

/// A review.
///
/// # Errors
/// A fault.
pub async fn get(tx: &mut Tx<'_>, organization: OrganizationId, id: ReviewId) -> Result<Option<Review>, Error> {
    tx.opt(&GET, &[organization.into(), id.into()], read).await
}

/// A review and the salt of its digest.
///
/// # Errors
/// A fault.
pub async fn with_salt(tx: &mut Tx<'_>, organization: OrganizationId, id: ReviewId) -> Result<Option<(Salt, Review)>, Error> {
    let salt = tx.opt(&SALT, &[organization.into(), id.into()], |row| row.salt(0)).await?;
    Ok(salt.zip(get(tx, organization, id).await?))
}

/// The reviews of a task, oldest first, the void ones among them.
///
/// # Errors
/// A fault.
pub async fn of_task(tx: &mut Tx<'_>, task: TaskId) -> Result<Vec<Review>, Error> {
    tx.all(&OF_TASK, &[task.into()], read).await
}

/// Voids the reviews of a task; answers how many.
///
/// # Errors
/// A fault.
pub async fn void(tx: &mut Tx<'_>, task: TaskId, now: Timestamp) -> Result<u64, Error> {
    tx.exec(&VOID, &[task.into(), now.into()]).await
}

/// Voids what a member said at a stage of a task.
///
/// # Errors
/// A fault.
pub async fn void_of(tx: &mut Tx<'_>, task: TaskId, stage: i64, reviewer: MemberId, now: Timestamp) -> Result<(), Error> {
    tx.exec(&VOID_OF, &[task.into(), stage.into(), reviewer.into(), now.into()]).await?;
    Ok(())
}

const NOT_BLIND: &str = "(r.reviewer_id = ? OR r.voided_at IS NOT NULL OR NOT EXISTS (SELECT 1 FROM tasks t WHERE t.id = r.task_id AND t.state = 'queued' \
    AND t.stage = r.stage) OR EXISTS (SELECT 1 FROM reviews o WHERE o.task_id = r.task_id AND o.stage = r.stage AND o.revision = r.revision \
    AND o.voided_at IS NULL AND o.surplus = 0 AND o.reviewer_id = ?))";

/// Which reviews are asked for.
#[derive(Debug, Clone, Default)]
pub struct Filter {
    /// Of this task.
    pub task_id: Option<TaskId>,
    /// In this queue.
    pub queue_id: Option<QueueId>,
    /// By this member.
    pub reviewer_id: Option<MemberId>,
    /// By reviewers of this kind.
    pub reviewer_kind: Option<ReviewerKind>,
    /// Without what others said at the stage that their task is at, unless this member has said something there too.
    pub blind_for: Option<MemberId>,
    /// In one of these queues: what a key is limited to.
    pub queues: Option<Vec<QueueId>>,
    /// Given at or after.
    pub created_after: Option<Timestamp>,
    /// Given before.
    pub created_before: Option<Timestamp>,
}

/// Where a page starts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// After so many.
    Offset(i64),
    /// After this one.
    After(Timestamp, ReviewId),
}

/// A page of reviews, newest first.
///
/// # Errors
/// A fault.
pub async fn list(tx: &mut Tx<'_>, organization: OrganizationId, filter: &Filter, start: Start, limit: i64) -> Result<Vec<Review>, Error> {
    let mut select = Select::new(select!(""));
    select.filter("r.organization_id = ?", [organization.into()]);
    if let Some(task) = filter.task_id {
        select.filter("r.task_id = ?", [task.into()]);
    }
    if let Some(queue) = filter.queue_id {
        select.filter("r.queue_id = ?", [queue.into()]);
    }
    if let Some(reviewer) = filter.reviewer_id {
        select.filter("r.reviewer_id = ?", [reviewer.into()]);
    }
    if let Some(kind) = filter.reviewer_kind {
        select.filter("r.reviewer_kind = ?", [kind.as_str().into()]);
    }
    if let Some(member) = filter.blind_for {
        select.filter(NOT_BLIND, [member.into(), member.into()]);
    }
    if let Some(queues) = &filter.queues {
        select.any_of("r.queue_id", queues.iter().map(|queue| (*queue).into()));
    }
    if let Some(time) = filter.created_after {
        select.filter("r.created_at >= ?", [time.into()]);
    }
    if let Some(time) = filter.created_before {
        select.filter("r.created_at < ?", [time.into()]);
    }
    if let Start::After(created_at, id) = start {
        select.filter("(r.created_at, r.id) < (?, ?)", [created_at.into(), id.into()]);
    }
    select.end(" ORDER BY r.created_at DESC, r.id DESC");
    select.limit(limit);
    if let Start::Offset(offset) = start {
        select.offset(offset);
    }
    tx.all(&select, select.args(), read).await
}
