//! All that is known of a member when a reviewer is looked for.

use crate::{Timestamp, capacity::Presence, id::MemberId, skill::Skill};

/// A member as they stand to one task at one stage. What a queue does not forbid (a requester who may review, say) is simply not set.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// Who.
    pub member_id: MemberId,
    /// The person behind the member, when it is known: equal for two memberships of one person.
    pub identity: Option<Box<str>>,
    /// Whether they can log in.
    pub enabled: bool,
    /// Whether they are there.
    pub presence: Presence,
    /// Whether it is within their working hours, and they are not absent.
    pub inside_hours: bool,
    /// Whether role and queue let them review.
    pub may_review: bool,
    /// What they can do.
    pub skills: Vec<Skill>,
    /// Units that they take on at once; 0 is none.
    pub capacity_units: i64,
    /// Units that they have now: assigned and leased, each task once.
    pub load_units: i64,
    /// Tasks that they were assigned today.
    pub assigned_today: i64,
    /// Most tasks in a day; `None` is any number.
    pub max_per_day: Option<i64>,
    /// When they were assigned or offered a task last.
    pub last_assigned_at: Option<Timestamp>,
    /// Whether they asked for the task, or own the agent that did.
    pub is_requester: bool,
    /// Whether they reviewed an earlier stage of the task.
    pub reviewed_earlier_stage: bool,
    /// Whether they have reviewed the task at this stage.
    pub voted: bool,
    /// Whether they have declined the task at this stage.
    pub declined: bool,
    /// Whether they are excluded, beside those whom the queue's routing names.
    pub excluded: bool,
    /// Whether they have an open offer, assignment or lease of the task.
    pub holds: bool,
    /// When they reviewed the thread of the task last.
    pub reviewed_thread_at: Option<Timestamp>,
}

impl Candidate {
    /// A member who is there, may review, has nothing to do, the usual capacity and nothing to do with the task.
    #[must_use]
    pub fn present(member_id: MemberId) -> Self {
        Self {
            member_id,
            identity: None,
            enabled: true,
            presence: Presence::Online,
            inside_hours: true,
            may_review: true,
            skills: Vec::new(),
            capacity_units: crate::capacity::Capacity::default().units,
            load_units: 0,
            assigned_today: 0,
            max_per_day: None,
            last_assigned_at: None,
            is_requester: false,
            reviewed_earlier_stage: false,
            voted: false,
            declined: false,
            excluded: false,
            holds: false,
            reviewed_thread_at: None,
        }
    }
}
