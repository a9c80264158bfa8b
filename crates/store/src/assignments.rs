//! Assignments: who is to review a task at a stage, who will not, and who may not.

use signoff_domain::{
    Timestamp,
    hold::Standing,
    id::{AssignmentId, MemberId, TaskId},
    task::Task,
};

use crate::{Error, Row, Tx};

/// Who is to review a task at a stage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Assigned {
    /// The reviewer.
    pub member_id: MemberId,
    /// How they stand to the task.
    pub standing: Standing,
    /// How it came about: `manual`, `round_robin`, `delegation`, …
    pub origin: String,
    /// For whom they act.
    pub on_behalf_of: Option<MemberId>,
    /// What it weighs in the reviewer's workload while it is accepted, in units.
    pub weight: i64,
}

impl Assigned {
    /// A member who stands so to a task, by nobody's assignment and without weight.
    #[must_use]
    pub fn plain(member_id: MemberId, standing: Standing) -> Self {
        Self { member_id, standing, origin: "manual".into(), on_behalf_of: None, weight: 0 }
    }
}

crate::sql::statements! {
    PUT = "INSERT INTO assignments (id, organization_id, task_id, stage, member_id, state, reason, origin, on_behalf_of, weight, created_at, updated_at) \
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $11) \
        ON CONFLICT (task_id, stage, member_id) DO UPDATE SET state = excluded.state, reason = excluded.reason, origin = excluded.origin, \
        on_behalf_of = excluded.on_behalf_of, weight = excluded.weight, updated_at = excluded.updated_at";
    AT_STAGE = "SELECT member_id, state, origin, on_behalf_of, weight FROM assignments WHERE task_id = $1 AND stage = $2 ORDER BY created_at, id";
    OF_TASK = "SELECT member_id, state, origin, on_behalf_of, weight FROM assignments WHERE task_id = $1 ORDER BY created_at, id";
    VOID = "UPDATE assignments SET state = 'revoked', updated_at = $2 WHERE task_id = $1 AND state IN ('submitted', 'declined', 'excluded')";
    OPEN_OF = "SELECT task_id FROM assignments WHERE member_id = $1 AND state = 'accepted' ORDER BY created_at, id";
}

fn read(row: &Row<'_>) -> Result<Assigned, Error> {
    Ok(Assigned {
        member_id: row.id(0)?,
        standing: row.word(1, "assignments", Standing::parse)?,
        origin: row.get(2)?,
        on_behalf_of: row.id_opt(3)?,
        weight: row.get(4)?,
    })
}

/// Sets how a member stands to a task at its stage.
///
/// # Errors
/// A fault.
pub async fn put(
    tx: &mut Tx<'_>,
    id: AssignmentId,
    task: &Task,
    assigned: &Assigned,
    reason: Option<&str>,
    now: Timestamp,
) -> Result<(), Error> {
    let args = [
        id.into(),
        task.organization_id.into(),
        task.id.into(),
        task.stage.into(),
        assigned.member_id.into(),
        assigned.standing.as_str().into(),
        reason.into(),
        (&assigned.origin).into(),
        assigned.on_behalf_of.into(),
        assigned.weight.into(),
        now.into(),
    ];
    tx.exec(&PUT, &args).await?;
    Ok(())
}

/// How members stand to a task at its stage.
///
/// # Errors
/// A fault.
pub async fn at_stage(tx: &mut Tx<'_>, task: &Task) -> Result<Vec<Assigned>, Error> {
    tx.all(&AT_STAGE, &[task.id.into(), task.stage.into()], read).await
}

/// How members stood and stand to a task, at all stages.
///
/// # Errors
/// A fault.
pub async fn of_task(tx: &mut Tx<'_>, task: TaskId) -> Result<Vec<Assigned>, Error> {
    tx.all(&OF_TASK, &[task.into()], read).await
}

/// Forgets who reviewed, who declined and who was kept away: the task is to be reviewed anew.
///
/// # Errors
/// A fault.
pub async fn void(tx: &mut Tx<'_>, task: TaskId, now: Timestamp) -> Result<(), Error> {
    tx.exec(&VOID, &[task.into(), now.into()]).await?;
    Ok(())
}

/// The tasks that a member accepted and has not reviewed.
///
/// # Errors
/// A fault.
pub async fn open_of(tx: &mut Tx<'_>, member: MemberId) -> Result<Vec<TaskId>, Error> {
    tx.all(&OPEN_OF, &[member.into()], |row| row.id(0)).await
}
