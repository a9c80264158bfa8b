//! The first page of a queue and the next task, while many tasks wait.

use std::time::Duration;

use crate::{
    program::{Program, QUEUE},
    report::Report,
    wake::submit,
};

/// The reports for a queue that has `had` tasks that wait and is filled to `waiting`.
pub(crate) async fn pages(program: &Program, had: usize, waiting: usize, lasts: Duration, repeats: usize) -> anyhow::Result<Vec<Report>> {
    submit(program, waiting - had).await?;
    let page = |limit| format!("/v1/task?queue_key={QUEUE}&state=queued&order=turn&limit={limit}");
    let next = format!(r#"{{"queue_key":"{QUEUE}"}}"#);
    let loads = [
        program.asks(&format!("first page of 10, {waiting} waiting"), "GET", page(10), String::new(), lasts),
        program.asks(&format!("first page of 50, {waiting} waiting"), "GET", page(50), String::new(), lasts),
        program.asks(
            &format!("look at the next, {waiting} waiting"),
            "GET",
            format!("/v1/task/next?queue_key={QUEUE}"),
            String::new(),
            lasts,
        ),
        program.asks(&format!("claim the next, {waiting} waiting"), "POST", "/v1/task/next".into(), next, lasts),
    ];
    let mut reports = Vec::new();
    for load in loads {
        reports.push(load.median(repeats).await?);
    }
    Ok(reports)
}
