//! The log at the end: it verifies, holds every state that was ever signed, and says exactly once what happened to each task.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use serde_json::Value;
use signoff_domain::log::verify::{Trust, Verifier};
use tokio::time::{sleep, timeout};

use crate::{api::Api, oracle::Oracle};

/// How often each event happened to each task.
type Counts = BTreeMap<String, BTreeMap<String, u32>>;

/// Checks the exported log; answers what it held, in a sentence.
pub(crate) async fn check(api: &Api, oracle: &Oracle) -> String {
    let expected = |counts: &Counts, event: &str| counts.get(event).map_or(0, BTreeMap::len);
    let (tasks, decided) = (oracle.tasks().count(), oracle.decided());
    // On PostgreSQL entries are sealed shortly after they were committed.
    let sealed = async {
        loop {
            let export = api.export().await;
            let counts = counts(&export);
            if expected(&counts, "task.submitted") >= tasks && expected(&counts, "task.reviewed") >= decided {
                return (export, counts);
            }
            sleep(Duration::from_millis(100)).await;
        }
    };
    let (export, counts) = timeout(Duration::from_secs(20), sealed).await.expect("every acknowledged change gets into the log");

    let mut verifier = Verifier::new(Trust { held: oracle.checkpoints.clone(), ..Trust::default() });
    verifier.push(export.as_bytes()).unwrap_or_else(|finding| panic!("{finding}"));
    let report = verifier.finish().unwrap_or_else(|finding| panic!("{finding}"));
    assert_eq!(report.held_checked, oracle.checkpoints.len(), "a state that was signed is not in the log");
    assert_eq!(report.payloads_checked, report.digests, "content is missing");

    exactly_once(&counts, "task.submitted", oracle.tasks());
    exactly_once(&counts, "review.submitted", oracle.decided_tasks());
    exactly_once(&counts, "task.reviewed", oracle.decided_tasks());
    let (entries, repeated) = (report.entries, oracle.repeated);
    format!("{tasks} tasks, {decided} decided, {repeated} requests cut off and repeated; {entries} log entries verify")
}

fn counts(export: &str) -> Counts {
    let mut counts = Counts::new();
    for line in export.lines() {
        let line: Value = serde_json::from_str(line).unwrap();
        if let (Some(event), Some(task)) = (line["entry"]["type"].as_str(), line["entry"]["task"].as_str()) {
            *counts.entry(event.into()).or_default().entry(task.into()).or_default() += 1;
        }
    }
    counts
}

fn exactly_once<'a>(counts: &Counts, event: &str, tasks: impl Iterator<Item = &'a str>) {
    let happened = &counts[event];
    let twice: Vec<_> = happened.iter().filter(|(_, count)| **count != 1).collect();
    assert!(twice.is_empty(), "more than one {event}: {twice:?}");
    assert_eq!(
        happened.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        tasks.collect(),
        "{event} of other tasks than were acknowledged"
    );
}
