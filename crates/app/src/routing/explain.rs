//! Why a task went to whom, or to nobody; and why not to somebody.

use serde::{Deserialize, Serialize};
use signoff_domain::{
    Timestamp,
    assignment::{Candidate, Eligibility, Explanation, Filter, Requirement},
    id::{MemberId, TaskId},
    permission::Action,
    task::TaskState,
};
use signoff_store::{Error, Query, Tx, members, queues, routing_facts};

use super::{Roster, decide};
use crate::{Caller, tasks::find};

/// How one member stands to a task.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Told {
    /// Who.
    pub member_id: MemberId,
    /// What they are called.
    pub name: String,
    /// The first filter that they do not pass; `None`: they are eligible.
    pub stopped_by: Option<Filter>,
}

/// The account of a task's assignment.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explained {
    /// What was decided when reviewers were last looked for at the task's stage, and when.
    pub last: Option<(Explanation, Timestamp)>,
    /// What would be decided now; `None` when the task is not open.
    pub now: Option<Explanation>,
    /// Who would be chosen now.
    pub would_choose: Option<MemberId>,
    /// How everybody stands to the task now, a thousand at the most.
    pub members: Vec<Told>,
}

/// Most members of an account.
const MEMBERS: usize = 1_000;

/// Explains the assignment of a task.
pub struct ExplainAssignment {
    /// Who asks.
    pub caller: Caller,
    /// When.
    pub now: Timestamp,
    /// Which task.
    pub id: TaskId,
}

impl Query for ExplainAssignment {
    type Out = Explained;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Explained, Error> {
        self.caller.require(Action::TaskExplain)?;
        let task = find(tx, &self.caller, self.id).await?;
        let last = routing_facts::explanation(tx, &task).await?;
        if task.state != TaskState::Queued {
            return Ok(Explained { last, now: None, would_choose: None, members: Vec::new() });
        }
        let queue = queues::at_version(tx, task.queue_id, task.queue_version).await?;
        let mut roster = Roster::load(tx, task.organization_id, self.now).await?;
        let decision = decide(tx, &mut roster, &task, &queue, self.now).await?;
        let requirement = Requirement::since(task.opened_at.unwrap_or(task.created_at));
        let eligibility = Eligibility::new(&queue.config.routing, &requirement, self.now);
        let names = members::all(tx, task.organization_id).await?;
        let told = |candidate: &Candidate| Told {
            member_id: candidate.member_id,
            name: names.iter().find(|member| member.id == candidate.member_id).map(|member| member.name.clone()).unwrap_or_default(),
            stopped_by: eligibility.explain_one(candidate).err(),
        };
        let members = roster.candidates().iter().take(MEMBERS).map(told).collect();
        Ok(Explained { last, now: Some(decision.explanation), would_choose: decision.chosen, members })
    }
}
