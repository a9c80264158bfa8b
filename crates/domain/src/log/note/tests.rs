//! The vectors of C2SP signed-note and reliability.md §9, and what a verifier must accept, ignore and refuse.

use proptest::prelude::*;

use super::*;
use crate::log::checkpoint::Checkpoint;

const EXAMPLE_KEY: &str = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k";
const EXAMPLE: &str = "This is an example message.\n\n\
    — example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=\n";

fn signer(name: &str, byte: u8) -> Signer {
    Signer::from_seed(name, &[byte; 32]).unwrap()
}

fn signature_line(signer: &Signer, text: &str) -> String {
    let note = signer.sign(text).unwrap();
    note[text.len() + 1..].to_owned()
}

#[test]
fn the_example_of_the_specification_verifies() {
    let key: VerifierKey = EXAMPLE_KEY.parse().unwrap();
    assert_eq!((key.name(), key.id()), ("example.com/foo", 0x530d_903a));
    assert_eq!(key.to_string(), EXAMPLE_KEY);
    let verified = verify(EXAMPLE, &[signer("other", 1).verifier, key]).unwrap();
    assert_eq!(verified, Verified { text: "This is an example message.\n", signed_by: vec![1] });
}

/// The key of RFC 8037 appendix A.
#[test]
fn the_vector_of_a_checkpoint() {
    let seed = hex::decode("9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60").unwrap();
    let signer = Signer::from_seed("hitl.example/ten_01", &seed.try_into().unwrap()).unwrap();
    assert_eq!(signer.verifier().to_string(), "hitl.example/ten_01+e2ddf560+AddamAGCsQq31Uv+08lkBzoO4XLz2qYjJa8CGmj3B1Ea");
    let root = hex::decode("608c001d4eaac68b2c0c3ea9d97f306c6650ac47bd38ede504d5630e1812d4e7").unwrap();
    let checkpoint = Checkpoint { origin: "hitl.example/ten_01".into(), size: 3, root: root.try_into().unwrap() };
    let note = signer.sign(&checkpoint.to_string()).unwrap();
    assert_eq!(
        note,
        "hitl.example/ten_01\n3\nYIwAHU6qxossDD6p2X8wbGZQrEe9OO3lBNVjDhgS1Oc=\n\n\
         — hitl.example/ten_01 4t31YBFxbp4B6SqH7WfboMtoP11oEAXjkHghdLrCo88HwPn3+ejOy9odPIL7BCIOAnznAzalN3atSW8bO5JwINj0TQg=\n"
    );
    assert_eq!(verify(&note, &[signer.verifier().clone()]).unwrap().text.parse(), Ok(checkpoint));
}

#[test]
fn signatures_by_unknown_keys_are_ignored() {
    let text = "text\n\nwith a blank line\n";
    let ours = signer("log.example/ours", 1);
    let mut note = format!("{text}\n");
    for byte in 2..17 {
        note.push_str(&signature_line(&signer("witness.example", byte), text));
    }
    // The name of a known key with another id, and its id with another name.
    note.push_str(&signature_line(&signer("log.example/ours", 9), text));
    let renamed = signature_line(&ours, text).replace("ours", "theirs");
    note.push_str(&renamed);
    let keys = std::slice::from_ref(ours.verifier());
    assert_eq!(verify(&note, keys), Err(NoteError::Unsigned));
    note.push_str(&signature_line(&ours, text));
    assert_eq!(verify(&note, keys), Ok(Verified { text, signed_by: vec![0] }));
    assert_eq!(verify(&note, &[]), Err(NoteError::Unsigned));
    assert_eq!(unverified_text(&note), Ok(text));
}

#[test]
fn a_signature_by_a_known_key_that_does_not_hold_refuses_the_note() {
    let (a, b) = (signer("a", 1), signer("b", 2));
    let keys = [a.verifier.clone(), b.verifier.clone()];
    let note = format!("text\n\n{}{}", signature_line(&a, "text\n"), signature_line(&b, "other text\n"));
    assert_eq!(verify(&note, &keys), Err(NoteError::Signature(format!("b+{:08x}", b.verifier.id))));
    let short = format!("text\n\n— a {}\n", STANDARD.encode([&a.verifier.id.to_be_bytes()[..], &[0; 63]].concat()));
    assert!(matches!(verify(&short, &keys), Err(NoteError::Signature(_))));
}

#[test]
fn what_is_no_note_is_refused() {
    let ours = signer("ours", 1);
    let keys = [ours.verifier.clone()];
    let note = ours.sign("text\n").unwrap();
    for other in [
        String::new(),
        "text\n".into(),
        "text\n\n".into(),
        note.trim_end().into(),
        note.replace("— ", "- "),
        note.replace("— ours", "—  ours"),
        note.replace("ours ", "ours  "),
        note.replace("\n\n", "\n"),
        note.replace("text", "te\txt"),
        note.replace("text", "te\r\nxt"),
        note.replace("=\n", "\n"),
        format!("{note}\n"),
        format!("{note}junk\n"),
        format!("text\n\n{}", signature_line(&ours, "text\n").repeat(MAX_SIGNATURES + 1)),
        format!("{}{note}", "a".repeat(MAX_BYTES)),
    ] {
        assert_eq!(verify(&other, &keys), Err(NoteError::Form), "{other:?}");
    }
    for text in ["", "no newline", "tab\t\n", "\r\n"] {
        assert_eq!(ours.sign(text), Err(NoteError::Text), "{text:?}");
    }
}

#[test]
fn keys_have_one_spelling() {
    let shift = EXAMPLE_KEY.replace("530d903a", "530d903b");
    let other_type = EXAMPLE_KEY.replace("+Aeky", "+Beky");
    let cut = &EXAMPLE_KEY[..EXAMPLE_KEY.len() - 4];
    for text in ["", "a", "a+b", "a+530d903a+", &EXAMPLE_KEY.replace("3a+", "3A+"), &shift, &other_type, cut, &format!("{EXAMPLE_KEY}=")] {
        assert_eq!(text.parse::<VerifierKey>(), Err(NoteError::Key(text.into())), "{text}");
    }
    for name in ["", "a b", "a+b", "a\u{2003}b", "a\nb"] {
        assert!(matches!(Signer::from_seed(name, &[1; 32]), Err(NoteError::Name(_))), "{name:?}");
    }
    let shown = format!("{:?}", signer("a", 7));
    assert!(!shown.contains("07, 07") && !shown.contains("0707"), "{shown}");
}

proptest! {
    #[test]
    fn no_note_makes_verification_panic(note in "\\PC{0,20}(\n|\n\n|— | )\\PC{0,60}\n?") {
        let key: VerifierKey = EXAMPLE_KEY.parse().unwrap();
        prop_assert!(verify(&note, &[key]).is_err());
        let _ = note.parse::<VerifierKey>();
    }
}
