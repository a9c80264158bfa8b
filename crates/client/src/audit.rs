//! The event log for auditors: its signed state, and exports.

use futures_util::{Stream, StreamExt};

use crate::{Client, Error};

/// Which part of the log to export.
#[derive(Debug, Clone, Copy, Default)]
pub struct ExportRange {
    /// The first entry.
    pub from: Option<u64>,
    /// Before which entry it ends; the log as it is now when left out.
    pub to: Option<u64>,
    /// Whether contents come along, so that their digests can be checked.
    pub payloads: bool,
}

impl Client {
    /// The signed state of the log: a note (C2SP tlog-checkpoint).
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn checkpoint(&self) -> Result<String, Error> {
        let response = self.get("/audit/checkpoint").send().await?;
        response.text().await.map_err(|source| self.broken(source))
    }

    /// An export of the log, piece by piece as it arrives. An export that breaks off is incomplete, and its verification says so.
    ///
    /// # Errors
    /// Any of [`Error`], before the first piece or instead of any later one.
    pub async fn export_log(&self, range: ExportRange) -> Result<impl Stream<Item = Result<Vec<u8>, Error>> + use<>, Error> {
        let call = self.get("/audit/export").query("from", range.from).query("to", range.to);
        let response = call.query("payloads", range.payloads.then_some("true")).streaming().send().await?;
        let client = self.clone();
        Ok(response.bytes_stream().map(move |piece| piece.map(Vec::from).map_err(|source| client.broken(source))))
    }

    fn broken(&self, source: reqwest::Error) -> Error {
        Error::Network { url: self.base.clone(), source: source.without_url() }
    }
}
