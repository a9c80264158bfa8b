//! Links from one document of the repository to another lead somewhere.

use std::path::Path;

use super::Finding;
use crate::repository::Repository;

pub(super) fn check(repository: &Repository) -> anyhow::Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for file in repository.files_ending(&["md"]) {
        let folder = Path::new(file).parent().unwrap_or(Path::new(""));
        for target in targets(&repository.read(file)?) {
            if !repository.root().join(folder).join(&target).exists() {
                findings.push(Finding::new(file, format!("links to {target}, which is not there")));
            }
        }
    }
    Ok(findings)
}

/// Where a document's links lead within the repository.
fn targets(document: &str) -> Vec<String> {
    let after = document.split("](").skip(1).filter_map(|rest| rest.split_once(')'));
    let paths = after.map(|(target, _)| target.split('#').next().unwrap_or_default());
    paths.filter(|path| !path.is_empty() && !path.contains([':', ' '])).map(Into::into).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_outside_and_within_a_page_are_left_out() {
        let document = "[a](docs/api.md#event) [b](https://example.com/x) [c](#here) [d](../README.md)";
        assert_eq!(targets(document), ["docs/api.md", "../README.md"]);
    }
}
