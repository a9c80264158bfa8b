//! How fast reviewers are found, with few and with many members, among 100,000 open tasks.

use std::path::Path;

use jiff::SignedDuration;
use signoff_app::routing::Route;
use signoff_domain::{
    assignment::{Candidate, Requirement, Routing, Strategy, choose},
    id::MemberId,
    queue::Assignment,
};
use uuid::Uuid;

use crate::{
    load::{histogram, micros, now},
    operations::Operations,
    quiet::{self, Ticks},
    report::Report,
};

/// Tasks that are open and wait for people to pull them.
const OPEN: usize = 100_000;
/// Tasks that are routed in one repeat.
const ROUTED: usize = 2_000;
/// Decisions in one repeat.
const DECISIONS: usize = 2_000;

/// The decision alone, and the whole of a router's passes, with so many members.
pub(crate) async fn measure(folder: &Path, members: usize, repeats: usize) -> anyhow::Result<Vec<Report>> {
    let decision = Report::median((0..repeats).map(|_| decide(members)).collect::<Result<_, _>>()?);
    let operations = Operations::open(folder, members).await?;
    operations.queue("waiting", |config| config.assignment = Assignment::Pull).await?;
    operations.queue("routed", |config| config.assignment = Assignment::LoadBalanced).await?;
    operations.submit("waiting", OPEN).await?;
    // Enough room for all, however few there are.
    let availability = r#"{"capacity":{"units":10000}}"#;
    operations.file()?.execute(
        "INSERT INTO availabilities (member_id, organization_id, availability, updated_at) SELECT id, organization_id, ?1, 0 FROM members WHERE true \
         ON CONFLICT (member_id) DO UPDATE SET availability = excluded.availability",
        [availability],
    )?;
    let mut passes = Vec::new();
    for _ in 0..=repeats {
        passes.push(route(&operations, members).await?);
    }
    Ok(vec![decision, Report::median(passes.split_off(1))])
}

fn decide(members: usize) -> anyhow::Result<Report> {
    let at = jiff::Timestamp::UNIX_EPOCH;
    let candidates: Vec<Candidate> = (0..members as u128).map(|n| Candidate::present(MemberId(Uuid::from_u128(n)))).collect();
    let (routing, requirement) = (Routing::default(), Requirement::since(at));
    let (mut times, start, ticks) = (histogram()?, now(), Ticks::now()?);
    for _ in 0..DECISIONS {
        let began = now();
        let decision =
            choose(Strategy::LoadBalanced, &routing, &requirement, std::hint::black_box(&candidates), at + SignedDuration::from_secs(1));
        anyhow::ensure!(std::hint::black_box(decision).chosen.is_some(), "nobody was chosen");
        times.saturating_record(micros(began.elapsed()));
    }
    let per_second = DECISIONS as f64 / start.elapsed().as_secs_f64();
    Ok(Report {
        what: format!("who reviews, of {members} members"),
        clients: 1,
        per_second,
        times,
        cpu_micros: None,
        others: ticks.others_since()?,
    })
}

/// New tasks are routed until none looks for a reviewer; the times are those of a pass.
async fn route(operations: &Operations, members: usize) -> anyhow::Result<Report> {
    operations.submit("routed", ROUTED).await?;
    quiet::wait().await?;
    let (mut times, start, ticks) = (histogram()?, now(), Ticks::now()?);
    let mut routed = 0;
    loop {
        let began = now();
        match operations.app.write(Route { moment: operations.app.moment(), organization_id: operations.organization }).await? {
            0 => break,
            some => routed += some,
        }
        times.saturating_record(micros(began.elapsed()));
    }
    let per_second = routed as f64 / start.elapsed().as_secs_f64();
    let what = format!("tasks routed, {members} members, 100,000 open tasks; times of a pass");
    Ok(Report { what, clients: 1, per_second, times, cpu_micros: None, others: ticks.others_since()? })
}
