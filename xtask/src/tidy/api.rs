//! `docs/api.md` names every operation of the API, and none that there is not; and every event type and scope.

use std::collections::BTreeSet;

use anyhow::Context;
use signoff_domain::{event::EventType, permission::Scope};

use super::Finding;
use crate::{generate::DESCRIPTION, repository::Repository};

const PAGE: &str = "docs/api.md";
const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

/// A method and a path in which every `{…}` is `{}`.
type Route = (String, String);

pub(super) fn check(repository: &Repository) -> anyhow::Result<Vec<Finding>> {
    let description: serde_json::Value = serde_json::from_str(&repository.read(DESCRIPTION)?)?;
    let paths = description["paths"].as_object().context("openapi.json lists no paths")?;
    let mut described = BTreeSet::new();
    for (path, methods) in paths {
        for method in methods.as_object().context("a path of openapi.json lists no methods")?.keys() {
            described.insert((method.to_uppercase(), plain(&format!("/v1{path}"))));
        }
    }
    let page = repository.read(PAGE)?;
    let named = named(&page);
    let finding = |route: &Route, what: &str| Finding::new(PAGE, format!("{} {} {what}", route.0, route.1));
    let missing = described.difference(&named).map(|route| finding(route, "is not named"));
    let gone = named.difference(&described).map(|route| finding(route, "is named, and there is no such operation"));
    let words = EventType::ALL.iter().map(|known| known.as_str()).chain(Scope::ALL.iter().map(|known| known.as_str()));
    let unnamed = words.filter(|word| !page.contains(word)).map(|word| Finding::new(PAGE, format!("does not name {word}")));
    Ok(missing.chain(gone).chain(unnamed).collect())
}

/// The routes under `/v1` that a page names: `GET /v1/task`, `GET/POST /v1/key`.
fn named(page: &str) -> BTreeSet<Route> {
    let mut routes = BTreeSet::new();
    // Every other piece between backticks is code.
    for code in page.split('`').skip(1).step_by(2) {
        let Some((methods, path)) = code.split_once(' ') else { continue };
        if path.starts_with("/v1") && methods.split('/').all(|method| METHODS.contains(&method)) {
            routes.extend(methods.split('/').map(|method| (method.to_owned(), plain(path))));
        }
    }
    routes
}

/// A path without its query and without the names of its parameters.
fn plain(path: &str) -> String {
    let mut plain = String::new();
    let mut inside = false;
    for character in path.chars() {
        match character {
            '?' | ' ' | '\n' if !inside => break,
            '{' => {
                inside = true;
                plain.push_str("{}");
            }
            '}' => inside = false,
            _ if inside => {}
            other => plain.push(other),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_read_from_prose() {
        let page = "`GET/POST /v1/key`, `DELETE /v1/key/{id}` and `GET /v1/task/next?queue_key=`; `PATCH /v1/queue/{key or id}`, `POST`, `/healthz`";
        let expected =
            [("DELETE", "/v1/key/{}"), ("GET", "/v1/key"), ("GET", "/v1/task/next"), ("PATCH", "/v1/queue/{}"), ("POST", "/v1/key")];
        assert_eq!(named(page), expected.map(|(method, path)| (method.to_owned(), path.to_owned())).into());
    }
}
