//! Who may import whom (ARCHITECTURE.md, "Code map"), and what must not be found in a room.

use super::{Finding, sources::without_tests};
use crate::repository::{Package, Repository};

/// Rooms, lowest first, with those that they may import.
const ROOMS: &[(&str, &[&str])] = &[
    ("domain", &[]),
    ("wire", &[]),
    ("store", &["domain"]),
    ("app", &["domain", "store"]),
    ("http", &["app", "wire", "domain"]),
    ("delivery", &["app", "domain"]),
    ("client", &["wire"]),
    ("cli", &["client", "wire", "domain"]),
    ("server", &["domain", "wire", "store", "app", "http", "delivery", "client", "cli"]),
    ("testkit", &["domain", "wire", "store", "app", "http", "delivery"]),
    ("bench", &["domain", "wire", "store", "app", "client"]),
    ("xtask", &["domain", "http"]),
];

const TESTKIT: &str = "testkit";

/// Libraries that only some rooms may name, with these rooms. `testkit` looks past the store to check what it did; `bench` measures what the libraries can do at best.
const LIBRARIES: &[(&[&str], &[&str])] = &[
    (&["rusqlite", "tokio-postgres", "deadpool-postgres", "tokio-postgres-rustls", "sqlx", "diesel"], &["store", "testkit", "bench"]),
    (
        &["axum", "hyper", "hyper-util", "http", "http-body", "http-body-util", "tower", "tower-http"],
        &["http", "server", "testkit", "bench"],
    ),
    (&["reqwest"], &["client", "testkit", "bench"]),
    (&["tokio", "futures-util"], &["store", "app", "http", "delivery", "client", "cli", "server", "testkit", "bench"]),
    (&["rand"], &["app", "http", "client", "server", "bench"]),
];

/// How a statement begins.
const STATEMENTS: &[&str] =
    &["SELECT ", "INSERT INTO ", "UPDATE ", "DELETE FROM ", "CREATE TABLE ", "ALTER TABLE ", "DROP TABLE ", "PRAGMA ", "WITH "];

fn room(package: &str) -> &str {
    package.strip_prefix("signoff-").unwrap_or(package)
}

/// Every import between packages of ours is in [`ROOMS`], and every library where [`LIBRARIES`] lets it be.
pub(super) fn imports(repository: &Repository) -> anyhow::Result<Vec<Finding>> {
    let members = repository.members()?;
    Ok(members.iter().flat_map(|package| imports_of(package, &members)).collect())
}

fn imports_of(package: &Package<'_>, members: &[Package<'_>]) -> Vec<Finding> {
    let name = room(package.name);
    let Some((_, allowed)) = ROOMS.iter().find(|(known, _)| *known == name) else {
        return vec![Finding::new(package.name, "is in no list of who may import whom: see ROOMS in xtask/src/tidy/rooms.rs")];
    };
    let ours = |dependency: &str| members.iter().any(|member| member.name == dependency);
    let mut findings = Vec::new();
    for dependency in &package.dependencies {
        if ours(dependency) && !allowed.contains(&room(dependency)) {
            findings.push(Finding::new(package.name, format!("must not import {dependency}")));
        }
        for (libraries, rooms) in LIBRARIES {
            if libraries.contains(dependency) && !rooms.contains(&name) {
                findings
                    .push(Finding::new(package.name, format!("must not depend on {dependency}, which belongs to {}", rooms.join(", "))));
            }
        }
    }
    for dependency in &package.dev_dependencies {
        let allowed = room(dependency) == TESTKIT || allowed.contains(&room(dependency));
        if ours(dependency) && !allowed {
            findings.push(Finding::new(package.name, format!("must not import {dependency}, not even in tests")));
        }
    }
    findings
}

/// No statement of SQL in a text outside the store, except in tests.
pub(super) fn contents(repository: &Repository) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in repository.files_ending(&["rs"]).filter(|file| may_hold_no_sql(file)) {
        let text = repository.read(file)?;
        let lines = without_tests(&text).into_iter().filter(|(_, line)| holds_statement(line));
        findings.extend(lines.map(|(number, _)| Finding::new(format!("{file}:{number}"), "SQL belongs to crates/store")));
    }
    Ok(findings)
}

fn may_hold_no_sql(file: &str) -> bool {
    let allowed = ["crates/store/", "crates/testkit/", "bench/", "xtask/"];
    file.ends_with(".rs") && !file.contains("/tests/") && !allowed.iter().any(|folder| file.starts_with(folder))
}

fn holds_statement(line: &str) -> bool {
    line.match_indices('"').any(|(at, _)| STATEMENTS.iter().any(|statement| line[at + 1..].starts_with(statement)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn package<'a>(name: &'a str, dependencies: &[&'a str], dev_dependencies: &[&'a str]) -> Package<'a> {
        Package { name, license: None, is_ours: true, dependencies: dependencies.to_vec(), dev_dependencies: dev_dependencies.to_vec() }
    }

    #[test]
    fn an_import_that_is_in_no_list_is_found() {
        let members = ["signoff-domain", "signoff-store", "signoff-http", "signoff-testkit"].map(|name| package(name, &[], &[]));
        let found =
            |name, dependencies: &[&'static str], dev: &[&'static str]| imports_of(&package(name, dependencies, dev), &members).len();
        assert_eq!(found("signoff-store", &["signoff-domain", "serde", "rusqlite"], &["signoff-testkit"]), 0);
        assert_eq!(found("signoff-domain", &["signoff-store"], &[]), 1);
        assert_eq!(found("signoff-domain", &[], &["signoff-http"]), 1);
        assert_eq!(found("signoff-domain", &["tokio", "rusqlite"], &[]), 2);
        assert_eq!(found("signoff-app", &["axum"], &["signoff-store"]), 1);
        assert_eq!(found("signoff-utils", &[], &[]), 1);
    }

    #[test]
    fn a_room_imports_only_rooms_below_it() {
        for (at, (name, imports)) in ROOMS.iter().enumerate() {
            let below: Vec<_> = ROOMS[..at].iter().map(|(room, _)| room).collect();
            assert!(imports.iter().all(|import| below.contains(&import)), "{name}");
        }
    }

    #[test]
    fn statements_are_told_from_prose() {
        assert!(holds_statement(r#"tx.exec("SELECT 1", &[])"#) && holds_statement(r#"const A: &str = "UPDATE t SET a = 1";"#));
        assert!(!holds_statement(r#""Select something.""#) && !holds_statement("// SELECT is in the store"));
        assert!(may_hold_no_sql("crates/app/src/hub.rs") && !may_hold_no_sql("crates/store/src/tasks.rs"));
    }
}
