//! Every code that an answer may have is explained by a page, and no page explains a code that is gone.

use signoff_domain::Code;

use super::Finding;
use crate::repository::Repository;

const FOLDER: &str = "docs/problems/";
const SECTIONS: [&str; 3] = ["## What happened", "## Example", "## What to do"];

pub(super) fn check(repository: &Repository) -> anyhow::Result<Vec<Finding>> {
    let pages: Vec<&str> = repository.files_ending(&["md"]).filter(|file| file.starts_with(FOLDER)).collect();
    let page = |code: &Code| format!("{FOLDER}{}.md", code.as_str());
    let mut findings = Vec::new();
    for code in Code::ALL {
        if !pages.contains(&page(code).as_str()) {
            findings.push(Finding::new(page(code), format!("is missing: it explains the code '{}'", code.as_str())));
            continue;
        }
        let wrong = wrong(*code, &repository.read(&page(code))?);
        findings.extend(wrong.into_iter().map(|what| Finding::new(page(code), what)));
    }
    let known = |file: &&str| Code::ALL.iter().any(|code| page(code) == **file);
    findings.extend(pages.iter().filter(|file| !known(file)).map(|file| Finding::new(*file, "explains no code that there is")));
    Ok(findings)
}

/// What is wrong with the page of a code.
fn wrong(code: Code, page: &str) -> Vec<String> {
    let mut wrong = Vec::new();
    if page.lines().next() != Some(&format!("# {}", code.title())) {
        wrong.push(format!("the first line is not '# {}'", code.title()));
    }
    wrong.extend(SECTIONS.iter().filter(|section| !page.contains(*section)).map(|section| format!("has no section '{section}'")));
    let example = page.split_once("```json\n").and_then(|(_, rest)| rest.split_once("```")).map(|(example, _)| example);
    let example: Option<serde_json::Value> = example.and_then(|example| serde_json::from_str(example).ok());
    match example {
        None => wrong.push("has no example in JSON".into()),
        Some(example) if example["code"] != code.as_str() || example["title"] != code.title() => {
            wrong.push("the example has another code or title".into());
        }
        Some(_) => {}
    }
    wrong
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_page_has_a_title_three_sections_and_a_true_example() {
        let page = "# Not found\n\n## What happened\n\n## Example\n\n```json\n{\"code\": \"not_found\", \"title\": \"Not found\"}\n```\n\n## What to do\n";
        assert!(wrong(Code::NotFound, page).is_empty());
        assert_eq!(wrong(Code::LeaseLost, page).len(), 2);
        assert_eq!(wrong(Code::NotFound, "# Not found\n").len(), 4);
    }
}
