//! `signoff absence` and `signoff delegation`: who is away, and who decides in whose place.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use signoff_wire::{
    Timestamp,
    availability::{CreateAbsence, CreateDelegation, DelegateTo, DelegationMode, DelegationScope, Lack, OpenWork},
};

use crate::{
    connection::{Connected, Session},
    failure::Failure,
    input::words,
    output::{self, when, word},
};

#[derive(Subcommand)]
pub enum AbsenceCommand {
    /// Say that you, or a member, will be away; prints its id
    Create(Connected<CreateArgs>),
    /// List absences that have not ended
    List(Connected<ListArgs>),
    /// List the queues that would be left without anybody
    Preview(Connected<PreviewArgs>),
    /// Take absences back
    Revoke(Connected<RevokeArgs>),
}

#[derive(Subcommand)]
pub enum DelegationCommand {
    /// Let somebody decide in your, or a member's, place; prints its id
    Create(Connected<DelegateArgs>),
    /// List delegations that have not ended
    List(Connected<ListArgs>),
    /// Take delegations back
    Revoke(Connected<RevokeArgs>),
}

/// From when until when.
#[derive(Args)]
pub(crate) struct Period {
    /// From when on, such as 2026-08-03T00:00:00Z
    #[arg(long, value_name = "TIME")]
    from: Timestamp,
    /// Until when
    #[arg(long, value_name = "TIME")]
    to: Timestamp,
}

#[derive(Args)]
pub struct CreateArgs {
    #[command(flatten)]
    period: Period,
    /// The member; you when left out
    #[arg(long, value_name = "MEMBER_ID")]
    member: Option<String>,
    /// What becomes of open work: it waits, goes to the delegate, or goes back to the queue
    #[arg(long, default_value = "keep", value_parser = words::<OpenWork>(&["keep", "delegate", "return"]))]
    open_work: OpenWork,
    /// Why
    #[arg(long)]
    reason: Option<String>,
}

#[derive(Args)]
pub struct ListArgs {}

#[derive(Args)]
pub struct PreviewArgs {
    #[command(flatten)]
    period: Period,
    /// Who would be away, beside those who are known to be
    #[arg(long, value_name = "MEMBER_ID")]
    member: Option<String>,
}

#[derive(Args)]
pub struct RevokeArgs {
    /// Their ids
    #[arg(required = true, value_name = "ID")]
    ids: Vec<String>,
}

#[derive(Args)]
pub struct DelegateArgs {
    #[command(flatten)]
    period: Period,
    /// Who decides: a member
    #[arg(long, value_name = "MEMBER_ID", required_unless_present = "group", conflicts_with = "group")]
    delegate: Option<String>,
    /// Who decides: anyone of a group
    #[arg(long, value_name = "KEY")]
    group: Option<String>,
    /// In whose place; yours when left out
    #[arg(long, value_name = "MEMBER_ID")]
    member: Option<String>,
    /// All the time, not only while absent
    #[arg(long)]
    always: bool,
    /// In this queue only (may repeat)
    #[arg(long = "queue", value_name = "KEY")]
    queues: Vec<String>,
    /// Also what was assigned before an absence began
    #[arg(long)]
    include_existing: bool,
    /// Why
    #[arg(long)]
    reason: Option<String>,
}

impl AbsenceCommand {
    pub(crate) async fn run(self) -> ExitCode {
        match self {
            Self::Create(args) => args.run(create).await,
            Self::List(args) => args.run(list).await,
            Self::Preview(args) => args.run(preview).await,
            Self::Revoke(args) => args.run(revoke).await,
        }
    }
}

impl DelegationCommand {
    pub(crate) async fn run(self) -> ExitCode {
        match self {
            Self::Create(args) => args.run(delegate).await,
            Self::List(args) => args.run(delegations).await,
            Self::Revoke(args) => args.run(revoke_delegation).await,
        }
    }
}

async fn create(session: Session, args: CreateArgs) -> Result<ExitCode, Failure> {
    let Period { from, to } = args.period;
    let body = CreateAbsence { member_id: args.member, starts_at: from, ends_at: to, open_work: args.open_work, reason: args.reason };
    let absence = session.client.create_absence(&body).await?;
    session.out.say(&absence.id, &absence)?;
    Ok(ExitCode::SUCCESS)
}

async fn list(session: Session, _: ListArgs) -> Result<ExitCode, Failure> {
    let absences = session.client.absences().await?;
    if session.out.json {
        output::json(&absences)?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows = absences.into_iter().map(|absence| {
        let (from, to) = (when(Some(absence.starts_at)), when(Some(absence.ends_at)));
        [absence.id, absence.member_id, from, to, word(&absence.open_work), absence.reason.unwrap_or_default()]
    });
    output::table(["ID", "MEMBER", "FROM", "TO", "OPEN WORK", "REASON"], rows)?;
    Ok(ExitCode::SUCCESS)
}

async fn preview(session: Session, args: PreviewArgs) -> Result<ExitCode, Failure> {
    let Period { from, to } = args.period;
    let uncovered = session.client.preview_absence(args.member.as_deref(), from, to).await?;
    if session.out.json {
        output::json(&uncovered)?;
        return Ok(ExitCode::SUCCESS);
    }
    if uncovered.is_empty() {
        output::text("No queue would be without somebody.")?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows = uncovered.into_iter().map(|gap| {
        let lack = match gap.lack {
            Lack::Anybody => "anybody".into(),
            Lack::Skill { skill } => format!("anybody with {skill}"),
            Lack::SkillsTogether => "anybody with all its skills".into(),
        };
        [gap.queue_key, lack, when(Some(gap.from)), when(Some(gap.to))]
    });
    output::table(["QUEUE", "WITHOUT", "FROM", "TO"], rows)?;
    Ok(ExitCode::SUCCESS)
}

async fn revoke(session: Session, args: RevokeArgs) -> Result<ExitCode, Failure> {
    for id in &args.ids {
        session.client.revoke_absence(id).await?;
    }
    revoked(&session, &args.ids)
}

async fn delegate(session: Session, args: DelegateArgs) -> Result<ExitCode, Failure> {
    let Period { from, to } = args.period;
    let delegate = match (args.delegate, args.group) {
        (Some(member), _) => DelegateTo::Member(member),
        (None, group) => DelegateTo::Group(group.unwrap_or_default()),
    };
    let body = CreateDelegation {
        from: args.member,
        to: delegate,
        starts_at: from,
        ends_at: to,
        mode: if args.always { DelegationMode::Always } else { DelegationMode::WhileAbsent },
        scope: DelegationScope { queue_keys: (!args.queues.is_empty()).then_some(args.queues), review_types: None },
        include_existing: args.include_existing,
        reason: args.reason,
    };
    let delegation = session.client.create_delegation(&body).await?;
    session.out.say(&delegation.id, &delegation)?;
    Ok(ExitCode::SUCCESS)
}

async fn delegations(session: Session, _: ListArgs) -> Result<ExitCode, Failure> {
    let delegations = session.client.delegations().await?;
    if session.out.json {
        output::json(&delegations)?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows = delegations.into_iter().map(|delegation| {
        let to = match delegation.to {
            DelegateTo::Member(id) => id,
            DelegateTo::Group(key) => format!("group {key}"),
        };
        let queues = delegation.scope.queue_keys.map_or_else(|| "all".into(), |keys| keys.join(" "));
        let (starts, ends) = (when(Some(delegation.starts_at)), when(Some(delegation.ends_at)));
        [delegation.id, delegation.from, to, starts, ends, word(&delegation.mode), queues]
    });
    output::table(["ID", "IN PLACE OF", "DECIDES", "FROM", "TO", "WHEN", "QUEUES"], rows)?;
    Ok(ExitCode::SUCCESS)
}

async fn revoke_delegation(session: Session, args: RevokeArgs) -> Result<ExitCode, Failure> {
    for id in &args.ids {
        session.client.revoke_delegation(id).await?;
    }
    revoked(&session, &args.ids)
}

fn revoked(session: &Session, ids: &[String]) -> Result<ExitCode, Failure> {
    let lines: Vec<_> = ids.iter().map(|id| format!("{id} is revoked.")).collect();
    session.out.say(&lines.join("\n"), &serde_json::json!({ "revoked": ids }))?;
    Ok(ExitCode::SUCCESS)
}
