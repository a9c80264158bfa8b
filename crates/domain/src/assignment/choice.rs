//! Who is chosen among those who come into question, and the account of it.

use std::cmp::Ordering;

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use super::{Candidate, Eligibility, Filter, Ranking, Requirement, Routing, Strategy};
use crate::{Timestamp, id::MemberId};

/// Why nobody was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Nobody {
    /// There was nobody to choose from.
    NoCandidates,
    /// Nobody was left after this filter, somebody before it.
    EmptiedBy {
        /// Which.
        filter: Filter,
    },
    /// There is somebody, but the strategy leaves it to people.
    LeftToPeople,
}

impl Nobody {
    /// Whether the task can reach nobody at present, whatever the strategy.
    #[must_use]
    pub fn is_unroutable(self) -> bool {
        self != Self::LeftToPeople
    }
}

/// What set the chosen one apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "by", rename_all = "snake_case")]
pub enum Score {
    /// Was assigned a task least recently.
    LeastRecent {
        /// When; `None` is never.
        last_assigned_at: Option<Timestamp>,
    },
    /// Had the largest share of capacity to spare.
    SpareShare {
        /// Units to spare, before this task.
        spare_units: i64,
        /// Of so many.
        capacity_units: i64,
    },
    /// Reviewed the thread last.
    SameThread {
        /// When.
        reviewed_at: Timestamp,
    },
}

/// The account of a decision: why this one, or why nobody.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Explanation {
    /// How many were looked at.
    pub candidates: usize,
    /// How many were left after each filter, in the order of the filters.
    pub left: Vec<(Filter, usize)>,
    /// By which strategy.
    pub strategy: Strategy,
    /// What set the chosen one apart.
    pub score: Option<Score>,
    /// The keys of the skills that were no longer needed, in the order in which they were dropped.
    pub dropped_skills: Vec<String>,
    /// Why nobody was chosen.
    pub reason: Option<Nobody>,
}

impl Explanation {
    /// How many passed every filter.
    #[must_use]
    pub fn eligible(&self) -> usize {
        self.left.last().map_or(0, |(_, left)| *left)
    }
}

/// Who is to review a task, and why.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Decision {
    /// Who; `None` is nobody.
    pub chosen: Option<MemberId>,
    /// Why.
    pub explanation: Explanation,
}

/// Chooses the reviewer of a task among `candidates`.
///
/// One pass over the candidates, in any order: ties end with the smaller member id, so the same facts give the same choice.
#[must_use]
pub fn choose<'a>(
    strategy: Strategy,
    routing: &Routing,
    requirement: &Requirement,
    candidates: impl IntoIterator<Item = &'a Candidate>,
    now: Timestamp,
) -> Decision {
    let eligibility = Eligibility::new(routing, requirement, now);
    let order = Order::new(strategy, routing, now);
    let mut stopped = [0_usize; Filter::ALL.len()];
    let (mut looked_at, mut best) = (0, None);
    for candidate in candidates {
        looked_at += 1;
        match eligibility.explain_one(candidate) {
            Err(filter) => stopped[filter as usize] += 1,
            Ok(()) => match best {
                Some(other) if order.compare(candidate, other).is_ge() => {}
                _ => best = Some(candidate),
            },
        }
    }
    let mut rest = looked_at;
    let left = Filter::ALL.map(|filter| {
        rest -= stopped[filter as usize];
        (filter, rest)
    });
    let reason = match best {
        Some(_) if strategy.names_reviewer() => None,
        Some(_) => Some(Nobody::LeftToPeople),
        None if looked_at == 0 => Some(Nobody::NoCandidates),
        None => left.iter().find(|(_, left)| *left == 0).map(|(filter, _)| Nobody::EmptiedBy { filter: *filter }),
    };
    let chosen = best.filter(|_| reason.is_none());
    Decision {
        chosen: chosen.map(|candidate| candidate.member_id),
        explanation: Explanation {
            candidates: looked_at,
            left: left.to_vec(),
            strategy,
            score: chosen.map(|candidate| order.score(candidate)),
            dropped_skills: eligibility.dropped().iter().map(|requirement| requirement.skill.clone()).collect(),
            reason,
        },
    }
}

/// The order among those who are eligible: the least comes first.
struct Order {
    ranking: Ranking,
    /// From when on having reviewed the thread counts.
    thread_since: Option<Timestamp>,
}

impl Order {
    fn new(strategy: Strategy, routing: &Routing, now: Timestamp) -> Self {
        let ranking = match strategy {
            Strategy::RoundRobin => Ranking::RoundRobin,
            Strategy::SkillBased => routing.then,
            Strategy::Manual | Strategy::Pull | Strategy::LoadBalanced | Strategy::Sticky => Ranking::LoadBalanced,
        };
        let thread_since = (strategy == Strategy::Sticky)
            .then(|| now.checked_sub(SignedDuration::from_secs(routing.sticky_seconds)).unwrap_or(Timestamp::MIN));
        Self { ranking, thread_since }
    }

    fn compare(&self, one: &Candidate, other: &Candidate) -> Ordering {
        // `None` is less than any time: whoever reviewed the thread last comes first, whoever did not comes last.
        let thread = self.thread(other).cmp(&self.thread(one));
        thread.then_with(|| match self.ranking {
            Ranking::RoundRobin => least_recent(one, other),
            Ranking::LoadBalanced => most_spare(one, other).then_with(|| least_recent(one, other)),
        })
    }

    fn thread(&self, candidate: &Candidate) -> Option<Timestamp> {
        let since = self.thread_since?;
        candidate.reviewed_thread_at.filter(|at| *at >= since)
    }

    fn score(&self, candidate: &Candidate) -> Score {
        match (self.thread(candidate), self.ranking) {
            (Some(reviewed_at), _) => Score::SameThread { reviewed_at },
            (None, Ranking::RoundRobin) => Score::LeastRecent { last_assigned_at: candidate.last_assigned_at },
            (None, Ranking::LoadBalanced) => Score::SpareShare { spare_units: spare(candidate), capacity_units: candidate.capacity_units },
        }
    }
}

/// Several tasks may be given out in one instant: then whoever had fewer today comes first, else one would get them all.
fn least_recent(one: &Candidate, other: &Candidate) -> Ordering {
    let key = |candidate: &Candidate| (candidate.last_assigned_at, candidate.assigned_today, candidate.member_id);
    key(one).cmp(&key(other))
}

fn most_spare(one: &Candidate, other: &Candidate) -> Ordering {
    // spare / capacity of both, over a common denominator. Who is eligible has a capacity above 0.
    let share = |of: &Candidate, denominator: &Candidate| i128::from(spare(of)) * i128::from(denominator.capacity_units);
    share(other, one).cmp(&share(one, other))
}

fn spare(candidate: &Candidate) -> i64 {
    candidate.capacity_units.saturating_sub(candidate.load_units)
}
