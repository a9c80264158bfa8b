//! Exporting the log, for a verifier that never asks the server.

use signoff_domain::{
    Moment, Object, Refusal,
    event::{Event, EventType},
    id::{OrganizationId, TaskId},
    log::{
        canonical,
        content::Salt,
        entry::Entry,
        export::{Exporter, FORMAT, Header},
        note::Signer,
    },
    permission::Action,
};
use signoff_store::{Command, Error, Fault, Query, Tx, comments, contents, log, queues, reasons, reviews};

use super::{checkpoint, proof};
use crate::{App, Caller, caller::detail};

/// Entries that are read at once.
pub const EXPORT_PAGE: i64 = 500;

/// Starts an export: notes in the log who took it, and signs the state that it ends with.
pub struct StartExport {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// The first entry.
    pub from: i64,
    /// Before which entry it ends; the log as it is now when not given.
    pub to: Option<i64>,
    /// Whether the contents come along, so that their digests can be checked.
    pub payloads: bool,
}

/// An export that has been started; [`App::export`] reads on.
pub struct Exported {
    exporter: Exporter,
    signer: Signer,
    note: String,
    organization: OrganizationId,
    payloads: bool,
    next: i64,
    to: i64,
}

impl Command for StartExport {
    type Out = (Exported, Vec<u8>);

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(Exported, Vec<u8>), Error> {
        self.caller.require(Action::AuditRead)?;
        let organization = self.caller.organization_id;
        let size = i64::try_from(log::head(tx, organization).await?.size()).unwrap_or(i64::MAX);
        let to = self.to.unwrap_or(size);
        if !(1..=size).contains(&to) || !(0..=to).contains(&self.from) {
            return Err(Refusal::invalid("to", format!("The log has {size} entries; 0 ≤ from ≤ to and 1 ≤ to are needed.")).into());
        }
        let signer = checkpoint::signer(tx, organization).await?;
        let end = proof::frontier(tx, organization, to.unsigned_abs()).await?;
        let note = checkpoint::sign(tx, organization, &end, &self.moment).await?.note;
        let header = Header {
            format: FORMAT.into(),
            organization: organization.to_string(),
            origin: signer.verifier().name().into(),
            vkeys: vec![signer.verifier().to_string()],
            from: self.from.unsigned_abs(),
            to: to.unsigned_abs(),
            exported_at: self.moment.now,
        };
        let start = proof::frontier(tx, organization, self.from.unsigned_abs()).await?;
        let mut out = Vec::new();
        let exporter = Exporter::start(header, start, &mut out).map_err(|error| Fault::Bug(error.to_string()))?;
        let event = self.caller.event(EventType::AuditExported, &mut self.moment.ids(), self.moment.now);
        tx.record([Event { detail: detail! { "from": self.from, "to": to, "payloads": self.payloads }, ..event }]);
        Ok((Exported { exporter, signer, note, organization, payloads: self.payloads, next: self.from, to }, out))
    }
}

impl App {
    /// The next lines of an export; `None` after the last. Each call holds a database only for one page.
    ///
    /// # Errors
    /// A fault: the export is then incomplete, and the verifier says so.
    pub async fn export(&self, exported: Exported) -> Result<(Vec<u8>, Option<Exported>), Error> {
        let Exported { mut exporter, organization, next, to, payloads, .. } = exported;
        let entries = self.read(ReadPage { organization, from: next, to, payloads }).await?;
        let mut out = Vec::new();
        let bug = |error: &dyn std::fmt::Display| Error::from(Fault::Bug(format!("export: {error}")));
        for (seq, entry, payload) in &entries {
            exporter.entry(seq.unsigned_abs(), entry.as_bytes(), &mut out).map_err(|error| bug(&error))?;
            if let Some((salt, content)) = payload {
                exporter.payload(salt, content, &mut out).map_err(|error| bug(&error))?;
            }
        }
        let next = next + i64::try_from(entries.len()).unwrap_or(i64::MAX);
        if next < to && !entries.is_empty() {
            return Ok((out, Some(Exported { exporter, next, ..exported })));
        }
        exporter.checkpoint(&exported.note, &mut out);
        exporter.close(&exported.signer, &mut out).map_err(|error| bug(&error))?;
        Ok((out, None))
    }
}

type Payload = (Salt, Vec<u8>);

struct ReadPage {
    organization: OrganizationId,
    from: i64,
    to: i64,
    payloads: bool,
}

impl Query for ReadPage {
    type Out = Vec<(i64, String, Option<Payload>)>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Self::Out, Error> {
        let mut page = Vec::new();
        for (seq, entry) in log::entries(tx, self.organization, self.from, self.to, EXPORT_PAGE).await? {
            let payload = if self.payloads { payload(tx, self.organization, &entry).await? } else { None };
            page.push((seq, entry, payload));
        }
        Ok(page)
    }
}

/// The content that an entry's digest is of; nothing when it has none or it was erased.
async fn payload(tx: &mut Tx<'_>, organization: OrganizationId, entry: &str) -> Result<Option<Payload>, Error> {
    let entry = Entry::from_stored(entry.as_bytes()).map_err(|error| Fault::Inconsistent { table: "events", what: error.to_string() })?;
    if entry.content.is_none() {
        return Ok(None);
    }
    let task = entry.task.as_deref().and_then(|id| id.parse::<TaskId>().ok());
    let detail = |name: &str| entry.detail.as_ref().and_then(|detail: &Object| detail.get(name)?.as_str()?.parse().ok());
    match EventType::parse(&entry.event_type) {
        Some(EventType::TaskSubmitted | EventType::TaskRevised) => {
            let (Some(task), Some(revision)) = (task, entry.revision) else { return Ok(None) };
            let found = contents::with_salt(tx, task, i64::try_from(revision).unwrap_or(i64::MAX)).await?;
            found.map(|(salt, content)| Ok((salt, bytes(&content)?))).transpose()
        }
        Some(EventType::ReviewSubmitted) => {
            let Some(id) = entry.review.as_deref().and_then(|id| id.parse().ok()) else { return Ok(None) };
            let found = reviews::with_salt(tx, organization, id).await?;
            found.map(|(salt, review)| Ok((salt, bytes(&crate::reviews::Written::of(&review))?))).transpose()
        }
        Some(EventType::TaskCommented) => {
            let Some(id) = detail("comment_id") else { return Ok(None) };
            let found = comments::with_salt(tx, organization, id).await?;
            found.map(|(salt, body)| Ok((salt, bytes(&body)?))).transpose()
        }
        Some(EventType::TaskReopened | EventType::TaskSkipped | EventType::TaskCancelled) => {
            let Ok(id) = entry.id.parse() else { return Ok(None) };
            let found = reasons::with_salt(tx, organization, id).await?;
            found.map(|(salt, reason)| Ok((salt, bytes(&reason)?))).transpose()
        }
        Some(EventType::QueueCreated | EventType::QueueUpdated) => {
            let Some(id) = entry.queue.as_deref().and_then(|id| id.parse().ok()) else { return Ok(None) };
            let version = i64::try_from(entry.queue_version.unwrap_or(0)).unwrap_or(i64::MAX);
            let found = queues::config_with_salt(tx, organization, id, version).await?;
            found.map(|(salt, config)| Ok((salt, respelt(&config)?))).transpose()
        }
        _ => Ok(None),
    }
}

/// The canonical bytes of JSON text as it was stored: what a later version adds to its form must not change the digest.
fn respelt(text: &str) -> Result<Vec<u8>, Error> {
    let canonical = canonical::parse(text.as_bytes()).and_then(|value| canonical::of_value(&value));
    canonical.map_err(|error| Fault::Inconsistent { table: "queue_versions", what: error.to_string() }.into())
}

fn bytes(value: &impl serde::Serialize) -> Result<Vec<u8>, Error> {
    canonical::of(value).map_err(|error| Fault::Bug(error.to_string()).into())
}
