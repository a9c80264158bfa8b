//! How a task goes through the stages of its queue: which stage opens first, and where it goes when a stage has ended.
//!
//! Nothing here decides by mistake: a condition that is faulty, a policy or model that cannot say, a timeout and a disagreement all lead to people. What each
//! stage is made of is in [`stage`](crate::stage).

use serde::{Deserialize, Serialize};

use crate::{
    queue::{REJECTED, ReviewType},
    refusal::Places,
    stage::{
        Follow, Stage, StageActor,
        validation::{Check, check_result},
    },
};

/// The stages of a queue, in order.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Workflow {
    /// The stages, 1 to 10, at least one of them of people.
    pub stages: Vec<Stage>,
    /// What a task resolves to when no stage applies to it. `None`: the last stage of people opens all the same; so it does after any fault or abstention.
    pub otherwise: Option<Vec<String>>,
}

impl Default for Workflow {
    /// One stage of people, `review`, that the first review decides.
    fn default() -> Self {
        Self { stages: vec![Stage::new("review", StageActor::People)], otherwise: None }
    }
}

/// Whether a stage's condition holds for a task.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applies {
    /// It holds.
    Yes,
    /// It does not: the stage is passed by.
    No,
    /// It could not be told, and why.
    Faulty(String),
}

/// Why a task passed a stage without anybody being asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Why {
    /// Its condition does not hold.
    NotApplicable,
    /// The policy came to its result.
    PolicyDecided,
    /// It could not say, and why.
    Abstained(String),
}

/// A stage that a task passed, or a policy that ended its way.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Passed {
    /// Its place in the list of stages.
    pub stage: usize,
    /// Why.
    pub why: Why,
}

impl Passed {
    fn abstained(&self) -> bool {
        matches!(self.why, Why::Abstained(_))
    }
}

/// Where a task has come to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum At {
    /// The stage of people at this place opens; after [`Workflow::after`], the same place means that it stays open.
    People(usize),
    /// The model's stage at this place opens.
    Ai(usize),
    /// The verdict of the stage at this place is the outcome.
    Verdict(usize),
    /// Decided without a verdict of reviewers.
    Finished {
        /// The result.
        result: Vec<String>,
        /// What resolved it: `policy`, `otherwise`, `disagreement` or `timeout`.
        rule: &'static str,
        /// The stage that resolved it; `None` for `otherwise`.
        stage: Option<usize>,
    },
    /// The stage of people at this place ran out of time and names nothing that follows: what the queue's SLA does on deadline decides.
    Deadline(usize),
    /// Nobody is left to decide. Only stages that validation refuses lead here; the task stays as it is.
    Exhausted,
}

/// A way through stages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Walk {
    /// The stages that were passed, in order.
    pub passed: Vec<Passed>,
    /// Where it ends.
    pub at: At,
}

/// How a stage ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// With an approval, or any other answer that is not a rejection.
    Answered,
    /// With a rejection.
    Rejected,
    /// Its reviews came to no decision.
    Disagreed,
    /// People did not decide in time.
    TimedOut,
    /// The model could not say.
    Abstained,
}

impl Ending {
    /// How a stage ended that came to this result.
    #[must_use]
    pub fn with(result: &[String], review_type: ReviewType) -> Self {
        let rejected = review_type == ReviewType::Approval && result.iter().any(|option| option == REJECTED);
        if rejected { Self::Rejected } else { Self::Answered }
    }
}

/// A stage of people or of a model that has ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Ended {
    /// Its place.
    pub stage: usize,
    /// How.
    pub ending: Ending,
    /// The last earlier stage of people that came to a verdict on this revision, if one did. It stands when a model after it approves or abstains.
    pub earlier: Option<usize>,
}

/// What came before a walk.
#[derive(Clone, Copy, Default)]
struct Before {
    /// The stage that ended.
    ended: Option<usize>,
    /// The stage whose verdict stands unless somebody decides after it.
    verdict: Option<usize>,
}

/// What came on a walk.
#[derive(Default)]
struct Carried {
    /// The last policy that decided, and its result.
    policy: Option<(usize, Vec<String>)>,
    /// Whether a condition was faulty.
    faulty: bool,
}

impl Workflow {
    /// The workflow that the published client's `assignment` stands for; `None` when it has no such value.
    #[must_use]
    pub fn preset(assignment: &str) -> Option<Self> {
        let review = || Stage::new("review", StageActor::People);
        let ai = || Stage::new("ai", StageActor::Ai);
        let stages = match assignment {
            "manual" | "pull" | "round_robin" => vec![review()],
            "ai_first" => vec![ai(), review()],
            "ai_last" => vec![review(), ai()],
            _ => return None,
        };
        Some(Self { stages, otherwise: None })
    }

    /// Notes what is wrong, at `{at}/stages/…` and `{at}/otherwise`. See [`validate_stages`](crate::stage::validate_stages).
    pub fn validate(
        &self,
        review_type: ReviewType,
        option_ids: &[String],
        group_size: impl Fn(&str) -> Option<usize>,
        places: &mut Places,
        at: &str,
    ) {
        Check { stages: &self.stages, review_type, option_ids, group_size: &group_size, places }.stages(&format!("{at}/stages"));
        if let Some(result) = &self.otherwise {
            check_result(result, review_type, option_ids, places, &format!("{at}/otherwise"));
        }
    }

    /// The place of the stage with this key.
    #[must_use]
    pub fn position(&self, key: &str) -> Option<usize> {
        self.stages.iter().position(|stage| stage.key == key)
    }

    /// Where a task starts: one that is new, revised or opened again.
    ///
    /// `applies` is asked once for each stage on the way that has a condition. A stage of people opens where its condition is faulty; a policy or model
    /// abstains there, a model also when `ai_available` is false. After that only people can decide, and policies reject: neither `otherwise` nor what another
    /// policy would allow is a result then.
    pub fn enter(&self, review_type: ReviewType, ai_available: bool, applies: impl FnMut(&Stage) -> Applies) -> Walk {
        self.walk(0, Before::default(), review_type, ai_available, applies)
    }

    /// Where a task goes when a stage has ended. With no further stage that applies, a verdict is final; what was left undecided opens the last stage of
    /// people that is still to come. A verdict of people is also left to a later stage of people whose turn is in doubt because a condition was faulty.
    pub fn after(&self, ended: Ended, review_type: ReviewType, ai_available: bool, applies: impl FnMut(&Stage) -> Applies) -> Walk {
        let Ended { stage: index, ending, earlier } = ended;
        let here = |at| Walk { passed: Vec::new(), at };
        let Some(stage) = self.stages.get(index) else { return here(At::Exhausted) };
        let approval = review_type == ReviewType::Approval;
        let model = stage.actor == StageActor::Ai;
        // A model that comes to nothing abstains.
        let ending = if model && matches!(ending, Ending::Disagreed | Ending::TimedOut) { Ending::Abstained } else { ending };
        let named = match ending {
            Ending::Answered => &stage.on_approve,
            Ending::Rejected => &stage.on_reject,
            Ending::Disagreed => &stage.on_disagreement,
            Ending::TimedOut => &stage.on_timeout,
            Ending::Abstained => &stage.on_abstain,
        };
        let follow = match (named, ending) {
            // A model's approval is never final.
            (Some(Follow::Finish), Ending::Answered) if model => Follow::Next,
            (Some(follow), _) => follow.clone(),
            (None, Ending::Answered | Ending::Abstained) => Follow::Next,
            (None, Ending::Rejected) => Follow::Finish,
            (None, Ending::Disagreed) if approval => Follow::Reject,
            (None, Ending::Disagreed) => Follow::Open,
            (None, Ending::TimedOut) => return here(At::Deadline(index)),
        };
        let verdict = matches!(ending, Ending::Answered | Ending::Rejected);
        let to = match &follow {
            Follow::Finish if verdict => return here(At::Verdict(index)),
            Follow::Reject if approval && !verdict => {
                let rule = if ending == Ending::TimedOut { "timeout" } else { "disagreement" };
                return here(At::Finished { result: vec![REJECTED.into()], rule, stage: Some(index) });
            }
            Follow::Finish | Follow::Reject | Follow::Open => return here(At::People(index)),
            follow => self.target(index, follow),
        };
        let verdict = match ending {
            Ending::Answered | Ending::Abstained if model => earlier,
            _ => verdict.then_some(index),
        };
        self.walk(to, Before { ended: Some(index), verdict }, review_type, ai_available, applies)
    }

    /// The place that a follow leads to from `index`: forward, or just on.
    fn target(&self, index: usize, follow: &Follow) -> usize {
        let named = match follow {
            Follow::Stage(key) => self.position(key),
            _ => None,
        };
        named.filter(|to| *to > index).unwrap_or(index + 1)
    }

    fn walk(
        &self,
        mut place: usize,
        from: Before,
        review_type: ReviewType,
        ai_available: bool,
        mut applies: impl FnMut(&Stage) -> Applies,
    ) -> Walk {
        let (mut passed, mut carried) = (Vec::new(), Carried::default());
        while let Some(stage) = self.stages.get(place) {
            let applied = if stage.when.is_some() { applies(stage) } else { Applies::Yes };
            let next = Follow::Next;
            let (why, follow) = match (stage.actor, applied) {
                (_, Applies::No) => (Why::NotApplicable, &next),
                (StageActor::People, Applies::Yes | Applies::Faulty(_)) => return Walk { passed, at: At::People(place) },
                (StageActor::Ai, Applies::Yes) if ai_available => return Walk { passed, at: At::Ai(place) },
                (StageActor::Policy, Applies::Yes) if let (Some(result), Some(_)) = (&stage.decide, &stage.when) => {
                    let rejected = Ending::with(result, review_type) == Ending::Rejected;
                    let named = if rejected { &stage.on_reject } else { &stage.on_approve };
                    let follow = named.as_ref().unwrap_or(&Follow::Finish);
                    let undecided = from.ended.is_some() && from.verdict.is_none();
                    if !rejected && (undecided || passed.iter().any(Passed::abstained)) {
                        // A timeout, a disagreement, a fault: none of them becomes an approval by policy.
                        (
                            Why::Abstained("An earlier stage could not say: people decide.".into()),
                            stage.on_abstain.as_ref().unwrap_or(&next),
                        )
                    } else if *follow == Follow::Finish {
                        passed.push(Passed { stage: place, why: Why::PolicyDecided });
                        return Walk { passed, at: decided(place, result.clone()) };
                    } else {
                        carried.policy = Some((place, result.clone()));
                        (Why::PolicyDecided, follow)
                    }
                }
                (_, Applies::Faulty(reason)) => {
                    carried.faulty = true;
                    (Why::Abstained(reason), stage.on_abstain.as_ref().unwrap_or(&next))
                }
                (StageActor::Ai, Applies::Yes) => {
                    (Why::Abstained("No model reviews here.".into()), stage.on_abstain.as_ref().unwrap_or(&next))
                }
                (StageActor::Policy, Applies::Yes) => (Why::Abstained("The policy has no condition or no result.".into()), &next),
            };
            passed.push(Passed { stage: place, why });
            place = self.target(place, follow);
        }
        let at = self.end(from, carried, review_type, &passed);
        Walk { passed, at }
    }

    /// Where a task is when no stage is left.
    fn end(&self, from: Before, carried: Carried, review_type: ReviewType, passed: &[Passed]) -> At {
        let people = |place: usize| self.stages.get(place).is_some_and(|stage| stage.actor == StageActor::People);
        let last = (0..self.stages.len()).rev().find(|place| people(*place));
        // People are not asked twice. After a model any stage of people will do that has not come to a verdict.
        let asked = from.ended.filter(|ended| people(*ended)).max(from.verdict);
        let open = last.filter(|place| asked.is_none_or(|asked| *place > asked));
        let sure = !passed.iter().any(Passed::abstained);
        let rejected = |result: &[String]| Ending::with(result, review_type) == Ending::Rejected;
        match (carried.policy, from.verdict, open) {
            (Some((stage, result)), _, _) if sure => decided(stage, result),
            (Some(_), _, Some(open)) => At::People(open),
            (Some((stage, result)), Some(_), None) if rejected(&result) => decided(stage, result),
            (_, Some(_), Some(open)) if carried.faulty => At::People(open),
            (_, Some(verdict), _) => At::Verdict(verdict),
            (None, None, open) => match (&self.otherwise, open.or(asked)) {
                (Some(result), _) if sure && from.ended.is_none() => {
                    At::Finished { result: result.clone(), rule: "otherwise", stage: None }
                }
                (_, Some(place)) => At::People(place),
                (_, None) => At::Exhausted,
            },
            (Some(_), None, None) => asked.map_or(At::Exhausted, At::People),
        }
    }
}

fn decided(stage: usize, result: Vec<String>) -> At {
    At::Finished { result, rule: "policy", stage: Some(stage) }
}

#[cfg(test)]
mod tests;
