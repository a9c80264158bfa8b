//! What the binary and the console are made of may be given on under our licence, and there is one TLS provider.
//!
//! Rust packages are those built on this platform. Of npm packages only those count that reach the browser, not tools.

use super::Finding;
use crate::repository::Repository;

/// Licences that ask for no more than naming.
const ALLOWED: &[&str] = &[
    "0BSD",
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "BSL-1.0",
    "CC0-1.0",
    "CDLA-Permissive-2.0",
    "ISC",
    "MIT",
    "MIT-0",
    "Unicode-3.0",
    "Unlicense",
    "Zlib",
];

/// Packages with another licence, and why that is right.
const EXCEPTIONS: &[(&str, &str)] = &[
    ("option-ext", "MPL-2.0: used unchanged, by a macro while the server is built; nothing of it is in the binary"),
    ("@fontsource-variable/inter", "OFL-1.1: a font, given on as it is, with its licence"),
];

/// TLS other than rustls on ring, and what it would bring along.
const OTHER_TLS: &[&str] = &["aws-lc-rs", "aws-lc-sys", "openssl", "openssl-sys", "native-tls", "boring", "boring-sys", "mbedtls"];

pub(super) fn check(repository: &Repository) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for package in repository.packages()?.iter().filter(|package| !package.is_ours) {
        findings.extend(wrong(package.name, package.license));
    }
    for lock in repository.files().filter(|file| file.ends_with("package-lock.json")) {
        let read: serde_json::Value = serde_json::from_str(&repository.read(lock)?)?;
        let packages = read["packages"].as_object().into_iter().flatten();
        let shipped =
            packages.filter(|(path, package)| path.starts_with("node_modules/") && package["dev"] != true && package["link"] != true);
        for (path, package) in shipped {
            let name = path.rsplit_once("node_modules/").map_or(path.as_str(), |(_, name)| name);
            findings.extend(wrong(name, package["license"].as_str()));
        }
    }
    Ok(findings)
}

fn wrong(name: &str, license: Option<&str>) -> Option<Finding> {
    match license {
        _ if EXCEPTIONS.iter().any(|(package, _)| *package == name) => None,
        Some(license) if allows(license) => None,
        Some(license) => Some(Finding::new(name, format!("has the licence {license}: see xtask/src/tidy/licences.rs"))),
        None => Some(Finding::new(name, "says no licence")),
    }
}

pub(super) fn one_tls_provider(repository: &Repository) -> anyhow::Result<Vec<Finding>> {
    let packages = repository.packages()?;
    let other = packages.iter().filter(|package| OTHER_TLS.contains(&package.name));
    Ok(other.map(|package| Finding::new(package.name, "is a second TLS provider; rustls on ring is ours")).collect())
}

/// Whether a licence expression (SPDX) can be met by the allowed licences alone.
fn allows(expression: &str) -> bool {
    // `MIT/Apache-2.0` is how OR was written once.
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let met = any(&words, &mut at);
    met && at == words.len()
}

fn any(words: &[&str], at: &mut usize) -> bool {
    let mut met = all(words, at);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        met |= all(words, at);
    }
    met
}

fn all(words: &[&str], at: &mut usize) -> bool {
    let mut met = one(words, at);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        met &= one(words, at);
    }
    met
}

fn one(words: &[&str], at: &mut usize) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word == "(" {
        let met = any(words, at);
        let closed = words.get(*at) == Some(&")");
        *at += 1;
        return met && closed;
    }
    // An exception only adds to what is allowed.
    if words.get(*at) == Some(&"WITH") {
        *at += 2;
    }
    ALLOWED.contains(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_licence_of_several_is_enough_where_there_is_a_choice() {
        assert!(allows("MIT") && allows("GPL-3.0 OR MIT") && allows("MIT/GPL-3.0") && allows("(MIT OR GPL-3.0) AND Unicode-3.0"));
        assert!(allows("Apache-2.0 WITH LLVM-exception OR GPL-2.0"));
        assert!(!allows("MIT AND GPL-3.0") && !allows("GPL-3.0") && !allows("(GPL-3.0 OR LGPL-2.1) AND MIT"));
    }

    #[test]
    fn what_is_no_expression_allows_nothing() {
        assert!(!allows("") && !allows("(MIT") && !allows("MIT MIT") && !allows("OR MIT"));
    }

    #[test]
    fn a_package_without_a_licence_is_found() {
        assert!(wrong("a", None).is_some() && wrong("a", Some("MIT")).is_none());
    }
}
