//! What who has the machine does to the database itself, beside a running server or without one.

use std::{io::Write, path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use signoff_app::{
    App, Caller,
    identity::{CreateOrganization, CreateToken, FindMember, ListOrganizations, LoginLinkFor, Organization},
};

use crate::{
    config::{DatabaseArgs, host},
    environment, serve,
};

#[derive(Subcommand)]
pub(crate) enum OperatorCommand {
    /// Bring the database to this version's schema
    Migrate(DatabaseArgs),
    /// Print a link that logs a member in once
    LoginLink(LoginLinkArgs),
    /// Print a personal access token for a member
    OperatorToken(TokenArgs),
    /// Make an organization
    OrganizationCreate(OrganizationArgs),
    /// Copy the SQLite database while it is in use
    Backup(BackupArgs),
    /// Print the description of the API (OpenAPI 3.1)
    Openapi,
}

#[derive(Args)]
pub(crate) struct LoginLinkArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The member's e-mail address; the oldest owner when left out
    #[arg(long)]
    email: Option<String>,
    /// The organization, by name or id, when there are several
    #[arg(long)]
    organization: Option<String>,
}

#[derive(Args)]
pub(crate) struct TokenArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The member's e-mail address
    #[arg(long)]
    email: String,
    /// What the token is called
    #[arg(long, default_value = "operator")]
    name: String,
    /// After how many days it ends
    #[arg(long)]
    expires_in_days: Option<i64>,
    /// The organization, by name or id, when there are several
    #[arg(long)]
    organization: Option<String>,
}

#[derive(Args)]
pub(crate) struct OrganizationArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    /// What it is called
    name: String,
    /// The first owner's e-mail address
    #[arg(long)]
    email: String,
}

#[derive(Args)]
pub(crate) struct BackupArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The file to write
    to: PathBuf,
}

pub(crate) async fn run(command: OperatorCommand) -> anyhow::Result<ExitCode> {
    match command {
        OperatorCommand::Migrate(database) => {
            serve::open(&database.resolve()?.0).await?;
            print("The schema is up to date.")?;
        }
        OperatorCommand::LoginLink(args) => login_link(args).await?,
        OperatorCommand::OperatorToken(args) => token(args).await?,
        OperatorCommand::OrganizationCreate(args) => create_organization(args).await?,
        OperatorCommand::Backup(args) => backup(args).await?,
        OperatorCommand::Openapi => print(&serde_json::to_string_pretty(&signoff_http::description())?)?,
    }
    Ok(ExitCode::SUCCESS)
}

fn print(text: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout().lock(), "{text}")?;
    Ok(())
}

async fn beside(database: DatabaseArgs) -> anyhow::Result<(App, String)> {
    let (database, public_url) = database.resolve()?;
    Ok((App::open_beside(&database, environment::real()).await?, public_url))
}

/// The organization of this name or id, or the only one.
async fn organization(app: &App, named: Option<&str>) -> anyhow::Result<Organization> {
    let all = app.read(ListOrganizations).await?;
    let mut fitting = all.into_iter().filter(|known| named.is_none_or(|named| known.name == named || known.id.to_string() == named));
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Ok(one),
        (None, _) => anyhow::bail!("there is no such organization; start the server once, or run `signoff organization-create`"),
        (Some(_), Some(_)) => anyhow::bail!("there are several organizations: name one with --organization"),
    }
}

async fn login_link(args: LoginLinkArgs) -> anyhow::Result<()> {
    let (app, public_url) = beside(args.database).await?;
    let organization_id = organization(&app, args.organization.as_deref()).await?.id;
    let secret = app.secret();
    let command = LoginLinkFor { email: args.email, organization_id, secret: secret.clone(), moment: app.moment() };
    app.write(command).await?;
    print(&format!("{public_url}/app/link#{secret}"))
}

async fn token(args: TokenArgs) -> anyhow::Result<()> {
    let (app, _) = beside(args.database).await?;
    let caller = Caller::operator(organization(&app, args.organization.as_deref()).await?.id);
    let member = app.read(FindMember { caller: caller.clone(), email: args.email }).await?;
    let command = CreateToken {
        caller,
        member: Some(member.id),
        moment: app.moment(),
        name: args.name,
        expires_in_days: args.expires_in_days,
        random: app.random(),
    };
    let (_, secret) = app.write(command).await?;
    print(&secret)
}

async fn create_organization(args: OrganizationArgs) -> anyhow::Result<()> {
    let (app, public_url) = beside(args.database).await?;
    let secret = app.secret();
    let command = CreateOrganization {
        moment: app.moment(),
        name: args.name,
        email: args.email,
        owner: "Owner".into(),
        host: host(&public_url).into(),
        log_seed: app.random(),
        secret: secret.clone(),
        only_first: false,
    };
    app.write(command).await?;
    print(&format!("{public_url}/app/link#{secret}"))
}

async fn backup(args: BackupArgs) -> anyhow::Result<()> {
    anyhow::ensure!(!args.to.exists(), "{} exists already", args.to.display());
    let (app, _) = beside(args.database).await?;
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} pages {eta}")?;
    let bar = ProgressBar::new(0).with_style(style);
    let shown = bar.clone();
    let progress = move |backup: signoff_store::Backup| {
        shown.set_length(backup.pages);
        shown.set_position(backup.done);
    };
    app.store().backup(args.to.clone(), progress).await?;
    bar.finish_and_clear();
    print(&format!("{}", args.to.display()))
}
