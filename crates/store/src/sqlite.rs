//! SQLite: one writer thread that commits many commands at once, and read-only connections on threads of their own.

use std::{
    fs::File,
    future::Future,
    path::{Path, PathBuf},
    pin::pin,
    sync::{Arc, Mutex, PoisonError, mpsc as std_mpsc},
    task::{Context, Poll, Waker},
    thread,
};

use rusqlite::{Connection, OpenFlags, backup, config::DbConfig};
use tokio::sync::{mpsc, oneshot, watch};

use crate::{Backup, Command, Error, Fault, Listener, Query, Tx, Wake, log, tx::Aftermath, tx::Engine};

/// The bundled library has the fix for the WAL-reset bug, which can lose committed writes.
const OLDEST: i32 = 3_051_003;
/// Commands that wait for the writer; one more is refused.
const WRITE_QUEUE: usize = 4_096;
/// Queries that wait for a reader; one more is refused.
const READ_QUEUE: usize = 16_384;
/// Commands of one commit at the most.
const GROUP: usize = 256;
const READERS: usize = 4;
const STATEMENTS: usize = 256;
/// How long a connection waits for another one's lock.
const BUSY: std::time::Duration = std::time::Duration::from_secs(5);

type Answer = Box<dyn FnOnce(Result<(), Arc<Fault>>) + Send>;
type WriteJob = Box<dyn FnOnce(&mut Connection) -> Done + Send>;
type ReadJob = Box<dyn FnOnce(&mut Connection) + Send>;

/// What a job of the writer comes to before its commit.
struct Done {
    aftermath: Aftermath,
    answer: Answer,
    /// The fault that the job met itself.
    fault: Option<Fault>,
}

/// An open SQLite database.
#[derive(Clone)]
pub(crate) struct Sqlite {
    path: PathBuf,
    writes: mpsc::Sender<WriteJob>,
    reads: std_mpsc::SyncSender<ReadJob>,
    failed: watch::Receiver<Option<String>>,
    _lock: Option<Arc<File>>,
}

impl Sqlite {
    /// Opens the file. One that `serves` takes the lock that forbids a second server, and makes the file when it is not there; nobody else makes one.
    pub(crate) fn open(path: &Path, durable: bool, serves: bool, listener: Arc<dyn Listener>) -> Result<Self, Fault> {
        if rusqlite::version_number() < OLDEST {
            return Err(Fault::Unusable(format!("SQLite {} is too old: 3.51.3 or later is needed", rusqlite::version())));
        }
        if !serves && !path.exists() {
            return Err(Fault::Unusable(format!("{}: there is no database yet; start the server once", path.display())));
        }
        let lock = serves.then(|| take_lock(path)).transpose()?.map(Arc::new);
        let mut flags = OpenFlags::default();
        flags.set(OpenFlags::SQLITE_OPEN_CREATE, serves);
        let writer = connect(path, flags, durable, false)?;
        let (writes, write_jobs) = mpsc::channel(WRITE_QUEUE);
        let (failing, failed) = watch::channel(None);
        spawn("sqlite-writer", move || Writer { connection: writer, listener, failing }.run(write_jobs))?;

        let (reads, read_jobs) = std_mpsc::sync_channel::<ReadJob>(READ_QUEUE);
        let read_jobs = Arc::new(Mutex::new(read_jobs));
        for _ in 0..READERS {
            let (mut reader, read_jobs) = (connect(path, EXISTING, durable, true)?, Arc::clone(&read_jobs));
            spawn("sqlite-reader", move || {
                loop {
                    let job = read_jobs.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok(job) = job else { return };
                    job(&mut reader);
                }
            })?;
        }
        Ok(Self { path: path.into(), writes, reads, failed, _lock: lock })
    }

    pub(crate) async fn write<C: Command>(&self, command: C) -> Result<C::Out, Error> {
        let (reply, answer) = oneshot::channel();
        let job: WriteJob = Box::new(move |connection| {
            let (out, aftermath) = carry_out(connection, &command);
            let fault = match &out {
                Err(Error::Fault(fault)) => Some(repeat(fault)),
                Ok(_) | Err(Error::Refused(_)) => None,
            };
            let reply: Answer = Box::new(move |committed| {
                // A caller that is gone needs no answer.
                let _ = reply.send(committed.map_err(|fault| repeat(&fault).into()).and(out));
            });
            Done { aftermath, answer: reply, fault }
        });
        self.writes.try_send(job).map_err(|error| match error {
            mpsc::error::TrySendError::Full(_) => Fault::Full,
            mpsc::error::TrySendError::Closed(_) => self.broken(),
        })?;
        answer.await.unwrap_or_else(|_| Err(self.broken().into()))
    }

    pub(crate) async fn read<Q: Query>(&self, query: Q) -> Result<Q::Out, Error> {
        let (reply, answer) = oneshot::channel();
        let job: ReadJob = Box::new(move |connection| {
            let out = in_transaction(connection, "BEGIN", "COMMIT", "ROLLBACK", |connection| {
                let mut tx = Tx::new(Engine::Sqlite(connection));
                poll_once(query.run(&mut tx))
            });
            let _ = reply.send(out);
        });
        self.reads.try_send(job).map_err(|_| Fault::Full)?;
        answer.await.unwrap_or_else(|_| Err(Fault::Bug("a reader ended".into()).into()))
    }

    /// Runs `body` on a connection of its own, before the store is in use.
    pub(crate) async fn migrate<T: Send + 'static>(
        &self,
        body: impl FnOnce(&Connection) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let path = self.path.clone();
        let run = move || body(&connect(&path, EXISTING, true, false)?);
        tokio::task::spawn_blocking(run).await.map_err(|error| Fault::Bug(error.to_string()))?
    }

    pub(crate) async fn failed(&self) -> String {
        let mut failed = self.failed.clone();
        match failed.wait_for(Option::is_some).await {
            Ok(why) => why.clone().unwrap_or_default(),
            Err(_) => "the writer ended".into(),
        }
    }

    fn broken(&self) -> Fault {
        Fault::Broken(self.failed.borrow().clone().unwrap_or_else(|| "the writer ended".into()))
    }

    pub(crate) async fn backup(&self, to: PathBuf, progress: impl FnMut(Backup) + Send + 'static) -> Result<(), Fault> {
        let from = self.path.clone();
        let run = move || {
            let copied = copy(&from, &to, progress);
            if copied.is_err() {
                // Half a database would pass for one. That it stays behind as well is told by the error that made it.
                let _ = std::fs::remove_file(&to);
            }
            copied
        };
        tokio::task::spawn_blocking(run).await.map_err(|error| Fault::Bug(error.to_string()))?
    }
}

/// Copies the database as it is now into one file. One read transaction holds that state: without it each commit of the server would start the copy anew.
fn copy(from: &Path, to: &Path, mut progress: impl FnMut(Backup)) -> Result<(), Fault> {
    let source = Connection::open_with_flags(from, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    source.busy_timeout(BUSY)?;
    source.execute_batch("BEGIN; SELECT COUNT(*) FROM schema_migrations")?;
    let mut target = Connection::open(to)?;
    let backup = backup::Backup::new(&source, &mut target)?;
    loop {
        let step = backup.step(1_000)?;
        let at = backup.progress();
        let pages = u64::try_from(at.pagecount).unwrap_or(0);
        progress(Backup { done: pages - u64::try_from(at.remaining).unwrap_or(0), pages });
        match step {
            backup::StepResult::Done => break,
            backup::StepResult::More => {}
            _ => thread::sleep(std::time::Duration::from_millis(20)),
        }
    }
    drop(backup);
    // The copy is a whole database in one file, durable before the command says so.
    target.pragma_update(None, "journal_mode", "delete")?;
    File::open(to).and_then(|file| file.sync_all()).map_err(|error| Fault::Broken(error.to_string()))
}

fn take_lock(path: &Path) -> Result<File, Fault> {
    let beside = path.with_extension("lock");
    let unusable = |error: &dyn std::fmt::Display| Fault::Unusable(format!("{}: {error}", beside.display()));
    let lock = File::options().create(true).truncate(false).write(true).open(&beside).map_err(|error| unusable(&error))?;
    lock.try_lock().map_err(|_| unusable(&"another server uses this database"))?;
    Ok(lock)
}

/// How a file is opened that has to be there.
const EXISTING: OpenFlags = OpenFlags::SQLITE_OPEN_READ_WRITE.union(OpenFlags::SQLITE_OPEN_NO_MUTEX);

fn connect(path: &Path, flags: OpenFlags, durable: bool, read_only: bool) -> Result<Connection, Fault> {
    let connection = Connection::open_with_flags(path, flags).map_err(|error| Fault::Unusable(format!("{}: {error}", path.display())))?;
    connection.pragma_update(None, "journal_mode", "wal")?;
    connection.pragma_update(None, "synchronous", if durable { "full" } else { "off" })?;
    connection.pragma_update(None, "foreign_keys", true)?;
    connection.pragma_update(None, "trusted_schema", false)?;
    connection.pragma_update(None, "cell_size_check", true)?;
    connection.pragma_update(None, "mmap_size", 0)?;
    connection.pragma_update(None, "cache_size", -16_384)?;
    // The pages that a savepoint would restore stay in memory: to write them to a file costs more than to insert the rows.
    connection.pragma_update(None, "temp_store", "memory")?;
    connection.busy_timeout(BUSY)?;
    if read_only {
        connection.pragma_update(None, "query_only", true)?;
    }
    // Without this a plan may depend on what is bound, and a cached statement is compiled anew at each use.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    Ok(connection)
}

fn spawn(name: &str, body: impl FnOnce() + Send + 'static) -> Result<(), Fault> {
    thread::Builder::new().name(name.into()).spawn(body).map_err(|error| Fault::Unusable(format!("thread {name}: {error}")))?;
    Ok(())
}

/// Several callers get the same fault of one commit.
fn repeat(fault: &Fault) -> Fault {
    match fault {
        Fault::Broken(what) => Fault::Broken(what.clone()),
        Fault::Database(what) => Fault::Database(what.clone()),
        other => Fault::Database(other.to_string()),
    }
}

/// Drives a use case to its end on this thread. It may wait for nothing but the store, whose futures are ready at once.
fn poll_once<F: Future>(future: F) -> F::Output {
    match pin!(future).as_mut().poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(out) => out,
        Poll::Pending => panic!("a use case waited for something other than the store"),
    }
}

/// Runs `body` between `begin` and `end`; after an error or a panic, `undo` instead.
fn in_transaction<T>(
    connection: &mut Connection,
    begin: &str,
    end: &str,
    undo: &str,
    body: impl FnOnce(&mut Connection) -> Result<T, Error>,
) -> Result<T, Error> {
    connection.prepare_cached(begin)?.execute([])?;
    let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| body(connection)));
    let out = caught.unwrap_or_else(|panic| {
        let text = panic.downcast_ref::<&str>().map(|text| (*text).to_owned()).or_else(|| panic.downcast_ref::<String>().cloned());
        Err(Fault::Bug(text.unwrap_or_else(|| "panic".into())).into())
    });
    if out.is_err() {
        // After some errors (a full disk, a failed write) SQLite has undone the whole transaction already.
        if connection.is_autocommit() {
            return out;
        }
        connection.prepare_cached(undo)?.execute([])?;
        if end == RELEASE {
            connection.prepare_cached(RELEASE)?.execute([])?;
        }
        return out;
    }
    connection.prepare_cached(end)?.execute([])?;
    out
}

const SAVEPOINT: &str = "SAVEPOINT command";
const RELEASE: &str = "RELEASE command";
const ROLLBACK_TO: &str = "ROLLBACK TO command";

fn carry_out<C: Command>(connection: &mut Connection, command: &C) -> (Result<C::Out, Error>, Aftermath) {
    let mut aftermath = Aftermath::default();
    let out = in_transaction(connection, SAVEPOINT, RELEASE, ROLLBACK_TO, |connection| {
        let mut tx = Tx::new(Engine::Sqlite(connection));
        let out = poll_once(command.run(&mut tx))?;
        let rehearsal = tx.is_rehearsal();
        let left = tx.finish()?;
        if rehearsal {
            connection.prepare_cached(ROLLBACK_TO)?.execute([])?;
        } else {
            aftermath = left;
        }
        Ok(out)
    });
    (out, aftermath)
}

struct Writer {
    connection: Connection,
    listener: Arc<dyn Listener>,
    failing: watch::Sender<Option<String>>,
}

impl Writer {
    fn run(mut self, mut jobs: mpsc::Receiver<WriteJob>) {
        while let Some(first) = jobs.blocking_recv() {
            if let Err(Fault::Broken(why)) = self.group(first, &mut jobs) {
                tracing::error!(error = %why, "storage failed; no more writes are taken");
                self.failing.send_replace(Some(why));
                return;
            }
        }
    }

    /// Carries out the first job and those that wait, in one transaction with one commit; answers all after it.
    fn group(&mut self, first: WriteJob, jobs: &mut mpsc::Receiver<WriteJob>) -> Result<(), Fault> {
        let mut answers = Vec::new();
        let mut wakes = Vec::new();
        let done = self.transact(first, jobs, &mut answers, &mut wakes).map_err(Arc::new);
        for answer in answers {
            answer(done.clone());
        }
        match done {
            Ok(()) => {
                self.listener.wake(&wakes);
                Ok(())
            }
            Err(fault) => {
                if !self.connection.is_autocommit() {
                    self.connection.execute_batch("ROLLBACK")?;
                }
                Err(repeat(&fault))
            }
        }
    }

    fn transact(
        &mut self,
        first: WriteJob,
        jobs: &mut mpsc::Receiver<WriteJob>,
        answers: &mut Vec<Answer>,
        wakes: &mut Vec<Wake>,
    ) -> Result<(), Fault> {
        // Where no transaction can begin the jobs that wait are dropped, which answers them with a fault.
        let begun = self.connection.prepare_cached("BEGIN IMMEDIATE").and_then(|mut begin| begin.execute([]));
        let mut entries = Vec::new();
        let mut next = Some(first);
        while let Some(job) = next.take() {
            if begun.is_err() {
                drop(job);
            } else {
                let Done { aftermath, answer, fault } = job(&mut self.connection);
                entries.extend(aftermath.entries);
                wakes.extend(aftermath.wakes);
                answers.push(answer);
                self.check_group(fault)?;
            }
            if answers.len() < GROUP {
                next = jobs.try_recv().ok();
            }
        }
        begun?;
        wakes.extend(log::append(&mut self.connection, &entries)?);
        self.connection.prepare_cached("COMMIT")?.execute([])?;
        Ok(())
    }

    /// Fails when the group cannot go on after a job that met `fault`: the storage is broken, or SQLite has undone the whole transaction, the jobs before included.
    /// Whatever ran then would commit by itself.
    fn check_group(&self, fault: Option<Fault>) -> Result<(), Fault> {
        match fault {
            Some(broken @ Fault::Broken(_)) => Err(broken),
            fault if self.connection.is_autocommit() => {
                let why = fault.map_or_else(|| "no error was told".into(), |fault| fault.to_string());
                Err(Fault::Database(format!("the whole transaction was undone: {why}")))
            }
            _ => Ok(()),
        }
    }
}
