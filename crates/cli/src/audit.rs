//! `signoff audit`: exporting the event log, its signed state, and checking an export without the server.

mod verify;

use std::{
    fs::{File, OpenOptions},
    io::{self, IsTerminal, Write},
    path::PathBuf,
    process::ExitCode,
};

use clap::{Args, Subcommand};
use futures_util::StreamExt;
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;
use signoff_client::audit::ExportRange;

use crate::{
    connection::{Connected, Session},
    failure::Failure,
};

#[derive(Subcommand)]
pub enum AuditCommand {
    /// Export the log (NDJSON), to check it anywhere
    Export(Connected<ExportArgs>),
    /// Check an export, without a server
    #[command(after_help = "Exit codes: 0 ok, 1 tampered, 2 incomplete or not judged. docs/audit.md says what each means.")]
    Verify(verify::VerifyArgs),
    /// Print the signed state of the log; keep it elsewhere, and later verify against it
    Checkpoint(Connected<CheckpointArgs>),
}

#[derive(Args)]
pub struct ExportArgs {
    /// The file to write; standard output when left out
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,
    /// The first entry
    #[arg(long, value_name = "SEQ")]
    from: Option<u64>,
    /// Before which entry it ends; the log as it is now when left out
    #[arg(long, value_name = "SEQ")]
    to: Option<u64>,
    /// With contents, so that their digests can be checked
    #[arg(long)]
    payloads: bool,
}

#[derive(Args)]
pub struct CheckpointArgs {}

impl AuditCommand {
    pub(crate) async fn run(self) -> ExitCode {
        match self {
            Self::Export(args) => args.run(export).await,
            Self::Verify(args) => verify::run(&args),
            Self::Checkpoint(args) => args.run(checkpoint).await,
        }
    }
}

/// The bar of a long command, on standard error; not shown where that is no terminal.
fn bar() -> ProgressBar {
    let style = ProgressStyle::with_template("{bar:40} {pos}/{len} entries, {eta} left").unwrap_or_else(|_| ProgressStyle::default_bar());
    ProgressBar::new(0).with_style(style)
}

async fn checkpoint(session: Session, _: CheckpointArgs) -> Result<ExitCode, Failure> {
    let note = session.client.checkpoint().await?;
    session.out.say(note.trim_end_matches('\n'), &json!({ "checkpoint": note }))?;
    Ok(ExitCode::SUCCESS)
}

async fn export(session: Session, args: ExportArgs) -> Result<ExitCode, Failure> {
    if args.output.is_none() && io::stdout().is_terminal() {
        return Err(
            Failure::input("an export is no text for a terminal").hint("Write it to a file: `signoff audit export > audit.ndjson`.")
        );
    }
    let range = ExportRange { from: args.from, to: args.to, payloads: args.payloads };
    let mut pieces = std::pin::pin!(session.client.export_log(range).await?);
    let mut out: Box<dyn Write + Send> = match &args.output {
        Some(path) => Box::new(create(path)?),
        None => Box::new(io::stdout()),
    };
    let mut counter = Counter::default();
    let bar = bar();
    while let Some(piece) = pieces.next().await {
        let piece = piece?;
        out.write_all(&piece)?;
        counter.take(&piece);
        bar.set_length(counter.total);
        bar.set_position(counter.entries);
    }
    out.flush()?;
    bar.finish_and_clear();
    if !counter.closed() {
        return Err(Failure::input("the server stopped in the middle: the export is incomplete").hint("Export again."));
    }
    if let Some(path) = args.output {
        let file = path.display().to_string();
        session.out.say(&format!("{} entries in {file}", counter.entries), &json!({ "file": file, "entries": counter.entries }))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn create(path: &PathBuf) -> Result<File, Failure> {
    let open = OpenOptions::new().write(true).create_new(true).open(path);
    open.map_err(|source| Failure::File { what: format!("cannot write {}", path.display()), source })
}

/// Follows an export by the beginnings of its lines, as far as a progress bar needs it.
#[derive(Default)]
struct Counter {
    line: Vec<u8>,
    entries: u64,
    total: u64,
    last: Vec<u8>,
}

/// As much of a line as is looked at: all of a header, the kind of any other.
const HEAD: usize = 4096;

impl Counter {
    fn take(&mut self, piece: &[u8]) {
        for part in piece.split_inclusive(|byte| *byte == b'\n') {
            let room = HEAD.saturating_sub(self.line.len()).min(part.len());
            self.line.extend_from_slice(&part[..room]);
            if part.ends_with(b"\n") {
                self.end_line();
            }
        }
    }

    fn end_line(&mut self) {
        self.last = std::mem::take(&mut self.line);
        if self.last.starts_with(b"{\"format\":") {
            let header: serde_json::Value = serde_json::from_slice(&self.last).unwrap_or_default();
            self.total = header["to"].as_u64().unwrap_or(0).saturating_sub(header["from"].as_u64().unwrap_or(0));
        } else if self.last.starts_with(b"{\"seq\":") && self.last.windows(9).take(32).any(|part| part == b",\"entry\":") {
            self.entries += 1;
        }
    }

    fn closed(&self) -> bool {
        self.line.is_empty() && self.last.starts_with(b"{\"closing\":")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn entries_are_counted_in_pieces_of_any_size() {
        let export = concat!(
            "{\"format\":\"signoff-audit/1\",\"from\":5,\"to\":7}\n{\"frontier\":{}}\n{\"seq\":5,\"entry\":{}}\n{\"seq\":5,\"payload\":{\"a\":\",\\\"entry\\\":\"}}\n",
            "{\"seq\":6,\"entry\":{}}\n{\"checkpoint\":\"\"}\n{\"closing\":\"\"}\n"
        );
        for size in 1..export.len() {
            let mut counter = Counter::default();
            for piece in export.as_bytes().chunks(size) {
                assert!(!counter.closed());
                counter.take(piece);
            }
            assert_eq!((counter.entries, counter.total, counter.closed()), (2, 2, true));
        }
    }
}
