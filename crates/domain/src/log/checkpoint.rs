//! Checkpoints (C2SP tlog-checkpoint): the state of a log in three lines, its origin, its size and its root. Signed as a note
//! ([`super::note`]) a checkpoint commits the log to all its entries.

use std::{fmt, str::FromStr};

use base64::{Engine as _, engine::general_purpose::STANDARD};

use super::merkle::Hash;

/// What a log says about itself at one size. `Display` gives the text that is signed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checkpoint {
    /// The log's name, a URL without a scheme: `example.com/log/org_…`.
    pub origin: String,
    /// How many entries the log had.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
}

/// The text is not that of a checkpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the text of a checkpoint: origin, size and root, each on a line")]
pub struct NotACheckpoint;

impl fmt::Display for Checkpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, STANDARD.encode(self.root))
    }
}

/// Reads a note's text. Extension lines are allowed and ignored.
impl FromStr for Checkpoint {
    type Err = NotACheckpoint;

    fn from_str(text: &str) -> Result<Self, NotACheckpoint> {
        let lines: Vec<&str> = text.strip_suffix('\n').ok_or(NotACheckpoint)?.split('\n').collect();
        let [origin, size, root, ..] = lines[..] else { return Err(NotACheckpoint) };
        let checkpoint = Self {
            origin: origin.to_owned(),
            size: size.parse().map_err(|_| NotACheckpoint)?,
            root: STANDARD.decode(root).ok().and_then(|bytes| bytes.try_into().ok()).ok_or(NotACheckpoint)?,
        };
        // Refuses leading zeroes, signs and whatever else the readers above let pass.
        let well_formed = text.starts_with(&checkpoint.to_string()) && lines.iter().all(|line| !line.is_empty());
        if well_formed { Ok(checkpoint) } else { Err(NotACheckpoint) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_survives_being_written_and_read() {
        let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        let checkpoint: Checkpoint = text.parse().unwrap();
        assert_eq!((checkpoint.origin.as_str(), checkpoint.size), ("example.com/behind-the-sofa", 20_852_163));
        assert_eq!(checkpoint.to_string(), text);
        assert_eq!(format!("{text}extension\n").parse(), Ok(checkpoint));
    }

    #[test]
    fn other_spellings_are_refused() {
        let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
        for text in [
            String::new(),
            "\n".into(),
            format!("o\n1\n{root}"),
            format!("o\n01\n{root}\n"),
            format!("o\n+1\n{root}\n"),
            format!("o\n-1\n{root}\n"),
            format!("o\n18446744073709551616\n{root}\n"),
            format!("\n1\n{root}\n"),
            format!("o\n1\n{root}\n\n"),
            format!("o\n1\n{}\n", root.replace('=', "")),
            format!("o\n1\n{}\n", root.replace("2I=", "2J=")),
            "o\n1\nCsUY\n".into(),
        ] {
            assert_eq!(text.parse::<Checkpoint>(), Err(NotACheckpoint), "{text:?}");
        }
    }
}
