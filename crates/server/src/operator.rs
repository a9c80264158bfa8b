//! What who has the machine does to the database itself, beside a running server or without one.

use std::{io::Write, path::PathBuf, process::ExitCode};

use clap::{Args, Subcommand};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use signoff_app::{
    App, Caller,
    identity::{CreateOrganization, CreateToken, FindMember, ListOrganizations, LoginLinkFor, Organization},
};
use signoff_cli::JsonArgs;

use crate::{
    config::{DatabaseArgs, host},
    environment, serve,
};

#[derive(Subcommand)]
pub(crate) enum Command {
    /// Bring the database to this version's schema
    Migrate(MigrateArgs),
    /// Print a link that logs a member in once
    LoginLink(LoginLinkArgs),
    /// Organizations: create
    #[command(subcommand)]
    Organization(OrganizationCommand),
    /// Copy the SQLite database while it is in use
    Backup(BackupArgs),
    /// Print the description of the API (OpenAPI 3.1)
    Openapi,
}

#[derive(Subcommand)]
pub(crate) enum OrganizationCommand {
    /// Make an organization and print its first owner's login link
    Create(OrganizationArgs),
}

#[derive(Args)]
pub(crate) struct MigrateArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    #[command(flatten)]
    json: JsonArgs,
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
    #[command(flatten)]
    json: JsonArgs,
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
    /// After how many days it ends; never when left out
    #[arg(long, value_name = "DAYS")]
    expires_in_days: Option<i64>,
    /// The organization, by name or id, when there are several
    #[arg(long)]
    organization: Option<String>,
    #[command(flatten)]
    json: JsonArgs,
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
    #[command(flatten)]
    json: JsonArgs,
}

#[derive(Args)]
pub(crate) struct BackupArgs {
    #[command(flatten)]
    database: DatabaseArgs,
    /// The file to write
    to: PathBuf,
    #[command(flatten)]
    json: JsonArgs,
}

pub(crate) async fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Migrate(args) => {
            serve::open(&args.database.resolve()?.0).await?;
            args.json.output().say("The schema is up to date.", &json!({ "migrated": true }))?;
        }
        Command::LoginLink(args) => login_link(args).await?,
        Command::Organization(OrganizationCommand::Create(args)) => create_organization(args).await?,
        Command::Backup(args) => backup(args).await?,
        Command::Openapi => writeln!(std::io::stdout().lock(), "{}", serde_json::to_string_pretty(&signoff_http::description())?)?,
    }
    Ok(ExitCode::SUCCESS)
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
        (None, _) => anyhow::bail!("there is no such organization; start the server once, or run `signoff organization create`"),
        (Some(_), Some(_)) => anyhow::bail!("there are several organizations: name one with --organization"),
    }
}

async fn login_link(args: LoginLinkArgs) -> anyhow::Result<()> {
    let (app, public_url) = beside(args.database).await?;
    let organization_id = organization(&app, args.organization.as_deref()).await?.id;
    let secret = app.secret();
    let command = LoginLinkFor { email: args.email, organization_id, secret: secret.clone(), moment: app.moment() };
    let member = app.write(command).await?;
    let link = format!("{public_url}/app/link#{secret}");
    Ok(args.json.output().say(&link, &json!({ "link": link, "email": member.email }))?)
}

/// Makes an access token for a member: with one the member's own programs act as them.
pub(crate) async fn token(args: TokenArgs) -> anyhow::Result<()> {
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
    let (token, secret) = app.write(command).await?;
    let expires_at = token.expires_at.map(|at| at.to_string());
    Ok(args.json.output().say(&secret, &json!({ "id": token.id.to_string(), "token": secret, "expires_at": expires_at }))?)
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
    let link = format!("{public_url}/app/link#{secret}");
    Ok(args.json.output().say(&link, &json!({ "link": link }))?)
}

async fn backup(args: BackupArgs) -> anyhow::Result<()> {
    anyhow::ensure!(!args.to.exists(), "{} exists already", args.to.display());
    let (database, _) = args.database.resolve()?;
    anyhow::ensure!(
        matches!(database, signoff_app::Config::Sqlite { .. }),
        "a PostgreSQL database is backed up with pg_dump or pg_basebackup"
    );
    let app = App::open_beside(&database, environment::real()).await?;
    serve::make_private(&args.to)?;
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} pages {eta}")?;
    let bar = ProgressBar::new(0).with_style(style);
    let shown = bar.clone();
    let progress = move |backup: signoff_store::Backup| {
        shown.set_length(backup.pages);
        shown.set_position(backup.done);
    };
    app.store().backup(args.to.clone(), progress).await?;
    bar.finish_and_clear();
    let to = args.to.display().to_string();
    Ok(args.json.output().say(&to, &json!({ "file": to }))?)
}
