//! What the binary writes can be read by its owner only.

#![cfg(unix)]

use std::{os::unix::fs::PermissionsExt, path::Path};

use crate::program::{Printed, signoff};

fn mode(file: &Path) -> u32 {
    std::fs::metadata(file).unwrap().permissions().mode()
}

#[test]
fn only_the_server_makes_a_database() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir(folder.path().join("data")).unwrap();
    for args in [["login-link"].as_slice(), &["member", "token", "--email", "owner@localhost"], &["backup", "copy.db"]] {
        let printed = Printed::from(signoff(folder.path()).args(args).output().unwrap());
        assert!(printed.code == 1 && printed.err.contains("start the server once"), "{args:?}: {}", printed.err);
    }
    assert!(std::fs::read_dir(folder.path().join("data")).unwrap().next().is_none());
    assert!(!folder.path().join("copy.db").exists());
}

#[test]
fn a_database_that_others_could_read_is_closed_to_them() {
    let folder = tempfile::tempdir().unwrap();
    let migrate = || Printed::from(signoff(folder.path()).arg("migrate").output().unwrap()).ok();
    migrate();
    let file = folder.path().join("data/signoff.db");
    std::fs::set_permissions(&file, std::fs::Permissions::from_mode(0o644)).unwrap();
    migrate();
    assert_eq!(mode(&file) & 0o777, 0o600);
}

#[test]
fn a_backup_of_postgresql_is_refused_before_a_file_is_made() {
    let folder = tempfile::tempdir().unwrap();
    let args = ["backup", "copy.db", "--database-url", "postgres://nobody@127.0.0.1:9/none"];
    let printed = Printed::from(signoff(folder.path()).args(args).output().unwrap());
    assert!(printed.code == 1 && printed.err.contains("pg_dump"), "{}", printed.err);
    assert!(!folder.path().join("copy.db").exists());
}

#[test]
fn the_database_and_its_copy_are_their_owners_alone() {
    let folder = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| Printed::from(signoff(folder.path()).args(args).output().unwrap()).ok();
    run(&["migrate"]);
    run(&["backup", "copy.db"]);
    for file in ["data/signoff.db", "copy.db"] {
        let mode = mode(&folder.path().join(file));
        assert_eq!(mode & 0o077, 0, "{file} has the mode {mode:o}");
    }
}
