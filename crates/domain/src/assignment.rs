//! Who is to review a task, and why: the rules by which a queue finds reviewers.
//!
//! Three records are kept apart: an *offer* puts a task before somebody and ends by itself, a *lease* is the right to edit now
//! ([`crate::hold::Lease`]), and an *assignment* says whose task it is. Start with [`routing`] for what a queue can say, then [`eligibility`] for who
//! comes into question, and [`choice`] for who is chosen among them. [`turn`] is the order in which tasks come up.

pub mod candidate;
pub mod choice;
pub mod eligibility;
pub mod overflow;
pub mod routing;
pub mod turn;

pub use candidate::Candidate;
pub use choice::{Decision, Explanation, Nobody, Score, choose};
pub use eligibility::{Eligibility, Filter, Requirement, Taken};
pub use overflow::check_overflow;
pub use routing::{Ranking, Routing, Strategy};
pub use turn::{Turn, effective_rank, next_rise};

#[cfg(test)]
mod samples;
#[cfg(test)]
mod tests;
