//! The endpoints, one file each.

pub(crate) mod apply;
pub(crate) mod audit;
pub(crate) mod batch;
pub(crate) mod event;
pub(crate) mod invitation;
pub(crate) mod key;
pub(crate) mod login;
pub(crate) mod me;
pub(crate) mod member;
pub(crate) mod operations;
pub(crate) mod queue;
mod queue_parts;
pub(crate) mod review;
pub(crate) mod session;
pub(crate) mod task;
pub(crate) mod task_comment;
pub(crate) mod task_hold;
pub(crate) mod task_list;
pub(crate) mod task_manage;
pub(crate) mod task_next;
pub(crate) mod task_review;
pub(crate) mod token;
