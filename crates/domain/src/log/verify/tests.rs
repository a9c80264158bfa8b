//! Exports that verify, and every way of changing one that was thought of, each found and put in the right class.

mod sample;

use std::collections::BTreeMap;

use sample::{ORIGIN, Sample, header, sample, signer};

use super::*;
use crate::log::export::{ExportError, Exporter};

fn verify_with(file: &[u8], trust: Trust) -> Result<Report, Finding> {
    let mut verifier = Verifier::new(trust);
    verifier.push(file)?;
    verifier.finish()
}

fn verify(file: &[u8]) -> Result<Report, Finding> {
    verify_with(file, Trust::default())
}

/// The lines of a file, each with its newline.
fn lines(file: &[u8]) -> Vec<Vec<u8>> {
    file.split_inclusive(|byte| *byte == b'\n').map(<[u8]>::to_vec).collect()
}

fn tampering(result: Result<Report, Finding>) -> Tampering {
    match result {
        Err(Finding::Tampered { what, .. }) => what,
        other => panic!("not found to be tampered with: {other:?}"),
    }
}

fn missing(result: Result<Report, Finding>) -> Missing {
    match result {
        Err(Finding::Incomplete { what }) => what,
        other => panic!("not found to be incomplete: {other:?}"),
    }
}

fn is_entry(line: &[u8]) -> bool {
    line.starts_with(b"{\"seq\":") && !is_payload(line)
}

fn is_payload(line: &[u8]) -> bool {
    line.windows(10).any(|window| window == b",\"payload\"")
}

#[test]
fn an_export_verifies_and_is_reported() {
    let log = sample(200);
    let file = log.export(0, &signer(1));
    let report = verify(&file).unwrap();
    assert_eq!(
        report,
        Report {
            organization: "org_1".into(),
            origin: ORIGIN.into(),
            vkeys: vec![signer(1).verifier().to_string()],
            trusted: false,
            from: 0,
            from_root: Frontier::new().root(),
            size: 200,
            root: log.frontier(200).root(),
            entries: 200,
            checkpoints: 10,
            digests: 86,
            payloads_checked: 86,
            tasks: 48,
            held_checked: 0,
        }
    );
    // However the bytes arrive.
    let mut verifier = Verifier::new(Trust::default());
    for piece in file.chunks(7) {
        verifier.push(piece).unwrap();
    }
    assert_eq!(verifier.progress(), (200, 200));
    assert_eq!(verifier.finish(), Ok(report));
}

#[test]
fn the_empty_log_and_the_empty_part_verify() {
    let report = verify(&sample(0).export(0, &signer(1))).unwrap();
    assert_eq!((report.entries, report.size), (0, 0));
    let log = sample(7);
    let report = verify(&log.export(7, &signer(1))).unwrap();
    assert_eq!((report.entries, report.size, report.from_root), (0, 7, report.root));
}

#[test]
fn a_part_verifies_and_states_the_root_before_it() {
    let log = sample(200);
    for from in [1, 2, 63, 64, 100, 127, 199] {
        let report = verify(&log.export(from, &signer(1))).unwrap();
        assert_eq!((report.from, report.entries), (from as u64, 200 - from as u64));
        assert_eq!((report.from_root, report.root), (log.frontier(from).root(), log.frontier(200).root()));
    }
}

#[test]
fn a_file_without_some_contents_verifies() {
    let mut log = sample(60);
    let stated = log.contents.iter().flatten().count() as u64;
    log.contents.iter_mut().step_by(3).for_each(|content| *content = None);
    let left = log.contents.iter().flatten().count() as u64;
    let report = verify(&log.export(0, &signer(1))).unwrap();
    assert_eq!((report.digests, report.payloads_checked), (stated, left));
    assert!(left < stated);
}

#[test]
fn every_changed_byte_is_found() {
    let file = sample(200).export(0, &signer(1));
    let lines = lines(&file);
    let mut starts = Vec::new();
    let (mut verifier, mut at) = (Verifier::new(Trust::default()), 0);
    for line in &lines {
        starts.push((verifier.clone(), at, line.len()));
        verifier.push(line).unwrap();
        at += line.len();
    }
    let check = |place: usize, before: &Verifier, from: usize| {
        let mut changed = file[from..].to_vec();
        changed[place - from] ^= [0x01, 0x02, 0x20, 0x80][place % 4];
        let mut verifier = before.clone();
        let result = verifier.push(&changed).and_then(|()| verifier.finish());
        let shown = || String::from_utf8_lossy(&file[place.saturating_sub(30)..=place]).into_owned();
        match result {
            Err(Finding::Tampered { .. }) => {}
            // A later format is nothing that this verifier can judge, and a last line without an end is one cut off.
            Err(Finding::Incomplete { what: Missing::Format(_) }) if place < 30 => {}
            Err(Finding::Incomplete { what: Missing::LineEnd }) if place == file.len() - 1 => {}
            other => panic!("byte {place} after {:?}: {other:?}", shown()),
        }
    };
    // Two threads: a test machine has at least two cores, and each change is its own check.
    std::thread::scope(|scope| {
        for half in 0..2 {
            let (starts, check) = (&starts, &check);
            scope.spawn(move || {
                for (before, from, length) in starts.iter().skip(half).step_by(2) {
                    (*from..from + length).for_each(|place| check(place, before, *from));
                }
            });
        }
    });
}

#[test]
fn every_shortened_file_is_incomplete() {
    let file = sample(29).export(0, &signer(1));
    let mut verifier = Verifier::new(Trust::default());
    for (end, byte) in file.iter().enumerate() {
        let result = verifier.clone().finish();
        assert!(matches!(result, Err(Finding::Incomplete { .. })), "cut at {end}: {result:?}");
        verifier.push(&[*byte]).unwrap();
    }
    verifier.finish().unwrap();
    let lines = lines(&file);
    let without = |count: usize| verify(&lines[..lines.len() - count].concat());
    assert_eq!(missing(without(1)), Missing::Closing);
    assert_eq!(missing(without(2)), Missing::Checkpoint { to: 29 });
    assert_eq!(missing(without(3)), Missing::Entries { next: 28, to: 29 });
    assert_eq!(missing(verify(&lines[0])), Missing::Entries { next: 0, to: 29 });
    assert_eq!(missing(verify(b"")), Missing::Header);
    let part = sample(29).export(10, &signer(1));
    let header_only = part.split_inclusive(|byte| *byte == b'\n').next().unwrap();
    assert_eq!(missing(verify(header_only)), Missing::Frontier { from: 10 });
}

#[test]
fn every_dropped_line_is_found() {
    for from in [0, 13] {
        let lines = lines(&sample(60).export(from, &signer(1)));
        for dropped in 0..lines.len() {
            let rest: Vec<_> = lines.iter().enumerate().filter(|(i, _)| *i != dropped).map(|(_, line)| line.clone()).collect();
            match verify(&rest.concat()) {
                Err(Finding::Tampered { .. }) => assert_ne!(dropped, lines.len() - 1),
                Err(Finding::Incomplete { what }) => assert_eq!((dropped, what), (lines.len() - 1, Missing::Closing)),
                Ok(report) => panic!("line {dropped} is not missed: {report:?}"),
            }
        }
    }
}

#[test]
fn every_swapped_or_repeated_line_is_tampering() {
    for from in [0, 13] {
        let lines = lines(&sample(45).export(from, &signer(1)));
        let mut before = Verifier::new(Trust::default());
        for i in 0..lines.len() {
            for j in i..lines.len() {
                let mut changed = lines[i..].to_vec();
                if i == j {
                    changed.insert(0, lines[i].clone());
                } else {
                    changed.swap(0, j - i);
                }
                let mut verifier = before.clone();
                let _: Tampering = tampering(verifier.push(&changed.concat()).and_then(|()| verifier.finish()));
            }
            before.push(&lines[i]).unwrap();
        }
    }
}

/// The numbers of two entries are exchanged too, so that they count on as before.
#[test]
fn entries_that_changed_places_lead_to_another_root() {
    let mut log = sample(40);
    let lines = lines(&log.export(0, &signer(1)));
    log.entries.swap(5, 9);
    log.contents.swap(5, 9);
    let mut changed = Vec::new();
    let mut order = lines.iter().filter(|line| !is_payload(line)).cloned().collect::<Vec<_>>();
    let (a, b) = (order[6].clone(), order[10].clone());
    order[6] = [b"{\"seq\":5,\"entry\":".as_slice(), &b[b"{\"seq\":9,\"entry\":".len()..]].concat();
    order[10] = [b"{\"seq\":9,\"entry\":".as_slice(), &a[b"{\"seq\":5,\"entry\":".len()..]].concat();
    order.iter().for_each(|line| changed.extend_from_slice(line));
    let what = tampering(verify(&changed));
    assert!(matches!(what, Tampering::Root { size: 20 } | Tampering::Life { .. }), "{what}");
}

#[test]
fn inserted_lines_are_tampering() {
    let log = sample(60);
    let lines = lines(&log.export(0, &signer(1)));
    let mut more = log.clone();
    more.add("task.submitted", Some("task_9999"), None);
    let forged = [b"{\"seq\":7,\"entry\":".as_slice(), &more.entries[60], b"}\n"].concat();
    let other_checkpoint = lines.iter().find(|line| line.starts_with(b"{\"checkpoint\"")).unwrap();
    let frontier = &self::lines(&log.export(20, &signer(1)))[1];
    for inserted in [&forged, other_checkpoint, frontier, &b"\n".to_vec(), &b" \n".to_vec(), &b"{}\n".to_vec(), &lines[0]] {
        for at in 0..=lines.len() {
            let mut changed = lines.clone();
            changed.insert(at, inserted.clone());
            let _: Tampering = tampering(verify(&changed.concat()));
        }
    }
    assert_eq!(tampering(verify(&[lines.concat(), b"{}\n".to_vec()].concat())), Tampering::Line);
    assert_eq!(tampering(verify(&[lines.concat(), lines[1].clone()].concat())), Tampering::Place);
    assert_eq!(missing(verify(&[lines.concat(), b"junk".to_vec()].concat())), Missing::LineEnd);
}

#[test]
fn an_entry_beyond_the_stated_end_is_tampering() {
    let log = sample(21);
    let mut file = sample(20).export(0, &signer(1));
    let longer = lines(&log.export(0, &signer(1)));
    file.truncate(file.len() - lines(&file).last().unwrap().len());
    file.extend_from_slice(longer.iter().find(|line| line.starts_with(b"{\"seq\":20,")).unwrap());
    assert_eq!(tampering(verify(&file)), Tampering::Sequence { expected: 20, found: 20 });
}

#[test]
fn other_line_ends_and_spellings_are_tampering() {
    let file = String::from_utf8(sample(20).export(0, &signer(1))).unwrap();
    let _: Tampering = tampering(verify(file.replace('\n', "\r\n").as_bytes()));
    let _: Tampering = tampering(verify(format!("\u{feff}{file}").as_bytes()));
    for (from, to) in [
        ("{\"seq\":3,", "{\"seq\": 3,"),
        ("{\"seq\":3,", "{ \"seq\":3,"),
        ("{\"seq\":3,", "{\"seq\":03,"),
        ("{\"seq\":3,\"entry\":", "{\"seq\":3,\"entry\": "),
        ("{\"checkpoint\":\"", "{\"checkpoint\":\"\\u0073"),
        ("\\n", "\\u000a"),
        ("Zoë", "Zo\\u00eb"),
        ("\"salt\":\"02", "\"salt\":\"0A"),
        ("\"from\":0", "\"from\": 0"),
        ("\"to\":20", "\"to\":20,\"note\":\"\""),
    ] {
        let changed = file.replacen(from, to, 1);
        assert_ne!(changed, file, "{from}");
        let _: Tampering = tampering(verify(changed.as_bytes()));
    }
}

#[test]
fn content_that_is_not_the_entry_s_is_tampering() {
    let lines = lines(&sample(20).export(0, &signer(1)));
    let at = lines.iter().position(|line| is_payload(line)).unwrap();
    let mut changed = lines.clone();
    let text = String::from_utf8(changed[at].clone()).unwrap();
    changed[at] = text.replace("12.5", "99.5").into_bytes();
    assert_eq!(tampering(verify(&changed.concat())), Tampering::Payload);
    // Another task's salt and content under this entry's number.
    let other = lines.iter().filter(|line| is_payload(line)).nth(3).unwrap();
    let number = String::from_utf8(other.clone()).unwrap();
    let number = number.split(',').next().unwrap();
    changed[at] = String::from_utf8(other.clone()).unwrap().replacen(number, text.split(',').next().unwrap(), 1).into_bytes();
    assert_eq!(tampering(verify(&changed.concat())), Tampering::Payload);
}

#[test]
fn another_key_in_the_header_is_tampering() {
    let file = String::from_utf8(sample(20).export(0, &signer(1))).unwrap();
    let (ours, theirs) = (signer(1).verifier().to_string(), signer(2).verifier().to_string());
    let what = tampering(verify(file.replace(&ours, &theirs).as_bytes()));
    assert_eq!(what, Tampering::Signature(note::NoteError::Unsigned));
    let what = tampering(verify(file.replace(&ours, "no key").as_bytes()));
    assert!(matches!(what, Tampering::Signature(note::NoteError::Key(_))));
    // An added key changes the file that was closed.
    let both = format!("{ours}\",\"{theirs}");
    assert_eq!(tampering(verify(file.replace(&ours, &both).as_bytes())), Tampering::FileDigest);
    let _: Tampering = tampering(verify(file.replace(&format!("\"{ours}\""), "").as_bytes()));
}

/// Whoever has a key of their own can sign anything with it: only the caller's knowledge of the right key tells.
#[test]
fn a_log_signed_anew_with_another_key_is_found_by_the_trusted_key() {
    let mut log = sample(40);
    let trust = Trust { keys: vec![signer(1).verifier().clone()], ..Trust::default() };
    let report = verify_with(&log.export(0, &signer(1)), trust.clone()).unwrap();
    assert!(report.trusted);
    let last = log.entries.len() - 1;
    log.entries[last] = String::from_utf8(log.entries[last].clone()).unwrap().replace("mem_1", "mem_2").into_bytes();
    let forged = log.export(0, &signer(2));
    let report = verify(&forged).unwrap();
    assert_eq!((report.trusted, report.vkeys), (false, vec![signer(2).verifier().to_string()]));
    assert_eq!(tampering(verify_with(&forged, trust)), Tampering::Key(signer(2).verifier().to_string()));
}

/// The server itself can rewrite its log and sign it with the right key: only a checkpoint held elsewhere tells.
#[test]
fn a_log_that_its_own_server_rewrote_is_found_by_a_held_checkpoint() {
    let log = sample(100);
    let held = |checkpoint: Checkpoint| Trust { held: vec![checkpoint], ..Trust::default() };
    let report = verify_with(&log.export(0, &signer(1)), held(log.checkpoint(63))).unwrap();
    assert_eq!(report.held_checked, 1);
    let mut forged = log.clone();
    forged.entries[50] = String::from_utf8(forged.entries[50].clone()).unwrap().replace("mem_1", "mem_2").into_bytes();
    let forged = forged.export(0, &signer(1));
    verify(&forged).unwrap();
    assert_eq!(tampering(verify_with(&forged, held(log.checkpoint(63)))), Tampering::Held { size: 63 });
    verify_with(&forged, held(log.checkpoint(50))).unwrap();
    // At the edges of a part, and beyond them.
    let part = log.export(40, &signer(1));
    for size in [40, 100] {
        assert_eq!(verify_with(&part, held(log.checkpoint(size))).unwrap().held_checked, 1);
        let other = Checkpoint { root: [0; 32], ..log.checkpoint(size) };
        assert_eq!(tampering(verify_with(&part, held(other))), Tampering::Held { size: size as u64 });
    }
    assert_eq!(missing(verify_with(&part, held(log.checkpoint(39)))), Missing::Held { size: 39 });
    let later = Checkpoint { size: 101, ..log.checkpoint(100) };
    assert_eq!(missing(verify_with(&part, held(later))), Missing::Held { size: 101 });
    let foreign = Checkpoint { origin: "other.example/log".into(), ..log.checkpoint(63) };
    assert_eq!(tampering(verify_with(&part, held(foreign))), Tampering::SignedText);
}

#[test]
fn foreign_checkpoints_are_tampering() {
    let log = sample(40);
    let lines = lines(&log.export(0, &signer(1)));
    let at = lines.len() - 2;
    let with = |note: String| {
        let mut line = Vec::new();
        Line::Checkpoint(note).write(&mut line);
        line.push(b'\n');
        let mut changed = lines.clone();
        changed[at] = line;
        tampering(verify(&changed.concat()))
    };
    let right = log.checkpoint(40);
    let ours = |checkpoint: &Checkpoint| signer(1).sign(&checkpoint.to_string()).unwrap();
    // By another key of the same name; of the same log at another size; of another log; of a fork of this one.
    assert_eq!(with(signer(2).sign(&right.to_string()).unwrap()), Tampering::Signature(note::NoteError::Unsigned));
    assert_eq!(with(ours(&log.checkpoint(39))), Tampering::SignedText);
    assert_eq!(with(ours(&Checkpoint { origin: "other.example/log".into(), ..right.clone() })), Tampering::SignedText);
    assert_eq!(with(ours(&Checkpoint { root: log.frontier(39).root(), ..right.clone() })), Tampering::Root { size: 40 });
    // A right text with the signature of another one.
    let text =
        ours(&right).replace(ours(&right).split(' ').next_back().unwrap(), ours(&log.checkpoint(39)).split(' ').next_back().unwrap());
    assert!(matches!(with(text), Tampering::Signature(note::NoteError::Signature(_))));
    // The right text signed by ours and by a witness is another file than the one that was closed.
    let witness = crate::log::note::Signer::from_seed("witness.example", &[9; 32]).unwrap();
    let cosigned = witness.sign(&right.to_string()).unwrap();
    let line = &cosigned[right.to_string().len() + 1..];
    assert_eq!(with(format!("{}{line}", ours(&right))), Tampering::FileDigest);
}

#[test]
fn the_closing_of_another_export_is_tampering() {
    let log = sample(40);
    let mut changed = lines(&log.export(0, &signer(1)));
    *changed.last_mut().unwrap() = lines(&log.export(10, &signer(1))).pop().unwrap();
    assert_eq!(tampering(verify(&changed.concat())), Tampering::FileDigest);
    // The export's own words about itself, which no tree covers.
    let file = String::from_utf8(log.export(0, &signer(1))).unwrap();
    let changed = file.replacen("2026-11-24T08:00", "2026-11-24T09:00", 1);
    assert_eq!(tampering(verify(changed.as_bytes())), Tampering::FileDigest);
}

#[test]
fn a_frontier_that_the_signed_root_does_not_continue_is_tampering() {
    let log = sample(40);
    let signer = signer(1);
    let mut other = log.clone();
    other.entries[3] = other.entries[4].clone();
    // Everything is as it would be, and signed by the right key, except the tree before the export.
    let mut out = Vec::new();
    let mut exporter = Exporter::start(header(10, 40, &signer), other.frontier(10), &mut out).unwrap();
    for seq in 10..40 {
        exporter.entry(seq, &log.entries[seq as usize], &mut out).unwrap();
    }
    exporter.checkpoint(&signer.sign(&log.checkpoint(40).to_string()).unwrap(), &mut out);
    exporter.close(&signer, &mut out).unwrap();
    assert_eq!(tampering(verify(&out)), Tampering::Root { size: 40 });
}

#[test]
fn an_impossible_life_and_a_foreign_entry_are_tampering() {
    let mut log = sample(20);
    log.add("task.reviewed", Some("task_0004"), None);
    log.add("task.reviewed", Some("task_8888"), None);
    let what = tampering(verify(&log.export(0, &signer(1))));
    assert!(matches!(&what, Tampering::Life { task, .. } if task == "task_8888" || task == "task_0004"), "{what}");
    let mut log = sample(20);
    log.entries[19] = String::from_utf8(log.entries[19].clone()).unwrap().replace("org_1", "org_2").into_bytes();
    log.contents[19] = None;
    assert_eq!(tampering(verify(&log.export(0, &signer(1)))), Tampering::Organization("org_2".into()));
}

#[test]
fn what_is_not_known_is_incomplete_and_never_hides_tampering() {
    let mut log = sample(40);
    log.add("task.teleported", Some("task_0001"), None);
    let file = log.export(0, &signer(1));
    assert!(matches!(missing(verify(&file)), Missing::Unknown { seq: 40, .. }));
    let changed = String::from_utf8(file.clone()).unwrap().replace("teleported", "transported");
    assert_eq!(tampering(verify(changed.as_bytes())), Tampering::Root { size: 41 });
    let few = Trust { max_tasks: 2, ..Trust::default() };
    assert_eq!(missing(verify_with(&sample(40).export(0, &signer(1)), few)), Missing::Tasks(2));
    let later = String::from_utf8(file).unwrap().replacen("signoff-audit/1", "signoff-audit/2", 1);
    assert_eq!(missing(verify(later.as_bytes())), Missing::Format("signoff-audit/2".into()));
}

#[test]
fn an_endless_line_is_refused_before_memory_runs_out() {
    let mut verifier = Verifier::new(Trust::default());
    let piece = vec![b' '; 1024 * 1024];
    let refused = (0..10).find_map(|_| verifier.push(&piece).err()).unwrap();
    assert_eq!(refused, Finding::Tampered { line: 1, seq: None, what: Tampering::LineLength });
    assert_eq!(verifier.push(b"x"), Err(refused.clone()), "the first finding stays");
    assert_eq!(verifier.finish(), Err(refused));
}

#[test]
fn the_exporter_refuses_what_would_not_verify() {
    let log = sample(10);
    let signer = signer(1);
    let mut out = Vec::new();
    let start = |header, frontier, out: &mut Vec<u8>| Exporter::start(header, frontier, out).map(|_| ());
    assert_eq!(start(header(5, 4, &signer), log.frontier(5), &mut out), Err(ExportError::Header));
    assert_eq!(start(header(5, 10, &signer), log.frontier(4), &mut out), Err(ExportError::Frontier { from: 5, found: 4 }));
    let keyless = Header { vkeys: Vec::new(), ..header(0, 10, &signer) };
    assert_eq!(start(keyless, log.frontier(0), &mut out), Err(ExportError::Header));
    assert!(out.is_empty(), "nothing is written by what is refused");

    let mut exporter = Exporter::start(header(0, 3, &signer), log.frontier(0), &mut out).unwrap();
    assert_eq!(exporter.entry(1, &log.entries[1], &mut out), Err(ExportError::Sequence { next: 0, found: 1 }));
    assert!(matches!(exporter.entry(0, b"{}", &mut out), Err(ExportError::Entry(_))));
    exporter.entry(0, &log.entries[0], &mut out).unwrap();
    assert_eq!(exporter.payload(&[0; 16], b"{}", &mut out), Err(ExportError::Payload { seq: 0 }));
    exporter.entry(1, &log.entries[1], &mut out).unwrap();
    exporter.entry(2, &log.entries[2], &mut out).unwrap();
    let (salt, content) = log.contents[2].clone().unwrap();
    assert_eq!(exporter.payload(&salt, b"{}", &mut out), Err(ExportError::Payload { seq: 2 }));
    assert_eq!(exporter.payload(&salt, &content, &mut out), Err(ExportError::Payload { seq: 2 }), "its turn has passed");
    assert_eq!(exporter.entry(3, &log.entries[3], &mut out), Err(ExportError::Sequence { next: 3, found: 3 }));
    let unfinished = Exporter::start(header(0, 3, &signer), log.frontier(0), &mut out).unwrap();
    assert_eq!(unfinished.close(&signer, &mut out), Err(ExportError::Unfinished { next: 0, to: 3 }));
}

/// What the file holds, line by line, for the reader of docs/audit.md.
#[test]
fn the_lines_of_an_export() {
    let file = Sample::export(&sample(25), 5, &signer(1));
    let mut kinds = BTreeMap::new();
    for line in lines(&file) {
        let kind = if is_entry(&line) {
            "entry"
        } else if is_payload(&line) {
            "payload"
        } else {
            "other"
        };
        *kinds.entry(kind).or_insert(0) += 1;
    }
    // Header, frontier, two checkpoints and the closing.
    assert_eq!(kinds, BTreeMap::from([("entry", 20), ("other", 5), ("payload", 7)]));
    let first = String::from_utf8(lines(&file)[0].clone()).unwrap();
    assert_eq!(
        first,
        format!(
            "{{\"format\":\"signoff-audit/1\",\"organization\":\"org_1\",\"origin\":\"{ORIGIN}\",\"vkeys\":[\"{}\"],\"from\":5,\"to\":25,\"exported_at\":\"2026-11-24T08:00:00.000000Z\"}}\n",
            signer(1).verifier()
        )
    );
}
