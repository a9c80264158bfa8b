//! An open transaction.

use signoff_domain::{Refusal, event::Event};
use tokio_postgres::types::ToSql;

use crate::{Arg, Error, Fault, Row, Statement, Wake, log::NewEntry, postgres::prepare};

pub(crate) enum Engine<'t> {
    Sqlite(&'t mut rusqlite::Connection),
    Postgres(&'t deadpool_postgres::Transaction<'t>),
}

/// An open transaction. On SQLite every future of it is ready at once.
pub struct Tx<'t> {
    engine: Engine<'t>,
    events: Vec<Event>,
    wakes: Vec<Wake>,
    rehearsal: bool,
}

/// What a command leaves for after its statements: events to log, waiters to wake.
#[derive(Default)]
pub(crate) struct Aftermath {
    pub(crate) entries: Vec<NewEntry>,
    pub(crate) wakes: Vec<Wake>,
}

impl<'t> Tx<'t> {
    pub(crate) fn new(engine: Engine<'t>) -> Self {
        Self { engine, events: Vec::new(), wakes: Vec::new(), rehearsal: false }
    }

    /// What is left to do. An event that cannot be an entry fails its own command here, and no other that commits with it.
    pub(crate) fn finish(self) -> Result<Aftermath, Fault> {
        let entries = self.events.iter().map(NewEntry::of).collect::<Result<_, _>>()?;
        Ok(Aftermath { entries, wakes: self.wakes })
    }

    /// Records what happened. The events commit with the transaction; who waits for their tasks is woken after it.
    pub fn record(&mut self, events: impl IntoIterator<Item = Event>) {
        for event in events {
            self.wakes.extend(event.task_id.map(Wake::Task));
            self.events.push(event);
        }
    }

    /// Makes the transaction a rehearsal: the command's answer is given, and nothing that it did is kept.
    pub fn rehearse(&mut self) {
        self.rehearsal = true;
    }

    pub(crate) fn is_rehearsal(&self) -> bool {
        self.rehearsal
    }

    /// Wakes whoever waits for this once the transaction has committed.
    pub fn wake(&mut self, wake: Wake) {
        self.wakes.push(wake);
    }

    /// Carries out a statement; answers how many rows it touched.
    ///
    /// # Errors
    /// [`Fault`] as the database gives it.
    pub async fn exec(&mut self, sql: &impl Statement, args: &[Arg<'_>]) -> Result<u64, Error> {
        check(args)?;
        match &mut self.engine {
            Engine::Sqlite(connection) => {
                let rows = connection.prepare_cached(sql.sqlite())?.execute(rusqlite::params_from_iter(args))?;
                Ok(rows as u64)
            }
            Engine::Postgres(tx) => {
                let statement = prepare(tx, sql.postgres()).await?;
                Ok(tx.execute(&statement, &dynamic(args)).await?)
            }
        }
    }

    /// Carries out a statement that has to touch exactly one row.
    ///
    /// # Errors
    /// [`Fault::Inconsistent`] when it touched another number.
    pub async fn exec_one(&mut self, table: &'static str, sql: &impl Statement, args: &[Arg<'_>]) -> Result<(), Error> {
        match self.exec(sql, args).await? {
            1 => Ok(()),
            rows => Err(Fault::Inconsistent { table, what: format!("{rows} rows where one was expected") }.into()),
        }
    }

    /// The first row, if there is one.
    ///
    /// # Errors
    /// [`Fault`] as the database or `read` gives it.
    pub async fn opt<T>(
        &mut self,
        sql: &impl Statement,
        args: &[Arg<'_>],
        read: impl Fn(&Row<'_>) -> Result<T, Error> + Send,
    ) -> Result<Option<T>, Error> {
        check(args)?;
        match &mut self.engine {
            Engine::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(sql.sqlite())?;
                let mut rows = statement.query(rusqlite::params_from_iter(args))?;
                rows.next()?.map(|row| read(&Row::Sqlite(row))).transpose()
            }
            Engine::Postgres(tx) => {
                let statement = prepare(tx, sql.postgres()).await?;
                let rows = tx.query(&statement, &dynamic(args)).await?;
                rows.first().map(|row| read(&Row::Postgres(row))).transpose()
            }
        }
    }

    /// All rows.
    ///
    /// # Errors
    /// [`Fault`] as the database or `read` gives it.
    pub async fn all<T>(
        &mut self,
        sql: &impl Statement,
        args: &[Arg<'_>],
        read: impl Fn(&Row<'_>) -> Result<T, Error> + Send,
    ) -> Result<Vec<T>, Error> {
        check(args)?;
        match &mut self.engine {
            Engine::Sqlite(connection) => {
                let mut statement = connection.prepare_cached(sql.sqlite())?;
                let mut rows = statement.query(rusqlite::params_from_iter(args))?;
                let mut all = Vec::new();
                while let Some(row) = rows.next()? {
                    all.push(read(&Row::Sqlite(row))?);
                }
                Ok(all)
            }
            Engine::Postgres(tx) => {
                let statement = prepare(tx, sql.postgres()).await?;
                let rows = tx.query(&statement, &dynamic(args)).await?;
                rows.iter().map(|row| read(&Row::Postgres(row))).collect()
            }
        }
    }
}

/// Refuses text that PostgreSQL cannot hold, on both engines. What is stored is checked before, where its place is known; this is for what is only looked for.
fn check(args: &[Arg<'_>]) -> Result<(), Refusal> {
    let holds_nul = |arg: &Arg<'_>| match arg {
        Arg::Text(text) => text.contains('\0'),
        Arg::Owned(text) => text.contains('\0'),
        _ => false,
    };
    if args.iter().any(holds_nul) { Err(Refusal::invalid("", "Text must not hold the character U+0000.")) } else { Ok(()) }
}

fn dynamic<'a>(args: &'a [Arg<'a>]) -> Vec<&'a (dyn ToSql + Sync)> {
    args.iter().map(|arg| arg as _).collect()
}
