//! `signoff demo`: a server on a SQLite file with a sample organization, and agents that ask and wait, over HTTP and with keys of their own as any agent does.

mod agent;
mod organization;
mod script;

use std::{io::Write, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::Context;
use clap::Args;
use signoff_client::{Client, Options};
use tokio::{net::TcpListener, task::JoinSet};
use tokio_util::sync::CancellationToken;

use crate::{
    config::{DatabaseArgs, ServeArgs},
    serve, telemetry,
};

/// How long the server that was started may take to answer.
const START: Duration = Duration::from_secs(10);

#[derive(Args)]
pub(crate) struct DemoArgs {
    /// Port to listen on; 0 takes a free one
    #[arg(long, value_name = "N", default_value_t = 8080)]
    port: u16,
    /// Folder for the SQLite file
    #[arg(long, value_name = "DIR", default_value = "data/demo")]
    data_dir: PathBuf,
    /// Only the server and its queues
    #[arg(long)]
    no_agents: bool,
}

/// Runs until it is told to stop.
pub(crate) async fn run(args: DemoArgs) -> anyhow::Result<ExitCode> {
    let database = DatabaseArgs { data_dir: Some(args.data_dir.clone()), ..DatabaseArgs::default() };
    let listen = format!("127.0.0.1:{}", args.port);
    let listener = TcpListener::bind(&listen).await.with_context(|| format!("cannot listen on {listen}; choose another with --port"))?;
    let serve_args = ServeArgs {
        database,
        listen: Some(listener.local_addr()?.to_string()),
        log: Some("warn".into()),
        organization: Some("Harborline Outfitters".into()),
        ..ServeArgs::default()
    };
    let config = serve_args.into_config()?;
    telemetry::start(&config);
    let app = serve::open(&config.database).await?;
    serve::first_organization(&app, &config).await?;

    let stop = CancellationToken::new();
    let url = config.public_url.clone();
    let mut server = tokio::spawn({
        let (app, stop) = (app.clone(), stop.clone());
        async move { serve::serve(app, listener, &config, stop.cancelled_owned()).await }
    });
    // Whatever ends first ends the rest; the server last, so that agents can still be answered.
    let ended = tokio::select! {
        done = play(&app, &url, &args) => Some(done),
        () = serve::stopped() => None,
        done = &mut server => return done?,
    };
    if ended.is_none() {
        say("\nStopping.")?;
    }
    stop.cancel();
    let code = server.await??;
    ended.transpose()?;
    Ok(code)
}

/// Sets the scene and lets the agents act in it. Does not end by itself unless something is in the way.
async fn play(app: &signoff_app::App, url: &str, args: &DemoArgs) -> anyhow::Result<()> {
    let client = Client::new(Options::new(url))?;
    wait_until_ready(url).await?;
    let ready = organization::prepare(app, &client).await?;
    let mut agents = Vec::new();
    if !args.no_agents {
        for script in script::all()? {
            agents.push(agent::Agent::hire(script, url, &ready.owner).await?);
        }
        for agent in &mut agents {
            say(&agent.open().await?)?;
        }
    }
    organization::retire(&ready.owner).await?;
    welcome(url, &ready.login_link, args)?;
    let mut acting = JoinSet::new();
    for agent in agents {
        acting.spawn(agent.act());
    }
    while let Some(done) = acting.join_next().await {
        done??;
    }
    // Without agents there is only the server to be looked at.
    std::future::pending().await
}

async fn wait_until_ready(url: &str) -> anyhow::Result<()> {
    // Any answer will do: nobody is logged in yet.
    let options = Options { retries: 20, timeout: START, ..Options::new(url) };
    match Client::new(options)?.me().await {
        Err(signoff_client::Error::Problem(_)) | Ok(_) => Ok(()),
        Err(error) => Err(error).context("the server does not answer"),
    }
}

fn welcome(url: &str, login_link: &str, args: &DemoArgs) -> anyhow::Result<()> {
    let rule = "─".repeat(78);
    let folder = args.data_dir.display();
    // As it was started: it need not be in the search path.
    let program = std::env::args().next().unwrap_or_else(|| "signoff".into());
    let agents = if args.no_agents {
        format!("No agents are running (--no-agents). Submit with `{program} task submit`.")
    } else {
        "The agents above wait for you. Decide one, and watch it go on here below.".into()
    };
    say(&format!(
        "\n{rule}\n  Log in here. The link works once, within 30 minutes:\n\n      {login_link}\n\n  {agents}\n  Next time: {url}/app with a new link, from\n      {program} login-link --data-dir {folder} --public-url {url}\n  Ctrl-C ends everything; the data stays in {folder}.\n{rule}\n"
    ))
}

/// Prints one line. Who has closed the terminal has ended the demo.
fn say(line: &str) -> anyhow::Result<()> {
    writeln!(std::io::stdout().lock(), "{line}").context("standard output is closed")
}
