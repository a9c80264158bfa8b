//! A task on a terminal: all of it, nothing cut, and nothing that could drive the terminal or pass for a line of the frame.

use signoff_wire::{
    Object,
    queue::{FeedbackRequired, Queue, ReviewType},
    task::{Choice, Lease, Task, TaskState},
};

use crate::{
    output::{when, word},
    visible,
};

/// A task as it is.
pub(crate) fn shown(task: &Task) -> String {
    lines(task).join("\n")
}

/// A task, and how to decide it.
pub(super) fn to_decide(task: &Task, lease: Option<&Lease>) -> String {
    let mut lines = lines(task);
    if task.state == TaskState::Queued {
        lines.extend(task.queue.iter().flat_map(|queue| ways(task, queue, lease)));
    }
    lines.join("\n")
}

fn lines(task: &Task) -> Vec<String> {
    let mut lines = Vec::new();
    let mut fact = |name: &str, text: &str| lines.push(format!("{name:<10}{}", visible::line(text)));
    fact("Task", &format!("{} (revision {})", task.id, task.revision));
    fact("Queue", &task.queue.as_ref().map_or_else(|| task.queue_key.clone(), |queue| format!("{} ({})", queue.name, queue.key)));
    if let Some(summary) = &task.summary {
        fact("Summary", summary);
    }
    fact("State", &word(&task.state));
    fact("Priority", &word(&task.priority));
    fact("Submitted", &format!("{} by {}", when(Some(task.created_at)), task.created_by.name.as_ref().unwrap_or(&task.created_by.id)));
    if task.sla_deadline.is_some() {
        fact("Due", &when(task.sla_deadline));
    }
    if let Some(external_id) = &task.external_id {
        fact("Their id", external_id);
    }
    if let Some(lease) = &task.lease {
        fact("Held by", &format!("{} until {}", lease.member_name, when(Some(lease.expires_at))));
    }
    if let Some(instructions) = task.queue.as_ref().and_then(|queue| queue.instructions.as_ref()) {
        section(&mut lines, "Instructions", visible::value(&format!("{}\n", instructions.trim_end()).into(), 2));
    }
    section(&mut lines, "Content", object(&task.data));
    if !task.context.is_empty() {
        section(&mut lines, "Context", object(&task.context));
    }
    if !task.metadata.is_empty() {
        section(&mut lines, "Metadata", object(&task.metadata));
    }
    if let Some(choices) = &task.choices {
        section(&mut lines, "Candidates", choices.iter().map(candidate).collect::<Vec<_>>().join("\n"));
    }
    for review in task.reviews.iter().flatten() {
        let voided = if review.voided_at.is_some() { ", no longer counts" } else { "" };
        let head = format!("Review by {}, {}{voided}", visible::line(&review.reviewer.name), when(Some(review.created_at)));
        let mut text = format!("  {}", visible::line(&review.result.join(", ")));
        if let Some(feedback) = &review.feedback {
            text = format!("{text}\n{}", visible::value(&format!("{feedback}\n").into(), 2));
        }
        if let Some(patch) = &review.patch {
            text = format!("{text}\n  changes:\n{}", visible::value(patch, 4));
        }
        section(&mut lines, &head, text);
    }
    lines
}

fn section(lines: &mut Vec<String>, head: &str, text: String) {
    lines.extend([String::new(), head.to_owned(), text]);
}

fn object(object: &Object) -> String {
    visible::value(&object.clone().into(), 2)
}

fn candidate(choice: &Choice) -> String {
    let mut text = format!("  {}: {}", visible::line(&choice.key), visible::line(&choice.label));
    if let Some(description) = &choice.description {
        text = format!("{text}\n{}", visible::value(&format!("{description}\n").into(), 4));
    }
    if let Some(data) = &choice.data {
        text = format!("{text}\n{}", visible::value(&data.clone().into(), 4));
    }
    text
}

/// The commands that decide the task.
fn ways(task: &Task, queue: &Queue, lease: Option<&Lease>) -> Vec<String> {
    let held = lease.map(|lease| format!(" --lease {}", lease.id)).unwrap_or_default();
    let command = format!("signoff review submit {} --revision {}{held}", task.id, task.revision);
    let feedback = if queue.feedback_required == FeedbackRequired::Always { " --feedback TEXT" } else { "" };
    let option = |id: &str, label: &str| format!("    {:<20} {}", visible::line(id), visible::line(label));
    let options = || queue.review_options.iter().map(|known| option(&known.id, &known.label));
    let mut lines = vec![String::new(), "Decide".to_owned()];
    match queue.review_type {
        ReviewType::Approval if standard(queue) => {
            let why = if queue.feedback_required == FeedbackRequired::Never { "" } else { " --feedback TEXT" };
            let edited = if queue.allow_edits { " [--data @EDITED.json]" } else { "" };
            lines.push(format!("  {command} --approve{feedback}{edited}"));
            lines.push(format!("  {command} --reject{why}"));
        }
        ReviewType::Approval | ReviewType::Classification | ReviewType::Labeling => {
            let more = if queue.max_selections == Some(1) { "" } else { " [--result ID ...]" };
            lines.push(format!("  {command} --result ID{more}{feedback}"));
            lines.extend(options());
        }
        ReviewType::MultipleChoice => lines.push(format!("  {command} --result CANDIDATE{feedback}")),
        ReviewType::Scoring => {
            lines.push(format!("  {command} --result SCORE{feedback}"));
            lines.extend(queue.scale.iter().map(|scale| {
                let meaning = |label: &Option<String>| label.as_ref().map(|label| format!(" ({label})")).unwrap_or_default();
                let (low, high) = (meaning(&scale.min_label), meaning(&scale.max_label));
                visible::line(&format!("    from {}{low} to {}{high} by {}", scale.min, scale.max, scale.step))
            }));
        }
        ReviewType::Augmentation => lines.push(format!("  {command} --data @EDITED.json{feedback}")),
    }
    if !queue.result_required && queue.review_type != ReviewType::Augmentation {
        lines.push(format!("  {command} --none{feedback}"));
    }
    lines
}

/// Whether `--approve` and `--reject` name the queue's options.
fn standard(queue: &Queue) -> bool {
    let has = |id: &str| queue.review_options.iter().any(|option| option.id == id);
    has("approved") && has("rejected") && queue.review_options.len() == 2
}
