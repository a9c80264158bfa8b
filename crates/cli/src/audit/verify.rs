//! `signoff audit verify`: checks an export on this machine alone. What cannot be judged is never a pass.

use std::{
    fs::File,
    io::{self, Read, Write},
    process::ExitCode,
};

use clap::Args;
use indicatif::ProgressBar;
use serde_json::json;
use signoff_domain::log::{
    checkpoint::Checkpoint,
    finding::Finding,
    note::{self, VerifierKey},
    verify::{Report, Trust, Verifier},
};

use super::bar;
use crate::{
    output::{JsonArgs, Output},
    visible,
};

/// Something is there that the log cannot have written.
const TAMPERED: u8 = 1;
/// Something is missing, so that nothing can be said.
const INCOMPLETE: u8 = 2;
/// How much of the file is read at once.
const PIECE: usize = 256 * 1024;

#[derive(Args)]
pub struct VerifyArgs {
    /// The export; - is standard input
    file: String,
    /// A key that may sign, got by another way than the file (may repeat)
    #[arg(long = "key", value_name = "VKEY")]
    keys: Vec<VerifierKey>,
    /// A checkpoint of this log that you kept (may repeat)
    #[arg(long = "checkpoint", value_name = "FILE")]
    checkpoints: Vec<String>,
    #[command(flatten)]
    json: JsonArgs,
}

/// What a check comes to.
enum Judged {
    Ok(Box<Report>),
    Found(Finding),
    /// The file or a checkpoint cannot be used.
    Unreadable(String),
}

pub(super) fn run(args: &VerifyArgs) -> ExitCode {
    let judged = judge(args).unwrap_or_else(Judged::Unreadable);
    let code = match &judged {
        Judged::Ok(_) => 0,
        Judged::Found(Finding::Tampered { .. }) => TAMPERED,
        Judged::Found(Finding::Incomplete { .. }) | Judged::Unreadable(_) => INCOMPLETE,
    };
    // The exit code says it also to whom the words do not reach.
    if tell(&judged, args.json.output()).is_err() {
        let _ = writeln!(io::stderr().lock(), "error: the finding cannot be written");
    }
    ExitCode::from(code)
}

fn judge(args: &VerifyArgs) -> Result<Judged, String> {
    let held = args.checkpoints.iter().map(|path| checkpoint(path, &args.keys)).collect::<Result<_, _>>()?;
    let mut verifier = Verifier::new(Trust { keys: args.keys.clone(), held, ..Trust::default() });
    let unreadable = |error: io::Error| format!("cannot read {}: {error}", args.file);
    let mut file: Box<dyn Read> =
        if args.file == "-" { Box::new(io::stdin().lock()) } else { Box::new(File::open(&args.file).map_err(unreadable)?) };
    let bar = bar();
    let found = read(&mut file, &mut verifier, &bar);
    bar.finish_and_clear();
    match found.map_err(unreadable)? {
        Some(finding) => Ok(Judged::Found(finding)),
        None => Ok(verifier.finish().map_or_else(Judged::Found, |report| Judged::Ok(Box::new(report)))),
    }
}

fn read(file: &mut dyn Read, verifier: &mut Verifier, bar: &ProgressBar) -> io::Result<Option<Finding>> {
    let mut piece = vec![0; PIECE];
    loop {
        let length = match file.read(&mut piece) {
            Ok(0) => return Ok(None),
            Ok(length) => length,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return Err(error),
        };
        if let Err(finding) = verifier.push(&piece[..length]) {
            return Ok(Some(finding));
        }
        let (entries, total) = verifier.progress();
        bar.set_length(total);
        bar.set_position(entries);
    }
}

/// A checkpoint that was kept: its signature is checked where the caller knows the key.
fn checkpoint(path: &str, keys: &[VerifierKey]) -> Result<Checkpoint, String> {
    let note = std::fs::read_to_string(path).map_err(|error| format!("cannot read {path}: {error}"))?;
    let text = if keys.is_empty() { note::unverified_text(&note) } else { note::verify(&note, keys).map(|verified| verified.text) };
    let checkpoint = text.map_err(|error| error.to_string()).and_then(|text| text.parse().map_err(|error| format!("{error}")));
    checkpoint.map_err(|error| format!("{path} is no checkpoint: {error}"))
}

fn tell(judged: &Judged, out: Output) -> io::Result<()> {
    match judged {
        Judged::Ok(report) => out.say(&told(report), &json!({ "verdict": "ok", "report": report })),
        Judged::Found(finding) => {
            let (verdict, line, seq) = match finding {
                Finding::Tampered { line, seq, .. } => ("tampered", Some(line), *seq),
                Finding::Incomplete { .. } => ("incomplete", None, None),
            };
            let text = finding.to_string();
            out.say(&visible::line(&text), &json!({ "verdict": verdict, "line": line, "seq": seq, "detail": text }))
        }
        Judged::Unreadable(why) => {
            let text = format!("incomplete: {why}");
            out.say(&visible::line(&text), &json!({ "verdict": "incomplete", "line": null, "seq": null, "detail": text }))
        }
    }
}

fn told(report: &Report) -> String {
    let json = serde_json::to_value(report).unwrap_or_default();
    let text = |name: &str| visible::line(json[name].as_str().unwrap_or_default());
    let mut lines = vec![
        format!("ok: {} entries verify ({} to {})", report.entries, report.from, report.size),
        format!("  log          {}", visible::line(&report.origin)),
        format!("  root         {} at size {}", text("root"), report.size),
    ];
    if report.from > 0 {
        lines.push(format!("  root before  {} at size {}: compare it with the end of your earlier export", text("from_root"), report.from));
    }
    lines.push(format!("  checkpoints  {} signed, {} of yours met", report.checkpoints, report.held_checked));
    lines.push(format!("  contents     {} of {} checked", report.payloads_checked, report.digests));
    lines.push(format!("  tasks        {} followed", report.tasks));
    lines.extend(report.vkeys.iter().map(|key| format!("  key          {}", visible::line(key))));
    if !report.trusted {
        lines.push("The key is the one that the file names: compare it with the one that you know (--key).".into());
    }
    lines.join("\n")
}
