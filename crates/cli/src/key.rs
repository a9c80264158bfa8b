//! `signoff key`: API keys of agents.

use std::process::ExitCode;

use clap::{Args, Subcommand};
use signoff_wire::people::{CreateKey, KeyMode, Scope};

use crate::{
    connection::{Connected, Session},
    failure::Failure,
    input::words,
    output::{self, when, word},
};

#[derive(Subcommand)]
pub enum KeyCommand {
    /// Make a key and print it, and nothing else: it is shown this once
    Create(Connected<CreateArgs>),
    /// List keys, the revoked ones among them
    List(Connected<ListArgs>),
    /// End keys, within a second
    Revoke(Connected<RevokeArgs>),
}

#[derive(Args)]
pub struct CreateArgs {
    /// What it is called: the agent's name
    name: String,
    /// What it may be used for; what an agent needs when left out (may repeat)
    #[arg(long = "scope", value_name = "SCOPE", value_parser = words::<Scope>(&[
        "task:submit", "task:read", "task:cancel", "queue:read", "queue:write", "review:read", "event:read", "audit:read",
    ]))]
    scopes: Vec<Scope>,
    /// Limit it to this queue (may repeat)
    #[arg(long = "queue", value_name = "KEY")]
    queues: Vec<String>,
    /// Make a key for trying out (sk_test_…)
    #[arg(long)]
    test: bool,
    /// After how many days it ends; never when left out
    #[arg(long, value_name = "DAYS")]
    expires_in_days: Option<i64>,
}

#[derive(Args)]
pub struct ListArgs {}

#[derive(Args)]
pub struct RevokeArgs {
    /// The keys' ids
    #[arg(required = true, value_name = "KEY_ID")]
    ids: Vec<String>,
}

impl KeyCommand {
    pub(crate) async fn run(self) -> ExitCode {
        match self {
            Self::Create(args) => args.run(create).await,
            Self::List(args) => args.run(list).await,
            Self::Revoke(args) => args.run(revoke).await,
        }
    }
}

async fn create(session: Session, args: CreateArgs) -> Result<ExitCode, Failure> {
    let body = CreateKey {
        name: args.name,
        scopes: (!args.scopes.is_empty()).then_some(args.scopes),
        queue_keys: (!args.queues.is_empty()).then_some(args.queues),
        mode: args.test.then_some(KeyMode::Test),
        expires_in_days: args.expires_in_days,
    };
    let key = session.client.create_key(&body).await?;
    session.out.say(key.key.as_deref().unwrap_or_default(), &key)?;
    Ok(ExitCode::SUCCESS)
}

async fn list(session: Session, _: ListArgs) -> Result<ExitCode, Failure> {
    let mut keys = Vec::new();
    let mut cursor = None;
    loop {
        let page = session.client.keys(cursor.as_deref()).await?;
        keys.extend(page.items);
        cursor = page.next;
        if cursor.is_none() {
            break;
        }
    }
    if session.out.json {
        output::json(&keys)?;
        return Ok(ExitCode::SUCCESS);
    }
    let rows = keys.into_iter().map(|key| {
        let state = match (key.revoked_at, key.expires_at) {
            (Some(at), _) => format!("revoked {}", when(Some(at))),
            (None, Some(at)) => format!("until {}", when(Some(at))),
            (None, None) => "active".into(),
        };
        let scopes = key.scopes.iter().map(word).collect::<Vec<_>>().join(" ");
        let queues = key.queue_keys.map_or_else(|| "all".into(), |keys| keys.join(" "));
        [key.id, key.name, key.prefix, state, when(key.last_used_at), queues, scopes]
    });
    output::table(["ID", "NAME", "STARTS WITH", "STATE", "LAST USED", "QUEUES", "SCOPES"], rows)?;
    Ok(ExitCode::SUCCESS)
}

async fn revoke(session: Session, args: RevokeArgs) -> Result<ExitCode, Failure> {
    for id in &args.ids {
        session.client.revoke_key(id).await?;
        if !session.out.json {
            output::text(&format!("{id} is revoked."))?;
        }
    }
    if session.out.json {
        output::json(&serde_json::json!({ "revoked": args.ids }))?;
    }
    Ok(ExitCode::SUCCESS)
}
