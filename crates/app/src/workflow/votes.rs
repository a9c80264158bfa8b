//! What the reviews of a stage come to.

use std::collections::BTreeMap;

use signoff_domain::{
    Timestamp,
    group::{Group, Reviewers},
    hold::Holders,
    id::MemberId,
    outcome::{self, Outcome},
    queue::Queue,
    review::{Review, ReviewerKind},
    stage::{
        Rule,
        completion::{Eligible, Standing, evaluate},
    },
    task::Task,
};
use signoff_store::{Error, Tx, members, queues, resources, workloads};

use super::is_over;
use crate::tasks::audience::GROUP;

/// What the reviews of a stage come to.
pub(crate) struct Count {
    /// Where the stage stands.
    pub(crate) standing: Standing,
    /// The outcome, when it is complete.
    pub(crate) outcome: Option<Outcome>,
}

/// The reviews by people that count at a stage of a task's revision.
pub(crate) fn of_stage(reviews: &[Review], revision: i64, stage: i64) -> Vec<&Review> {
    let counts = |review: &&Review| {
        review.stage == stage
            && review.revision == revision
            && review.voided_at.is_none()
            && !review.surplus
            && review.reviewer_kind == ReviewerKind::Human
    };
    reviews.iter().filter(counts).collect()
}

/// Counts the reviews of the stage that a task is at.
pub(crate) async fn count(
    tx: &mut Tx<'_>,
    task: &Task,
    queue: &Queue,
    rule: &Rule,
    holders: &Holders,
    reviews: &[Review],
    now: Timestamp,
) -> Result<Count, Error> {
    let counted = of_stage(reviews, task.revision, task.stage);
    let groups = match rule {
        Rule::RoleQuorum { groups } => named_groups(tx, task, groups.iter().map(|group| group.group.as_str())).await?,
        _ => BTreeMap::new(),
    };
    let mut votes = Vec::with_capacity(counted.len());
    for review in &counted {
        let accuracy = match rule {
            Rule::WeightedPosterior { .. } => accuracy(tx, task, review.reviewer_id).await?,
            _ => None,
        };
        votes.push(outcome::vote(review, queue.config.review_type, groups_of(&groups, review.reviewer_id), accuracy));
    }
    let eligible = if rule.most_reviews() > 1 { eligible(tx, task, holders, &groups).await? } else { Eligible::people(usize::MAX) };
    let standing = evaluate(rule, &votes, &eligible, queue.config.review_options.len());
    let outcome = outcome::of_stage(&standing, &counted, now);
    Ok(Count { standing, outcome })
}

type Groups = BTreeMap<String, Vec<MemberId>>;

async fn named_groups(tx: &mut Tx<'_>, task: &Task, names: impl Iterator<Item = &str>) -> Result<Groups, Error> {
    let mut groups = Groups::new();
    for name in names {
        let group = resources::get::<Group>(tx, task.organization_id, GROUP, name).await?;
        groups.insert(name.to_owned(), group.map(|group| group.definition.member_ids).unwrap_or_default());
    }
    Ok(groups)
}

fn groups_of(groups: &Groups, member: MemberId) -> Vec<String> {
    groups.iter().filter(|(_, members)| members.contains(&member)).map(|(key, _)| key.clone()).collect()
}

async fn accuracy(tx: &mut Tx<'_>, task: &Task, member: MemberId) -> Result<Option<f64>, Error> {
    let availability = workloads::availability::<signoff_domain::availability::Availability>(tx, task.organization_id, member).await?;
    Ok(availability.and_then(|availability| availability.accuracy))
}

/// How many could still review the stage: those whom it asks and who neither did, nor declined, nor are kept from it.
async fn eligible(tx: &mut Tx<'_>, task: &Task, holders: &Holders, groups: &Groups) -> Result<Eligible, Error> {
    let queue = queues::current(tx, task.queue_id).await?;
    let named = Reviewers::parse(&task.audience);
    let all = if task.audience.is_empty() { Vec::new() } else { resources::all::<Group>(tx, task.organization_id, GROUP).await? };
    let mut eligible = Eligible::default();
    let mut by_groups = BTreeMap::<Vec<String>, usize>::new();
    for member in members::reviewers(tx, task.organization_id).await? {
        let of = all.iter().filter(|group| group.definition.member_ids.contains(&member)).map(|group| group.key.clone());
        let asked = match &named {
            Some(reviewers) => reviewers.asks(member, &of.collect::<Vec<_>>()),
            None => task.audience.is_empty() && queue.config.lets_review(member),
        };
        if !asked || holders.standing_of(member).is_some_and(is_over) {
            continue;
        }
        let named = groups_of(groups, member);
        if named.is_empty() {
            eligible.others += 1;
        } else {
            *by_groups.entry(named).or_default() += 1;
        }
    }
    eligible.by_groups = by_groups.into_iter().collect();
    Ok(eligible)
}
