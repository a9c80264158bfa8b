//! `signoff calendar`, `signoff group` and `signoff schedule`: what queues name by key.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use serde::de::DeserializeOwned;
use signoff_wire::{
    Timestamp,
    resource::{CalendarDefinition, GroupDefinition, ImportHolidays, ScheduleDefinition, ShiftSource},
};

use crate::{
    connection::{Connected, Session},
    failure::Failure,
    input,
    output::{self, when},
    visible,
};

#[derive(Subcommand)]
pub enum CalendarCommand {
    /// List calendars
    List(Connected<ListArgs>),
    /// Print a calendar as a file that `put` takes
    Show(Connected<KeyArgs>),
    /// Make or change a calendar
    Put(Connected<PutArgs>),
    /// Close the days of an iCalendar file's all-day events
    Import(Connected<ImportArgs>),
    /// Take a calendar away
    Delete(Connected<KeyArgs>),
}

#[derive(Subcommand)]
pub enum GroupCommand {
    /// List groups
    List(Connected<ListArgs>),
    /// Make or change a group
    Put(Connected<GroupArgs>),
    /// Take a group away
    Delete(Connected<KeyArgs>),
}

#[derive(Subcommand)]
pub enum ScheduleCommand {
    /// List on-call schedules
    List(Connected<ListArgs>),
    /// Make or change an on-call schedule
    Put(Connected<PutArgs>),
    /// Say who is on call, and who is next
    OnCall(Connected<OnCallArgs>),
    /// Take an on-call schedule away
    Delete(Connected<KeyArgs>),
}

#[derive(Args)]
pub struct ListArgs {}

#[derive(Args)]
pub struct KeyArgs {
    /// Its key
    key: String,
}

#[derive(Args)]
pub struct PutArgs {
    /// Its key
    key: String,
    /// YAML or JSON; - is standard input
    #[arg(short, long, value_name = "FILE")]
    file: String,
}

#[derive(Args)]
pub struct ImportArgs {
    /// The calendar's key
    key: String,
    /// The iCalendar file; - is standard input
    #[arg(short, long, value_name = "FILE")]
    file: String,
    /// In this year (may repeat)
    #[arg(long = "year", required = true, value_name = "YEAR")]
    years: Vec<i16>,
}

#[derive(Args)]
pub struct GroupArgs {
    /// Its key
    key: String,
    /// What people call it
    #[arg(long)]
    name: Option<String>,
    /// Who belongs to it (may repeat): all of them
    #[arg(long = "member", value_name = "MEMBER_ID")]
    members: Vec<String>,
}

#[derive(Args)]
pub struct OnCallArgs {
    /// The schedule's key
    key: String,
    /// When; now when left out
    #[arg(long, value_name = "TIME")]
    at: Option<Timestamp>,
}

impl CalendarCommand {
    pub(crate) async fn run(self) -> ExitCode {
        match self {
            Self::List(args) => args.run(calendars).await,
            Self::Show(args) => args.run(show).await,
            Self::Put(args) => args.run(put_calendar).await,
            Self::Import(args) => args.run(import).await,
            Self::Delete(args) => args.run(delete_calendar).await,
        }
    }
}

impl GroupCommand {
    pub(crate) async fn run(self) -> ExitCode {
        match self {
            Self::List(args) => args.run(groups).await,
            Self::Put(args) => args.run(put_group).await,
            Self::Delete(args) => args.run(delete_group).await,
        }
    }
}

impl ScheduleCommand {
    pub(crate) async fn run(self) -> ExitCode {
        match self {
            Self::List(args) => args.run(schedules).await,
            Self::Put(args) => args.run(put_schedule).await,
            Self::OnCall(args) => args.run(on_call).await,
            Self::Delete(args) => args.run(delete_schedule).await,
        }
    }
}

/// What a file of YAML says; JSON is YAML too.
fn read<T: DeserializeOwned>(path: &str) -> Result<T, Failure> {
    let options = serde_saphyr::options! { strict_booleans: true };
    serde_saphyr::from_str_with_options(&input::file(path)?, options).map_err(|error| Failure::input(format!("{path}: {error}")))
}

async fn calendars(session: Session, _: ListArgs) -> Result<ExitCode, Failure> {
    let calendars = session.client.calendars().await?;
    if session.out.json {
        output::json(&calendars)?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows = calendars.into_iter().map(|calendar| {
        let (weekly, exceptions) = (calendar.weekly.len().to_string(), calendar.exceptions.len().to_string());
        [calendar.key, calendar.time_zone, weekly, exceptions, when(Some(calendar.updated_at))]
    });
    output::table(["KEY", "TIME ZONE", "OPENINGS", "EXCEPTIONS", "CHANGED"], rows)?;
    Ok(ExitCode::SUCCESS)
}

async fn show(session: Session, args: KeyArgs) -> Result<ExitCode, Failure> {
    let calendar = session.client.calendar(&args.key).await?;
    if session.out.json {
        output::json(&calendar)?;
        return Ok(ExitCode::SUCCESS);
    }
    let definition = CalendarDefinition { time_zone: calendar.time_zone, weekly: calendar.weekly, exceptions: calendar.exceptions };
    let text = serde_saphyr::to_string(&definition).map_err(|error| Failure::input(format!("it cannot be written as YAML: {error}")))?;
    // A label of an import may hold anything; as JSON it is escaped, and YAML too.
    if text.chars().any(|letter| letter != '\n' && visible::is_hidden(letter)) {
        output::json(&definition)?
    } else {
        output::text(text.trim_end())?
    }
    Ok(ExitCode::SUCCESS)
}

async fn put_calendar(session: Session, args: PutArgs) -> Result<ExitCode, Failure> {
    let definition: CalendarDefinition = read(&args.file)?;
    let calendar = session.client.put_calendar(&args.key, &definition).await?;
    session.out.say(&format!("calendar/{} is as the file says.", calendar.key), &calendar)?;
    Ok(ExitCode::SUCCESS)
}

async fn import(session: Session, args: ImportArgs) -> Result<ExitCode, Failure> {
    let body = ImportHolidays { ical: input::file(&args.file)?, years: args.years };
    let imported = session.client.import_holidays(&args.key, &body).await?;
    if session.out.json {
        output::json(&imported)?;
        return Ok(ExitCode::SUCCESS);
    }
    output::text(&format!("{} dates closed, {} had an exception already.", imported.added, imported.kept))?;
    for notice in &imported.notices {
        output::text(&visible::line(&format!("left out: line {}, {}: {}", notice.line, notice.name, notice.why)))?;
    }
    if imported.further_notices > 0 {
        output::text(&format!("left out: {} more", imported.further_notices))?;
    }
    Ok(ExitCode::SUCCESS)
}

async fn delete_calendar(session: Session, args: KeyArgs) -> Result<ExitCode, Failure> {
    session.client.delete_calendar(&args.key).await?;
    deleted(&session, "calendar", &args.key)
}

async fn groups(session: Session, _: ListArgs) -> Result<ExitCode, Failure> {
    let groups = session.client.groups().await?;
    if session.out.json {
        output::json(&groups)?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows = groups.into_iter().map(|group| {
        let members = group.member_ids.len().to_string();
        [group.key, group.name.unwrap_or_default(), members, when(Some(group.updated_at))]
    });
    output::table(["KEY", "NAME", "MEMBERS", "CHANGED"], rows)?;
    Ok(ExitCode::SUCCESS)
}

async fn put_group(session: Session, args: GroupArgs) -> Result<ExitCode, Failure> {
    let definition = GroupDefinition { name: args.name, member_ids: args.members };
    let group = session.client.put_group(&args.key, &definition).await?;
    session.out.say(&format!("group/{} has {} members.", group.key, group.member_ids.len()), &group)?;
    Ok(ExitCode::SUCCESS)
}

async fn delete_group(session: Session, args: KeyArgs) -> Result<ExitCode, Failure> {
    session.client.delete_group(&args.key).await?;
    deleted(&session, "group", &args.key)
}

async fn schedules(session: Session, _: ListArgs) -> Result<ExitCode, Failure> {
    let schedules = session.client.schedules().await?;
    if session.out.json {
        output::json(&schedules)?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows = schedules.into_iter().map(|schedule| {
        let layers = schedule.layers.iter().map(|layer| layer.name.as_str()).collect::<Vec<_>>().join(", ");
        [schedule.key, schedule.time_zone, layers, schedule.overrides.len().to_string(), when(Some(schedule.updated_at))]
    });
    output::table(["KEY", "TIME ZONE", "LAYERS", "OVERRIDES", "CHANGED"], rows)?;
    Ok(ExitCode::SUCCESS)
}

async fn put_schedule(session: Session, args: PutArgs) -> Result<ExitCode, Failure> {
    let definition: ScheduleDefinition = read(&args.file)?;
    let schedule = session.client.put_schedule(&args.key, &definition).await?;
    session.out.say(&format!("schedule/{} is as the file says.", schedule.key), &schedule)?;
    Ok(ExitCode::SUCCESS)
}

async fn on_call(session: Session, args: OnCallArgs) -> Result<ExitCode, Failure> {
    let duty = session.client.on_call(&args.key, args.at).await?;
    if session.out.json {
        output::json(&duty)?;
        return Ok(ExitCode::SUCCESS);
    }
    let who = |id: Option<&String>| id.map_or_else(|| "nobody".into(), ToString::to_string);
    output::text(&format!("{} at {}, {}", who(duty.member_id.as_ref()), when(Some(duty.at)), visible::line(&why(&duty.source))))?;
    let rows =
        duty.shifts.iter().map(|shift| [when(Some(shift.from)), when(Some(shift.to)), who(shift.member_id.as_ref()), why(&shift.source)]);
    output::table(["FROM", "TO", "MEMBER", "WHY"], rows)?;
    Ok(ExitCode::SUCCESS)
}

fn why(source: &ShiftSource) -> String {
    match source {
        ShiftSource::Override(at) => format!("override {at}"),
        ShiftSource::Layer(name) => format!("layer {name}"),
        ShiftSource::Gap => "a gap".into(),
    }
}

async fn delete_schedule(session: Session, args: KeyArgs) -> Result<ExitCode, Failure> {
    session.client.delete_schedule(&args.key).await?;
    deleted(&session, "schedule", &args.key)
}

fn deleted(session: &Session, kind: &str, key: &str) -> Result<ExitCode, Failure> {
    let line = visible::line(&format!("{kind}/{key} is deleted."));
    session.out.say(&line, &serde_json::json!({ "deleted": format!("{kind}/{key}") }))?;
    Ok(ExitCode::SUCCESS)
}
