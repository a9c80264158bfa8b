//! What a kind of decision is made of: review type, options, form and rules, and which of their combinations make sense.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::{
    Code, Refusal, Timestamp,
    assignment::{Routing, Strategy},
    condition::Condition,
    escalation::Escalation,
    id::{MemberId, OrganizationId, QueueId},
    refusal::Places,
    schema,
    sla::Sla,
    stage::Stage,
    text::{self, Limit},
    workflow::Workflow,
};

/// What a reviewer does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ReviewType {
    /// Says yes or no.
    Approval,
    /// Picks one category.
    Classification,
    /// Picks any number of labels.
    Labeling,
    /// Gives a number.
    Scoring,
    /// Picks among candidates that travel with the task.
    MultipleChoice,
    /// Edits the content.
    Augmentation,
}

impl ReviewType {
    /// Every type.
    pub const ALL: [Self; 6] =
        [Self::Approval, Self::Classification, Self::Labeling, Self::Scoring, Self::MultipleChoice, Self::Augmentation];

    /// The type as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Approval => "approval",
            Self::Classification => "classification",
            Self::Labeling => "labeling",
            Self::Scoring => "scoring",
            Self::MultipleChoice => "multiple_choice",
            Self::Augmentation => "augmentation",
        }
    }

    /// Whether the queue has a list of options to select from.
    #[must_use]
    pub fn has_options(self) -> bool {
        matches!(self, Self::Approval | Self::Classification | Self::Labeling)
    }

    /// How many may be selected unless the queue says otherwise; `None` is any number.
    #[must_use]
    pub fn default_max_selections(self) -> Option<i64> {
        match self {
            Self::Labeling | Self::MultipleChoice => None,
            _ => Some(1),
        }
    }
}

/// Whether an agent waits for the decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Timing {
    /// A gate before the action.
    #[default]
    Before,
    /// Quality review of what was done.
    After,
}

/// When a reviewer has to say why.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FeedbackRequired {
    /// Never.
    #[default]
    Never,
    /// Always.
    Always,
    /// When nothing is selected.
    WhenEmpty,
    /// When an approval is refused.
    WhenRejected,
}

/// How a task finds its reviewer; with no stages of its own also through which stages a queue's tasks go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Assignment {
    /// Reviewers choose from the list, or somebody names one.
    #[default]
    Manual,
    /// Reviewers are given the next task.
    Pull,
    /// Whoever was assigned a task least recently.
    RoundRobin,
    /// Whoever has the largest share of their capacity to spare.
    LoadBalanced,
    /// Whoever has the skills that the queue asks for.
    SkillBased,
    /// Whoever reviewed the same thread last.
    Sticky,
    /// A model reviews before people, who are found as with `manual`.
    AiFirst,
    /// People, who are found as with `manual`, review before a model.
    AiLast,
}

impl Assignment {
    /// Every value.
    pub const ALL: [Self; 8] =
        [Self::Manual, Self::Pull, Self::RoundRobin, Self::LoadBalanced, Self::SkillBased, Self::Sticky, Self::AiFirst, Self::AiLast];

    /// The value as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::AiFirst => "ai_first",
            Self::AiLast => "ai_last",
            _ => self.strategy().as_str(),
        }
    }

    /// How people are found.
    #[must_use]
    pub fn strategy(self) -> Strategy {
        match self {
            Self::Manual | Self::AiFirst | Self::AiLast => Strategy::Manual,
            Self::Pull => Strategy::Pull,
            Self::RoundRobin => Strategy::RoundRobin,
            Self::LoadBalanced => Strategy::LoadBalanced,
            Self::SkillBased => Strategy::SkillBased,
            Self::Sticky => Strategy::Sticky,
        }
    }
}

/// Something that can be selected.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewOption {
    /// What a result calls it.
    pub id: String,
    /// What people read.
    pub label: String,
    /// Its place in the list, smallest first.
    pub display_order: i64,
    /// When to choose it.
    pub description: Option<String>,
    /// `#rrggbb`.
    pub color: Option<String>,
    /// The key that selects it: one of `a`–`z`, `0`–`9`.
    pub hotkey: Option<String>,
}

impl ReviewOption {
    fn named(id: &str, label: &str, display_order: i64) -> Self {
        Self { id: id.into(), label: label.into(), display_order, description: None, color: None, hotkey: None }
    }
}

/// The option that lets an action go ahead.
pub const APPROVED: &str = "approved";
/// The option that stops it.
pub const REJECTED: &str = "rejected";

/// The scale of a scoring queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Scale {
    /// Lowest score.
    pub min: f64,
    /// Highest score.
    pub max: f64,
    /// Distance between two scores.
    pub step: f64,
    /// What the lowest means.
    pub min_label: Option<String>,
    /// What the highest means.
    pub max_label: Option<String>,
}

impl Default for Scale {
    fn default() -> Self {
        Self { min: 1.0, max: 5.0, step: 1.0, min_label: None, max_label: None }
    }
}

impl Scale {
    /// Whether the scale has this score. Scores are compared within a billionth of a step, so that 0.1 steps work.
    #[must_use]
    pub fn has(&self, score: f64) -> bool {
        let steps = (score - self.min) / self.step;
        score.is_finite() && score >= self.min && score <= self.max && (steps - steps.round()).abs() < 1e-9 * steps.abs().max(1.0)
    }
}

/// All that makes a kind of decision; one version of a queue.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct QueueConfig {
    /// What people call it.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether agents wait.
    pub timing: Timing,
    /// What a reviewer does.
    pub review_type: ReviewType,
    /// What can be selected.
    pub review_options: Vec<ReviewOption>,
    /// How many may be selected; `None` is any number.
    pub max_selections: Option<i64>,
    /// Whether something has to be selected.
    pub result_required: bool,
    /// When a reviewer has to say why.
    pub feedback_required: FeedbackRequired,
    /// How a task finds its reviewer.
    pub assignment: Assignment,
    /// Minutes until a task is due.
    pub sla_minutes: Option<i64>,
    /// The scale, for scoring.
    pub scale: Option<Scale>,
    /// Whether an approval may carry edits.
    pub allow_edits: bool,
    /// JSON Schema of a task's `data`.
    pub data_schema: Option<Value>,
    /// JSON Schema of edited content.
    pub edit_schema: Option<Value>,
    /// Markdown for reviewers.
    pub instructions: Option<String>,
    /// Text with `{data.path}` from which a task's summary is made.
    pub summary_template: Option<String>,
    /// Who may review; `None` is every member whose role may.
    pub reviewer_ids: Option<Vec<MemberId>>,
    /// The steps to a decision; none are those that `assignment` stands for.
    #[serde(default)]
    pub stages: Vec<Stage>,
    /// What a task resolves to when no stage applies to it; `None`: people are asked all the same.
    #[serde(default)]
    pub otherwise: Option<Vec<String>>,
    /// How reviewers are found, beside `assignment`.
    #[serde(default)]
    pub routing: Routing,
    /// The times that the queue promises.
    #[serde(default)]
    pub sla: Option<Sla>,
    /// What happens when nobody takes care of a task.
    #[serde(default)]
    pub escalation: Option<Escalation>,
    /// Whether a member may review what they submitted themself.
    #[serde(default)]
    pub allow_own_review: bool,
    /// Who leads the queue: told when something is wrong with it.
    #[serde(default)]
    pub lead_ids: Vec<MemberId>,
}

impl QueueConfig {
    /// A queue of this type with the defaults of the type.
    #[must_use]
    pub fn of_type(name: impl Into<String>, review_type: ReviewType) -> Self {
        let review_options = match review_type {
            ReviewType::Approval => vec![
                ReviewOption { hotkey: Some("a".into()), ..ReviewOption::named(APPROVED, "Approve", 0) },
                ReviewOption { hotkey: Some("r".into()), ..ReviewOption::named(REJECTED, "Reject", 1) },
            ],
            _ => Vec::new(),
        };
        Self {
            name: name.into(),
            description: None,
            timing: Timing::default(),
            review_type,
            review_options,
            max_selections: review_type.default_max_selections(),
            result_required: true,
            feedback_required: FeedbackRequired::default(),
            assignment: Assignment::default(),
            sla_minutes: None,
            scale: (review_type == ReviewType::Scoring).then(Scale::default),
            allow_edits: review_type == ReviewType::Augmentation,
            data_schema: None,
            edit_schema: None,
            instructions: None,
            summary_template: None,
            reviewer_ids: None,
            stages: Vec::new(),
            otherwise: None,
            routing: Routing::default(),
            sla: None,
            escalation: None,
            allow_own_review: false,
            lead_ids: Vec::new(),
        }
    }

    /// The way of a task through the queue.
    #[must_use]
    pub fn workflow(&self) -> Workflow {
        if self.stages.is_empty() {
            let preset = Workflow::preset(self.assignment.as_str()).unwrap_or_default();
            return Workflow { otherwise: self.otherwise.clone(), ..preset };
        }
        Workflow { stages: self.stages.clone(), otherwise: self.otherwise.clone() }
    }

    /// The schema of edited content: its own, or else that of what was submitted.
    #[must_use]
    pub fn schema_of_edits(&self) -> Option<&Value> {
        self.edit_schema.as_ref().or(self.data_schema.as_ref())
    }

    /// Checks that the parts fit each other.
    ///
    /// # Errors
    /// [`Code::ValidationError`] that names every place that is wrong.
    pub fn validate(&self) -> Result<(), Refusal> {
        let mut places = Places::default();
        text::check(&mut places, "/name", &self.name, Limit::line(1, 120));
        text::check_opt(&mut places, "/description", self.description.as_deref(), Limit::block(2_000));
        text::check_opt(&mut places, "/instructions", self.instructions.as_deref(), Limit::block(20_000));
        text::check_opt(&mut places, "/summary_template", self.summary_template.as_deref(), Limit::line(1, 500));
        self.check_options(&mut places);
        self.check_selection(&mut places);
        self.check_scale(&mut places);
        for (pointer, schema) in [("/data_schema", &self.data_schema), ("/edit_schema", &self.edit_schema)] {
            if let Some(wrong) = schema.as_ref().and_then(|schema| schema::admit(schema).err()) {
                places.add(format!("{pointer}{}", wrong.pointer), wrong.message);
            }
        }
        let edits = matches!(self.review_type, ReviewType::Approval | ReviewType::Augmentation);
        places.require(edits || !self.allow_edits, "/allow_edits", "Only approval and augmentation queues take edits.");
        places.require(
            self.allow_edits || self.review_type != ReviewType::Augmentation,
            "/allow_edits",
            "An augmentation queue takes edits.",
        );
        places.require(self.allow_edits || self.edit_schema.is_none(), "/edit_schema", "The queue takes no edits.");
        if let Some(minutes) = self.sla_minutes {
            places.require((1..=525_600).contains(&minutes), "/sla_minutes", "Must be from 1 to 525600 minutes.");
        }
        if let Some(reviewers) = &self.reviewer_ids {
            places.require(reviewers.len() <= 1_000, "/reviewer_ids", "At most 1000 reviewers.");
            let distinct: HashSet<_> = reviewers.iter().collect();
            places.require(distinct.len() == reviewers.len(), "/reviewer_ids", "A reviewer is named twice.");
        }
        self.check_operations(&mut places);
        places.finish()
    }

    /// Stages, routing and times; what they name outside the queue is checked where it can be looked up.
    fn check_operations(&self, places: &mut Places) {
        let options: Vec<String> = self.review_options.iter().map(|option| option.id.clone()).collect();
        self.workflow().validate(self.review_type, &options, |_| None, places, "");
        for (i, stage) in self.stages.iter().enumerate() {
            if let Some(when) = &stage.when {
                Condition::check(places, &format!("/stages/{i}/when"), when);
            }
        }
        self.routing.validate(places, "/routing");
        if let Some(sla) = &self.sla {
            let stages = self.workflow().stages;
            let keys: Vec<&str> = stages.iter().map(|stage| stage.key.as_str()).collect();
            let options: Vec<&str> = options.iter().map(String::as_str).collect();
            sla.validate(self.review_type, &options, &keys, places, "/sla");
        }
        places.require(self.lead_ids.len() <= 20, "/lead_ids", "At most 20 leads.");
    }

    fn check_options(&self, places: &mut Places) {
        let options = &self.review_options;
        if !self.review_type.has_options() {
            places.require(options.is_empty(), "/review_options", "This review type has no options.");
            return;
        }
        places.require(!options.is_empty(), "/review_options", "This review type needs options.");
        places.require(options.len() <= 200, "/review_options", "At most 200 options.");
        let (mut ids, mut hotkeys) = (HashSet::new(), HashSet::new());
        for (i, option) in options.iter().enumerate() {
            let at = |member: &str| format!("/review_options/{i}/{member}");
            places.require(is_option_id(&option.id), &at("id"), "Must be 1 to 64 of a–z, A–Z, 0–9, '_', '-', '.', ':'.");
            places.require(ids.insert(&option.id), &at("id"), "Another option has this id.");
            text::check(places, &at("label"), &option.label, Limit::line(1, 120));
            text::check_opt(places, &at("description"), option.description.as_deref(), Limit::block(1_000));
            if let Some(color) = &option.color {
                places.require(is_color(color), &at("color"), "Must be written #rrggbb.");
            }
            if let Some(hotkey) = &option.hotkey {
                let one = matches!(hotkey.as_bytes(), [b'a'..=b'z' | b'0'..=b'9']);
                places.require(one, &at("hotkey"), "Must be one of a–z, 0–9.");
                places.require(hotkeys.insert(hotkey), &at("hotkey"), "Another option has this key.");
            }
        }
        if self.review_type == ReviewType::Approval {
            for needed in [APPROVED, REJECTED] {
                let there = options.iter().any(|option| option.id == needed);
                places.require(there, "/review_options", &format!("An approval queue needs the option '{needed}'."));
            }
        }
    }

    fn check_selection(&self, places: &mut Places) {
        if let Some(most) = self.max_selections {
            places.require((1..=200).contains(&most), "/max_selections", "Must be from 1 to 200, or null for no limit.");
        }
        let single =
            matches!(self.review_type, ReviewType::Approval | ReviewType::Scoring | ReviewType::Augmentation | ReviewType::Classification);
        places.require(!single || self.max_selections == Some(1), "/max_selections", "This review type selects exactly one.");
        let needs_result = matches!(self.review_type, ReviewType::Approval | ReviewType::Augmentation);
        places.require(self.result_required || !needs_result, "/result_required", "This review type needs a result.");
        let approval = self.review_type == ReviewType::Approval;
        let when_rejected = self.feedback_required == FeedbackRequired::WhenRejected;
        places.require(approval || !when_rejected, "/feedback_required", "Only an approval can be rejected.");
    }

    fn check_scale(&self, places: &mut Places) {
        let scoring = self.review_type == ReviewType::Scoring;
        places.require(self.scale.is_some() == scoring, "/scale", "A scale belongs to scoring queues, and to no other.");
        let Some(scale) = &self.scale else { return };
        let finite = [scale.min, scale.max, scale.step].iter().all(|part| part.is_finite() && part.abs() <= 1e9);
        let ordered = finite && scale.min < scale.max && scale.step > 0.0 && scale.step <= scale.max - scale.min;
        places.require(ordered, "/scale", "Needs min < max and 0 < step ≤ max − min, within ±10⁹.");
        places.require(!ordered || scale.has(scale.max), "/scale/step", "The steps from min do not reach max.");
        text::check_opt(places, "/scale/min_label", scale.min_label.as_deref(), Limit::line(1, 120));
        text::check_opt(places, "/scale/max_label", scale.max_label.as_deref(), Limit::line(1, 120));
    }

    /// Whether the queue lets this member review.
    #[must_use]
    pub fn lets_review(&self, member: MemberId) -> bool {
        self.reviewer_ids.as_ref().is_none_or(|reviewers| reviewers.contains(&member))
    }
}

/// A queue at one of its versions.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Queue {
    /// Its id.
    pub id: QueueId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// What programs call it; never changes.
    pub key: String,
    /// Counts its changes, from 1.
    pub version: i64,
    /// What it is made of at this version.
    pub config: QueueConfig,
    /// Since when it takes no new tasks.
    pub deleted_at: Option<Timestamp>,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub updated_at: Timestamp,
}

/// What brings a deleted queue back.
pub const COMES_BACK: &str =
    "The queue was deleted. Applying a document that names its key brings it back (`signoff apply`, POST /v1/apply).";

impl Queue {
    /// # Errors
    /// [`Code::QueueDeleted`] when it was deleted.
    pub fn takes_changes(&self) -> Result<(), Refusal> {
        match self.deleted_at {
            None => Ok(()),
            Some(_) => Err(Refusal::new(Code::QueueDeleted, format!("The queue '{}' was deleted.", self.key)).hint(COMES_BACK)),
        }
    }

    /// # Errors
    /// [`Code::StaleRevision`] unless `version` is the queue's.
    pub fn expect_version(&self, version: i64) -> Result<(), Refusal> {
        if version == self.version {
            return Ok(());
        }
        let detail = format!("The queue is at version {}, the request is for {version}.", self.version);
        Err(Refusal::at(Code::StaleRevision, "If-Match", detail).hint("Read the queue again and change what it is now."))
    }

    /// # Errors
    /// [`Code::QueueDeleted`] when it takes no new tasks.
    pub fn takes_tasks(&self) -> Result<(), Refusal> {
        match self.deleted_at {
            None => Ok(()),
            Some(_) => Err(Refusal::at(Code::QueueDeleted, "/queue_key", format!("The queue '{}' was deleted.", self.key))),
        }
    }
}

/// # Errors
/// [`Code::ValidationError`] unless the key is `[a-z0-9][a-z0-9_-]{0,62}`.
pub fn check_key(key: &str) -> Result<(), Refusal> {
    let fits = matches!(key.as_bytes(), [b'a'..=b'z' | b'0'..=b'9', rest @ ..]
        if rest.len() <= 62 && rest.iter().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-')));
    if fits {
        Ok(())
    } else {
        Err(Refusal::invalid("/key", "Must be 1 to 63 of a–z, 0–9, '_', '-', and start with a letter or digit."))
    }
}

fn is_option_id(id: &str) -> bool {
    (1..=64).contains(&id.len()) && id.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.' | b':'))
}

fn is_color(color: &str) -> bool {
    matches!(color.as_bytes(), [b'#', digits @ ..] if digits.len() == 6 && digits.iter().all(u8::is_ascii_hexdigit))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pointers(config: &QueueConfig) -> Vec<String> {
        config.validate().err().map(|refusal| refusal.places.into_iter().map(|place| place.pointer).collect()).unwrap_or_default()
    }

    fn labels() -> QueueConfig {
        let mut config = QueueConfig::of_type("Labels", ReviewType::Labeling);
        config.review_options = vec![ReviewOption::named("spam", "Spam", 0), ReviewOption::named("pii", "Personal data", 1)];
        config
    }

    #[test]
    fn the_defaults_of_types_without_own_options_are_valid() {
        for review_type in [ReviewType::Approval, ReviewType::Scoring, ReviewType::MultipleChoice, ReviewType::Augmentation] {
            assert_eq!(pointers(&QueueConfig::of_type("Queue", review_type)), Vec::<String>::new(), "{review_type:?}");
        }
        assert_eq!(pointers(&labels()), Vec::<String>::new());
    }

    #[test]
    fn every_wrong_place_is_named() {
        let mut config = labels();
        config.name = String::new();
        config.review_options[1].id = "spam".into();
        config.review_options[1].color = Some("red".into());
        config.review_options[0].hotkey = Some("Ä".into());
        config.max_selections = Some(0);
        config.sla_minutes = Some(0);
        assert_eq!(
            pointers(&config),
            ["/name", "/review_options/0/hotkey", "/review_options/1/id", "/review_options/1/color", "/max_selections", "/sla_minutes"]
        );
    }

    #[test]
    fn an_approval_queue_cannot_lose_its_rejection() {
        let mut config = QueueConfig::of_type("Gate", ReviewType::Approval);
        config.review_options.retain(|option| option.id != REJECTED);
        assert_eq!(pointers(&config), ["/review_options"]);
    }

    #[test]
    fn a_scale_of_tenths_has_its_tenths_and_nothing_between() {
        let scale = Scale { min: 0.0, max: 1.0, step: 0.1, min_label: None, max_label: None };
        assert!((0..=10).all(|tenth| scale.has(f64::from(tenth) / 10.0)));
        assert!(!scale.has(0.15) && !scale.has(-0.1) && !scale.has(1.1) && !scale.has(f64::NAN));
    }

    #[test]
    fn keys_are_slugs() {
        for good in ["a", "outbound-email", "0_x"] {
            assert!(check_key(good).is_ok(), "{good}");
        }
        for bad in ["", "-a", "A", "a/b", "a b", "ä", &"a".repeat(64)] {
            assert!(check_key(bad).is_err(), "{bad}");
        }
    }
}
