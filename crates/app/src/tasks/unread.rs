//! What who may change tasks but not read them is shown of a task: what they sent, and how far it is.

use signoff_domain::{
    Object,
    task::{Content, Task},
};

use super::TaskView;

/// The task with nothing of what others sent or said. `sent` is the content that the caller sent.
pub(super) fn unread(view: TaskView, sent: Content, metadata: Object, summary: Option<String>) -> TaskView {
    let task = Task { metadata, summary, assignee_id: None, ..view.task };
    TaskView { task, content: sent, queue: view.queue, reviews: Some(Vec::new()), lease: None }
}
