//! What the binary writes can be read by its owner only.

#![cfg(unix)]

use std::os::unix::fs::PermissionsExt;

use crate::program::{Printed, signoff};

#[test]
fn the_database_and_its_copy_are_their_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| Printed::from(signoff(folder.path()).args(args).output().unwrap()).ok();
    run(&["migrate"]);
    run(&["backup", "copy.db"]);
    for file in ["data/signoff.db", "copy.db"] {
        let mode = std::fs::metadata(folder.path().join(file)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{file} has the mode {mode:o}");
    }
}
