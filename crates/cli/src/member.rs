//! `signoff member`: people. Tokens for them are made on the server's machine, by the binary's own `member token`.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use signoff_wire::people::{CreateInvitation, Role};

use crate::{
    connection::{Connected, Session},
    failure::Failure,
    input::words,
    output::{self, when, word},
};

/// The commands on members over the API.
#[derive(Subcommand)]
pub enum MemberCommand {
    /// Invite somebody and print the link, and nothing else: it is shown this once
    Invite(Connected<InviteArgs>),
    /// List members
    List(Connected<ListArgs>),
}

#[derive(Args)]
pub struct InviteArgs {
    /// Their e-mail address
    email: String,
    /// What they may do
    #[arg(long, default_value = "reviewer", value_parser = words::<Role>(&["owner", "admin", "reviewer", "auditor"]))]
    role: Role,
}

#[derive(Args)]
pub struct ListArgs {}

impl MemberCommand {
    /// Carries the command out, tells what is in the way, and says how the process ends.
    pub async fn run(self) -> ExitCode {
        match self {
            Self::Invite(args) => args.run(invite).await,
            Self::List(args) => args.run(list).await,
        }
    }
}

async fn invite(session: Session, args: InviteArgs) -> Result<ExitCode, Failure> {
    let invitation = session.client.invite(&CreateInvitation { email: args.email, role: args.role }).await?;
    session.out.say(invitation.link.as_deref().unwrap_or_default(), &invitation)?;
    Ok(ExitCode::SUCCESS)
}

async fn list(session: Session, _: ListArgs) -> Result<ExitCode, Failure> {
    let mut members = Vec::new();
    let mut cursor = None;
    loop {
        let page = session.client.members(cursor.as_deref()).await?;
        members.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    if session.out.json {
        output::json(&members)?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows = members
        .into_iter()
        .map(|member| [member.id, member.email, member.name, word(&member.role), word(&member.state), when(member.last_seen_at)]);
    output::table(["ID", "E-MAIL", "NAME", "ROLE", "STATE", "LAST SEEN"], rows)?;
    Ok(ExitCode::SUCCESS)
}
