//! `signoff sla`: when a task would be due.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use jiff::{Zoned, tz::TimeZone};
use signoff_wire::{
    Timestamp,
    sla::{SimulateSla, SlaSimulation},
    task::Priority,
};

use crate::{
    connection::{Connected, Session},
    failure::Failure,
    input::{self, words},
    output::{self, when, word},
    visible,
};

#[derive(Subcommand)]
pub enum SlaCommand {
    /// Say when a task would be due, in the calendar's time zone and in UTC
    Simulate(Connected<SimulateArgs>),
}

#[derive(Args)]
pub struct SimulateArgs {
    /// The queue whose times hold
    #[arg(long, value_name = "KEY", required_unless_present = "sla")]
    queue: Option<String>,
    /// Times to try in place of those of the queue: JSON, @FILE, or - for standard input
    #[arg(long, value_name = "JSON")]
    sla: Option<String>,
    /// When it is submitted: 2026-11-27T16:30:00[Europe/Berlin] or 2026-11-27T15:30:00Z; now when left out
    #[arg(long, value_name = "TIME", value_parser = instant)]
    at: Option<Timestamp>,
    /// How urgent it is
    #[arg(long, value_parser = words::<Priority>(&["low", "normal", "high", "urgent"]))]
    priority: Option<Priority>,
}

/// An instant, as a wall clock of a zone shows it or with an offset.
pub(crate) fn instant(text: &str) -> Result<Timestamp, String> {
    let zoned = text.parse::<Zoned>().map(|zoned| zoned.timestamp());
    zoned
        .or_else(|_| text.parse())
        .map_err(|_| "not an instant: give a zone as in 2026-11-27T16:30:00[Europe/Berlin], or an offset as in 2026-11-27T15:30:00Z".into())
}

impl SlaCommand {
    pub(crate) async fn run(self) -> ExitCode {
        match self {
            Self::Simulate(args) => args.run(simulate).await,
        }
    }
}

async fn simulate(session: Session, args: SimulateArgs) -> Result<ExitCode, Failure> {
    let sla = args.sla.map(|sla| input::json("--sla", &sla)).transpose()?;
    let request = SimulateSla { queue_key: args.queue, sla, priority: args.priority, submitted_at: args.at };
    let simulated = session.client.simulate_sla(&request).await?;
    if session.out.json {
        output::json(&simulated)?;
        return Ok(ExitCode::SUCCESS);
    }
    // A zone that this program does not know leaves UTC.
    let zone = simulated.time_zone.as_deref().and_then(|name| TimeZone::get(name).ok());
    let calendar = match (&simulated.calendar, &simulated.time_zone) {
        (Some(calendar), Some(zone)) => format!("in the hours of '{calendar}' ({zone})"),
        (Some(calendar), None) => format!("at any time: the calendar '{calendar}' is not there"),
        (None, _) => "at any time".into(),
    };
    output::text(&visible::line(&format!("A task of {} priority, time counts {calendar}.", word(&simulated.priority))))?;
    let rows = rows(&simulated);
    let utc = |at: Option<Timestamp>| at.map_or_else(|| "more than ten years ahead".into(), |at| when(Some(at)));
    match zone {
        Some(zone) => {
            let name = visible::line(simulated.time_zone.as_deref().unwrap_or_default());
            let local = |at: Timestamp| at.to_zoned(zone.clone()).strftime("%a %Y-%m-%d %H:%M:%S").to_string();
            let rows = rows.into_iter().map(|([what, stage, which], at)| [what, stage, which, at.map_or("-".into(), local), utc(at)]);
            output::table(["WHAT", "STAGE", "WHICH", &name, "UTC"], rows)?;
        }
        None => output::table(
            ["WHAT", "STAGE", "WHICH", "UTC"],
            rows.into_iter().map(|([what, stage, which], at)| [what, stage, which, utc(at)]),
        )?,
    }
    Ok(ExitCode::SUCCESS)
}

/// What happens when, in the order of the setting.
type Row = ([String; 3], Option<Timestamp>);

fn rows(simulated: &SlaSimulation) -> Vec<Row> {
    let row = |what: &str, stage: &str, which: String, at: Option<Timestamp>| ([what.to_owned(), stage.to_owned(), which], at);
    let mut rows = vec![row("submitted", "-", "-".into(), Some(simulated.submitted_at))];
    for metric in &simulated.metrics {
        let (what, stage) = (word(&metric.kind), metric.stage.as_deref().unwrap_or("any"));
        for warning in &metric.warnings {
            rows.push(row(&what, stage, format!("warning at {} %", warning.percent), Some(warning.at)));
        }
        rows.push(row(&what, stage, "due".into(), metric.due_at));
    }
    if let Some(deadline) = simulated.deadline {
        let action = serde_json::to_value(&simulated.on_deadline).unwrap_or_default();
        rows.push(row("deadline", "-", format!("then {}", action["action"].as_str().unwrap_or_default()), Some(deadline)));
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_given_with_a_zone_or_an_offset() {
        let friday: Timestamp = "2026-11-27T15:30:00Z".parse().unwrap();
        for text in
            ["2026-11-27T16:30:00[Europe/Berlin]", "2026-11-27T16:30[Europe/Berlin]", "2026-11-27T15:30:00Z", "2026-11-27T16:30:00+01:00"]
        {
            assert_eq!(instant(text), Ok(friday), "{text}");
        }
        for text in ["2026-11-27T16:30:00", "Friday", "", "2026-11-27T16:30:00[Europe/Atlantis]"] {
            assert!(instant(text).is_err(), "{text}");
        }
    }
}
