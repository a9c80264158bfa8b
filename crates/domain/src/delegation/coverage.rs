//! Which queues would have nobody in a time to come.
//!
//! Counted are members who may review in the queue and are not absent. Working hours, presence and capacity are left out: they say when in
//! a day somebody is there, not whether anybody is. Delegations are left out too: a delegate passes the same filters, so whoever they would
//! bring is among the members of the queue already.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::Absence;
use crate::{
    Timestamp,
    id::MemberId,
    skill::{Skill, SkillRequirement},
};

/// A queue, and the skills that its tasks need.
#[derive(Debug, Clone, PartialEq)]
pub struct Need {
    /// The key of the queue.
    pub queue_key: String,
    /// What its reviewers need to be able to do. Only what is mandatory counts: the rest is dropped in time.
    pub skills: Vec<SkillRequirement>,
}

/// A member who reviews.
#[derive(Debug, Clone, PartialEq)]
pub struct Staff {
    /// Who.
    pub member_id: MemberId,
    /// The keys of the queues in which they may review.
    pub queue_keys: Vec<String>,
    /// What they can do.
    pub skills: Vec<Skill>,
}

/// What a queue is without.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Lack {
    /// Anybody who may review in it.
    Anybody,
    /// Anybody with this mandatory skill.
    Skill {
        /// Its key.
        skill: String,
    },
    /// Anybody with all mandatory skills at once, though each of them is there.
    SkillsTogether,
}

/// A time in which a queue is without somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Uncovered {
    /// The key of the queue.
    pub queue_key: String,
    /// What it lacks.
    pub lack: Lack,
    /// From when on.
    pub from: Timestamp,
    /// From when on no longer.
    pub to: Timestamp,
}

/// A time from an instant on until another, which is not in it.
type Span = (Timestamp, Timestamp);

/// The times between `from` and `to` in which a queue would have nobody, or nobody with a skill that it needs. Queues come in the order in
/// which they are given; of one queue first where it lacks anybody, then each skill as written, then all together.
#[must_use]
pub fn preview(from: Timestamp, to: Timestamp, needs: &[Need], staff: &[Staff], absences: &[Absence]) -> Vec<Uncovered> {
    let mut away: HashMap<MemberId, Vec<Span>> = HashMap::new();
    for absence in absences {
        away.entry(absence.member_id).or_default().push((absence.starts_at, absence.ends_at));
    }
    let present: Vec<_> = staff
        .iter()
        .map(|member| (member, free((from, to), away.get(&member.member_id).cloned().unwrap_or_default())))
        .filter(|(_, present)| !present.is_empty())
        .collect();
    let mut found = Vec::new();
    for need in needs {
        let of_queue: Vec<_> = present.iter().filter(|(member, _)| member.queue_keys.contains(&need.queue_key)).collect();
        // When nobody of the queue is there who has all of `skills`.
        let without = |skills: &[&SkillRequirement]| {
            let mut covered = Vec::new();
            for (member, present) in &of_queue {
                let Some(end) = able_until(member, skills, to) else { continue };
                covered.extend(present.iter().map(|span| (span.0, span.1.min(end))));
            }
            free((from, to), covered)
        };
        let mandatory: Vec<_> = need.skills.iter().filter(|requirement| requirement.mandatory).collect();
        let mut lacks = vec![(Lack::Anybody, without(&[]))];
        for requirement in &mandatory {
            lacks.push((Lack::Skill { skill: requirement.skill.clone() }, without(&[*requirement])));
        }
        if mandatory.len() > 1 {
            let explained: Vec<Span> = lacks.iter().flat_map(|(_, spans)| spans.iter().copied()).collect();
            let together = without(&mandatory).into_iter().flat_map(|span| free(span, explained.clone()));
            lacks.push((Lack::SkillsTogether, together.collect()));
        }
        for (lack, spans) in lacks {
            found.extend(spans.into_iter().map(|(from, to)| Uncovered { queue_key: need.queue_key.clone(), lack: lack.clone(), from, to }));
        }
    }
    found
}

/// Until when the member has all of these skills, `most` at the latest; `None` when they lack one altogether.
fn able_until(member: &Staff, skills: &[&SkillRequirement], most: Timestamp) -> Option<Timestamp> {
    skills.iter().try_fold(most, |end, requirement| {
        let fitting = member.skills.iter().filter(|skill| skill.skill == requirement.skill && skill.level >= requirement.min_level);
        let until = fitting.map(|skill| skill.valid_until.unwrap_or(Timestamp::MAX)).max()?;
        Some(end.min(until))
    })
}

/// What of `span` none of `taken` covers, as the longest possible spans in their order.
fn free(span: Span, mut taken: Vec<Span>) -> Vec<Span> {
    if span.0 >= span.1 {
        return Vec::new();
    }
    taken.sort_unstable();
    let (mut at, mut free) = (span.0, Vec::new());
    for (start, end) in taken {
        if start >= end {
            continue;
        }
        if start > at {
            free.push((at, start.min(span.1)));
        }
        at = at.max(end);
        if at >= span.1 {
            return free;
        }
    }
    if at < span.1 {
        free.push((at, span.1));
    }
    free
}

#[cfg(test)]
mod tests;
