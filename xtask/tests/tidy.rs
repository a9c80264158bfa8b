//! The rules of the house, checked on this repository.

use xtask::{repository::Repository, tidy};

#[test]
fn the_house_is_tidy() {
    let repository = Repository::open().unwrap();
    let mut report = String::new();
    for (rule, check) in tidy::CHECKS {
        let findings = check(&repository).unwrap();
        if !findings.is_empty() {
            report.push_str(&format!("\n{rule}:\n"));
            report.extend(findings.iter().map(|finding| format!("  {finding}\n")));
        }
    }
    assert!(report.is_empty(), "{report}");
}
