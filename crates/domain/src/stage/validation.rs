//! Which stages make sense: every place that does not fit the review type, the other stages or the sizes of the groups.
//!
//! Conditions are only measured here; whether they are CEL, and which facts they may name, is for the module that runs them.

use std::collections::HashSet;

use super::{Follow, GroupCount, MOST_REVIEWS, MOST_STAGES, Rule, Stage, StageActor};
use crate::{
    group::Reviewers,
    queue::{self, ReviewType},
    refusal::Places,
    text::{self, Limit},
};

/// Notes what is wrong with the stages of a queue, at `/stages/…`.
///
/// `option_ids` are the queue's options. `group_size` is how many members a group has; `None` when that is not known, and then it is not held against the
/// rule (nor is the group's existence).
pub fn validate_stages(
    stages: &[Stage],
    review_type: ReviewType,
    option_ids: &[String],
    group_size: impl Fn(&str) -> Option<usize>,
    places: &mut Places,
) {
    Check { stages, review_type, option_ids, group_size: &group_size, places }.stages("/stages");
}

/// Notes what is wrong with a result that is decided without a reviewer.
pub(crate) fn check_result(result: &[String], review_type: ReviewType, option_ids: &[String], places: &mut Places, at: &str) {
    let one = match result {
        [one] => Some(one.as_str()),
        _ => None,
    };
    let problem = match review_type {
        ReviewType::MultipleChoice => Some("The candidates come with each task; nothing can be chosen beforehand."),
        ReviewType::Augmentation => (one != Some("unchanged")).then_some("Must be [\"unchanged\"]: only a reviewer edits."),
        ReviewType::Scoring => {
            let finite = one.and_then(|text| text.parse::<f64>().ok()).is_some_and(f64::is_finite);
            (!finite).then_some("Must be one number.")
        }
        ReviewType::Approval | ReviewType::Classification => one.is_none().then_some("Must be exactly one option."),
        ReviewType::Labeling => result.is_empty().then_some("Must be at least one option."),
    };
    if let Some(problem) = problem {
        places.add(at, problem);
    }
    if !review_type.has_options() {
        return;
    }
    let mut seen = HashSet::new();
    for (i, option) in result.iter().enumerate() {
        let at = format!("{at}/{i}");
        places.require(option_ids.contains(option), &at, "The queue has no such option.");
        places.require(seen.insert(option), &at, "This option is named twice.");
    }
}

/// Stages with what they are held against.
pub(crate) struct Check<'a> {
    pub(crate) stages: &'a [Stage],
    pub(crate) review_type: ReviewType,
    pub(crate) option_ids: &'a [String],
    pub(crate) group_size: &'a dyn Fn(&str) -> Option<usize>,
    pub(crate) places: &'a mut Places,
}

impl Check<'_> {
    pub(crate) fn stages(mut self, at: &str) {
        let stages = self.stages;
        self.places.require(stages.len() <= MOST_STAGES, at, "At most 10 stages.");
        let people = stages.iter().any(|stage| stage.actor == StageActor::People);
        self.places.require(people, at, "Needs a stage of people, who decide what nothing else does.");
        let mut keys = HashSet::new();
        for (i, stage) in stages.iter().enumerate() {
            let at = format!("{at}/{i}");
            let slug = queue::check_key(&stage.key).is_ok();
            self.require(slug, &at, "key", "Must be 1 to 63 of a–z, 0–9, '_', '-', and start with a letter or digit.");
            self.require(keys.insert(&stage.key), &at, "key", "Another stage has this key.");
            text::check_opt(self.places, &format!("{at}/name"), stage.name.as_deref(), Limit::line(1, 120));
            self.condition(stage, &at);
            match stage.actor {
                StageActor::People => self.rule(stage, &format!("{at}/rule")),
                StageActor::Policy | StageActor::Ai => {
                    self.require(stage.rule == Rule::Single, &at, "rule", "Only people decide by a rule.")
                }
            }
            self.reviewers(stage, &at);
            self.decision(stage, &at);
            self.follows(i, stage, &at);
        }
    }

    fn require(&mut self, holds: bool, at: &str, member: &str, message: &str) {
        self.places.require(holds, &format!("{at}/{member}"), message);
    }

    fn condition(&mut self, stage: &Stage, at: &str) {
        let at = format!("{at}/when");
        match &stage.when {
            None => self.places.require(stage.actor != StageActor::Policy, &at, "A policy needs the condition under which it decides."),
            Some(when) if when.trim().is_empty() => self.places.add(at, "Must not be empty."),
            Some(when) => text::check(self.places, &at, when, Limit::block(500)),
        }
    }

    fn decision(&mut self, stage: &Stage, at: &str) {
        let policy = stage.actor == StageActor::Policy;
        match &stage.decide {
            None => self.require(!policy, at, "decide", "A policy needs the result that it decides."),
            Some(_) if !policy => self.require(false, at, "decide", "Only a policy decides beforehand."),
            Some(result) => check_result(result, self.review_type, self.option_ids, self.places, &format!("{at}/decide")),
        }
    }

    fn reviewers(&mut self, stage: &Stage, at: &str) {
        let Some(Reviewers { groups, member_ids }) = &stage.reviewers else { return };
        if stage.actor != StageActor::People {
            return self.require(false, at, "reviewers", "Only a stage of people has reviewers.");
        }
        self.require(
            !groups.is_empty() || !member_ids.is_empty(),
            at,
            "reviewers",
            "Names nobody; leave it out for whom the queue lets review.",
        );
        self.require(groups.len() <= 50, at, "reviewers/groups", "At most 50 groups.");
        self.require(member_ids.len() <= 1_000, at, "reviewers/member_ids", "At most 1000 members.");
        let distinct: HashSet<_> = groups.iter().collect();
        self.require(distinct.len() == groups.len(), at, "reviewers/groups", "A group is named twice.");
        let distinct: HashSet<_> = member_ids.iter().collect();
        self.require(distinct.len() == member_ids.len(), at, "reviewers/member_ids", "A member is named twice.");
    }

    fn rule(&mut self, stage: &Stage, at: &str) {
        let approval = self.review_type == ReviewType::Approval;
        let misfit = match stage.rule {
            Rule::AnyRejectVetoes { .. } if !approval => Some("Only an approval can be vetoed."),
            Rule::Numeric { .. } if self.review_type != ReviewType::Scoring => Some("Only scores have a mean or median."),
            Rule::WeightedPosterior { .. } if !approval && self.review_type != ReviewType::Classification => {
                Some("Only an approval or classification has one answer out of a known list.")
            }
            _ => None,
        };
        if let Some(problem) = misfit {
            self.require(false, at, "type", problem);
        }
        let count = |n: usize| (1..=MOST_REVIEWS).contains(&n);
        let needs = "Must be from 1 to 50.";
        match &stage.rule {
            Rule::Single => {}
            Rule::KOfN { k, n } => {
                self.require(count(*n), at, "n", needs);
                self.require(count(*k), at, "k", needs);
                self.require(k <= n, at, "k", "Must be at most n.");
            }
            Rule::Majority { n } | Rule::Unanimous { n } | Rule::AnyRejectVetoes { n } => self.require(count(*n), at, "n", needs),
            Rule::RoleQuorum { groups } => self.quorum(groups, at),
            Rule::Numeric { n, max_spread, .. } => {
                self.require(count(*n), at, "n", needs);
                let spread = max_spread.is_none_or(|spread| spread.is_finite() && spread >= 0.0);
                self.require(spread, at, "max_spread", "Must be a number of at least 0.");
            }
            Rule::WeightedPosterior { n_max, threshold } => {
                self.require(count(*n_max), at, "n_max", needs);
                self.require(*threshold > 0.5 && *threshold < 1.0, at, "threshold", "Must be between 0.5 and 1.");
            }
            Rule::Adaptive { n0, n_max, agreement } => {
                self.require((2..=MOST_REVIEWS).contains(n0), at, "n0", "Must be from 2 to 50.");
                self.require(count(*n_max), at, "n_max", needs);
                self.require(n0 <= n_max, at, "n_max", "Must be at least n0.");
                self.require(*agreement > 0.5 && *agreement <= 1.0, at, "agreement", "Must be over 0.5 and at most 1.");
            }
        }
        self.staffing(stage, at);
    }

    fn quorum(&mut self, groups: &[GroupCount], at: &str) {
        let mut named = HashSet::new();
        let mut total = 0_usize;
        for (i, GroupCount { group, count }) in groups.iter().enumerate() {
            self.require(named.insert(group), at, &format!("groups/{i}/group"), "This group is named twice.");
            self.require((1..=MOST_REVIEWS).contains(count), at, &format!("groups/{i}/count"), "Must be from 1 to 50.");
            if let Some(size) = (self.group_size)(group).filter(|size| size < count) {
                self.require(false, at, &format!("groups/{i}/count"), &format!("The group '{group}' has only {size} members."));
            }
            total = total.saturating_add(*count);
        }
        self.require(!groups.is_empty(), at, "groups", "Must name a group.");
        self.require(total <= MOST_REVIEWS, at, "groups", "At most 50 reviews in all.");
    }

    /// Holds the rule against how many may review. Somebody in two of the groups is counted twice: only what is surely impossible is refused.
    fn staffing(&mut self, stage: &Stage, at: &str) {
        let Some(Reviewers { groups, member_ids }) = &stage.reviewers else { return };
        let mut sizes = groups.iter().map(|group| (self.group_size)(group));
        let Some(people) = sizes.try_fold(member_ids.len(), |sum, size| Some(sum.saturating_add(size?))) else { return };
        let (member, wanted) = match &stage.rule {
            Rule::Single => ("type", 1),
            Rule::RoleQuorum { .. } => ("groups", stage.rule.most_reviews()),
            Rule::WeightedPosterior { n_max, .. } | Rule::Adaptive { n_max, .. } => ("n_max", *n_max),
            rule => ("n", rule.most_reviews()),
        };
        if people < wanted {
            self.require(false, at, member, &format!("Wants {wanted} reviewers; the stage has {people}."));
        }
    }

    fn follows(&mut self, i: usize, stage: &Stage, at: &str) {
        use StageActor::{Ai, People, Policy};
        let approval = self.review_type == ReviewType::Approval;
        let rows: [(&str, &Option<Follow>, &[StageActor]); 5] = [
            ("on_approve", &stage.on_approve, &[People, Policy, Ai]),
            ("on_reject", &stage.on_reject, &[People, Policy, Ai]),
            ("on_abstain", &stage.on_abstain, &[Policy, Ai]),
            ("on_timeout", &stage.on_timeout, &[People]),
            ("on_disagreement", &stage.on_disagreement, &[People]),
        ];
        for (member, follow, actors) in rows {
            let Some(follow) = follow else { continue };
            if !actors.contains(&stage.actor) {
                self.require(
                    false,
                    at,
                    member,
                    if actors == [People] { "Only people time out or disagree." } else { "People do not abstain." },
                );
                continue;
            }
            let verdict = matches!(member, "on_approve" | "on_reject");
            let undecided = matches!(member, "on_timeout" | "on_disagreement");
            match follow {
                Follow::Next => {}
                Follow::Finish => self.require(verdict, at, member, "There is no verdict to finish with."),
                Follow::Reject if undecided => self.require(approval, at, member, "Only an approval can be rejected."),
                Follow::Open if undecided => {}
                Follow::Reject => self.require(false, at, member, "Only people's timeout or disagreement becomes a rejection."),
                Follow::Open => self.require(false, at, member, "Only people's timeout or disagreement leaves a stage open."),
                Follow::Stage(key) => match self.stages.iter().position(|other| other.key == *key) {
                    None => self.require(false, at, member, "There is no stage with this key."),
                    Some(to) => self.require(to > i, at, member, "Must be a later stage."),
                },
            }
            if undecided {
                self.leads_to_people(i, follow, at, member);
            }
        }
        let finishes = stage.actor == Ai && stage.on_approve == Some(Follow::Finish);
        self.require(!finishes, at, "on_approve", "A model's approval cannot finish a task.");
        self.require(approval || stage.on_reject.is_none(), at, "on_reject", "Only an approval can be rejected.");
        let named = approval || stage.actor != People || !stage.rule.can_disagree() || stage.on_disagreement.is_some();
        self.require(named, at, "on_disagreement", "Must say what follows when the reviews end without a decision.");
    }

    /// What people left undecided has to come before people again: `otherwise` and the end of the list decide nothing then.
    fn leads_to_people(&mut self, i: usize, follow: &Follow, at: &str, member: &str) {
        let to = match follow {
            Follow::Next => i + 1,
            Follow::Stage(key) => match self.stages.iter().position(|other| other.key == *key) {
                Some(to) if to > i => to,
                _ => return,
            },
            _ => return,
        };
        let people = self.stages.iter().skip(to).any(|stage| stage.actor == StageActor::People);
        self.require(people, at, member, "No stage of people follows that could decide.");
    }
}
