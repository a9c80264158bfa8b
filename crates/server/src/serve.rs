//! `signoff serve`: opens the database, makes the first organization, listens, and drains when told to stop.

use std::{io::Write, path::Path, process::ExitCode, time::Duration};

use anyhow::{Context, anyhow};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use signoff_app::{App, Config as Database, identity::CreateOrganization};
use signoff_http::{Face, Settings};
use tokio::{net::TcpListener, sync::watch};
use tokio_util::sync::CancellationToken;

use crate::{
    config::{ServeConfig, host},
    environment, telemetry,
};

/// How long requests in flight are waited for.
const DRAIN: Duration = Duration::from_secs(25);
/// A client that sends its headers more slowly is let go.
const HEADERS: Duration = Duration::from_secs(20);
/// What the process ends with when its storage has failed (sysexits.h, EX_SOFTWARE).
const STORAGE_FAILED: u8 = 70;

/// Serves until the process is told to stop.
pub(crate) async fn run(config: ServeConfig) -> anyhow::Result<ExitCode> {
    telemetry::start(&config);
    let listener = TcpListener::bind(config.listen).await.with_context(|| format!("cannot listen on {}", config.listen))?;
    let app = open(&config.database).await?;
    if let Some(link) = first_organization(&app, &config).await? {
        welcome(&config.public_url, &link)?;
    }
    tracing::info!(listen = %listener.local_addr()?, url = config.public_url, "ready");
    serve(app, listener, &config, stopped()).await
}

/// Opens the database; a SQLite file and its folder are made.
pub(crate) async fn open(database: &Database) -> anyhow::Result<App> {
    if let Database::Sqlite { path, .. } = database {
        if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
            std::fs::create_dir_all(folder).with_context(|| format!("cannot make {}", folder.display()))?;
        }
        if path.exists() {
            keep_private(path)?;
        } else {
            make_private(path)?;
        }
    }
    App::open(database, environment::real()).await.context("cannot open the database")
}

/// Makes an empty file that only its owner may read: what SQLite writes has contents and signing keys in it. The files beside it get the same rights.
pub(crate) fn make_private(path: &Path) -> anyhow::Result<()> {
    let mut options = std::fs::File::options();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).with_context(|| format!("cannot make {}", path.display()))?;
    Ok(())
}

/// Takes from others the right to read a database file that is there, and those beside it.
fn keep_private(path: &Path) -> anyhow::Result<()> {
    #[cfg(unix)]
    for ending in ["", "-wal", "-shm"] {
        use std::os::unix::fs::PermissionsExt;
        let mut name = path.as_os_str().to_owned();
        name.push(ending);
        let file = Path::new(&name);
        let Ok(found) = std::fs::metadata(file) else { continue };
        let mode = found.permissions().mode();
        if mode & 0o077 != 0 {
            let private = std::fs::Permissions::from_mode(mode & !0o077);
            std::fs::set_permissions(file, private).with_context(|| format!("others may read {}", file.display()))?;
        }
    }
    Ok(())
}

/// Makes the first organization of an empty database; answers the secret of its owner's login link.
pub(crate) async fn first_organization(app: &App, config: &ServeConfig) -> anyhow::Result<Option<String>> {
    let secret = app.secret();
    let command = CreateOrganization {
        moment: app.moment(),
        name: config.organization.clone(),
        email: "owner@localhost".into(),
        owner: "Owner".into(),
        host: host(&config.public_url).into(),
        log_seed: app.random(),
        secret: secret.clone(),
        only_first: true,
    };
    Ok(app.write(command).await?.map(|_| secret))
}

fn welcome(public_url: &str, secret: &str) -> anyhow::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "\nSignoff is ready. The first administrator logs in here, once, within 30 minutes:\n\n    {public_url}/app/link#{secret}\n"
    )?;
    writeln!(out, "Another link: signoff login-link\n")?;
    Ok(())
}

/// Serves connections until `stop`, then lets those that are open finish.
pub(crate) async fn serve(
    app: App,
    listener: TcpListener,
    config: &ServeConfig,
    stop: impl Future<Output = ()>,
) -> anyhow::Result<ExitCode> {
    let (draining, drained) = watch::channel(false);
    let settings = Settings { public_url: config.public_url.clone(), trust_proxy: config.trust_proxy };
    let face = Face::new(app.clone(), settings, drained);
    let metrics = std::sync::Arc::clone(&face.metrics);
    let routes = signoff_http::router(face);

    let workers_stop = CancellationToken::new();
    let workers = tokio::spawn(signoff_delivery::run(app.clone(), workers_stop.clone(), move |took| metrics.sealed(took)));

    let connections = GracefulShutdown::new();
    let mut http = auto::Builder::new(TokioExecutor::new());
    http.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS);
    let mut stop = std::pin::pin!(stop);
    let mut failed = std::pin::pin!(app.store().failed());
    let failure = loop {
        tokio::select! {
            accepted = listener.accept() => {
                let stream = match accepted {
                    Ok((stream, _)) => stream,
                    // Out of file descriptors, most likely: those that are open will end.
                    Err(error) => {
                        tracing::warn!(%error, "a connection was not accepted");
                        tokio::time::sleep(Duration::from_millis(50)).await;
                        continue;
                    }
                };
                // Small answers must not wait for more to send.
                let _ = stream.set_nodelay(true);
                let service = TowerToHyperService::new(routes.clone());
                let connection = http.serve_connection_with_upgrades(TokioIo::new(stream), service).into_owned();
                let connection = connections.watch(connection);
                tokio::spawn(async move {
                    if let Err(error) = connection.await {
                        tracing::debug!(%error, "a connection broke");
                    }
                });
            }
            () = &mut stop => break None,
            why = &mut failed => break Some(why),
        }
    };
    drop(listener);
    if let Some(why) = failure {
        tracing::error!(error = why, "the storage failed: what was not answered may or may not have taken effect");
        return Ok(ExitCode::from(STORAGE_FAILED));
    }
    tracing::info!("draining");
    draining.send_replace(true);
    if tokio::time::timeout(DRAIN, connections.shutdown()).await.is_err() {
        tracing::warn!("some requests took too long and were cut off");
    }
    workers_stop.cancel();
    workers.await.map_err(|error| anyhow!("a worker failed: {error}"))?;
    tracing::info!("stopped");
    Ok(ExitCode::SUCCESS)
}

/// Resolves on SIGTERM or Ctrl-C.
pub(crate) async fn stopped() {
    let interrupt = tokio::signal::ctrl_c();
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        match signal(SignalKind::terminate()) {
            Ok(mut terminate) => {
                tokio::select! {
                    _ = interrupt => {}
                    _ = terminate.recv() => {}
                }
            }
            Err(_) => {
                let _ = interrupt.await;
            }
        }
    }
    #[cfg(not(unix))]
    {
        let _ = interrupt.await;
    }
}
