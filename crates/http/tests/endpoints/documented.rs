//! docs/api.md names every route, and none that is not there.

use std::collections::BTreeSet;

use crate::table::endpoints;

const METHODS: [&str; 5] = ["GET", "POST", "PUT", "PATCH", "DELETE"];

fn is_method(word: &str) -> bool {
    !word.is_empty() && word.split('/').all(|method| METHODS.contains(&method))
}

/// `/v1/queue/{key or id}?x=` is `/v1/queue/{}`.
fn shape(path: &str) -> String {
    let path = path.split('?').next().unwrap_or_default();
    let mut shape = String::new();
    let mut within = false;
    for letter in path.chars() {
        match letter {
            '{' => {
                within = true;
                shape.push_str("{}");
            }
            '}' => within = false,
            letter if !within => shape.push(letter),
            _ => {}
        }
    }
    shape
}

/// The routes of the page: `` `GET /v1/task` ``, `` `GET/POST /v1/key` ``, and `` `POST` `` alone for the path before.
fn documented() -> BTreeSet<(String, String)> {
    let page = include_str!("../../../../docs/api.md");
    let mut routes = BTreeSet::new();
    let mut last = None;
    for span in page.split('`').skip(1).step_by(2) {
        let (methods, path) = match span.split_once(' ') {
            Some((methods, rest)) if is_method(methods) && rest.starts_with("/v1/") => {
                (methods, shape(rest.split_once(" {\"").map_or(rest, |(path, _)| path)))
            }
            None if is_method(span) => (span, last.clone().unwrap_or_default()),
            _ => continue,
        };
        for method in methods.split('/') {
            routes.insert((method.to_owned(), path.clone()));
        }
        last = Some(path);
    }
    routes
}

#[test]
fn every_route_is_documented_and_every_documented_route_is_there() {
    let described: BTreeSet<_> = endpoints().iter().map(|(_, described)| (described.method.to_string(), shape(&described.path))).collect();
    let documented = documented();
    assert_eq!(described.difference(&documented).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "not in docs/api.md");
    assert_eq!(documented.difference(&described).collect::<Vec<_>>(), Vec::<&(String, String)>::new(), "only in docs/api.md");
}

#[test]
fn the_committed_description_is_the_generated_one() {
    let committed: serde_json::Value = serde_json::from_str(include_str!("../../../../openapi.json")).unwrap();
    assert_eq!(serde_json::to_value(signoff_http::description()).unwrap(), committed, "run: signoff openapi > openapi.json");
}

/// An answer that holds a secret or opens a session is not kept, and what is not kept cannot be repeated. What changes nothing needs no key.
#[test]
fn every_post_takes_an_idempotency_key_unless_its_answer_is_secret_or_it_changes_nothing() {
    let secret = ["login", "loginByLink", "logout", "createToken", "createKey", "createInvitation", "acceptInvitation", "apply"];
    let without = [secret.as_slice(), &["testPolicy", "simulateSla", "dryRunEscalation"]].concat();
    for (endpoint, described) in endpoints() {
        let takes = described.parameters.iter().any(|(name, place)| name == "Idempotency-Key" && place == "header");
        let expected = described.method == reqwest::Method::POST && !without.contains(&endpoint.operation);
        assert_eq!(takes, expected, "{}", endpoint.operation);
    }
}
