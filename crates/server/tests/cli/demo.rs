//! `signoff demo`: started, looked at, decided in, ended, and started again on the same folder.

use std::{
    fs::File,
    path::Path,
    process::{Child, Command},
};

use crate::program::{Printed, signoff, wait_until};

struct Demo<'a> {
    folder: &'a Path,
    child: Child,
    url: String,
    token: String,
}

impl<'a> Demo<'a> {
    fn start(folder: &'a Path, args: &[&str]) -> Self {
        let out = File::create(folder.join("out")).unwrap();
        let child = signoff(folder).args(["demo", "--port", "0"]).args(args).stdout(out.try_clone().unwrap()).stderr(out).spawn().unwrap();
        let mut demo = Self { folder, child, url: String::new(), token: String::new() };
        wait_until("the demo tells how to log in", || demo.printed().contains("Ctrl-C ends everything"));
        let out = demo.printed();
        let link = out.lines().find(|line| line.contains("/app/link#")).unwrap().trim();
        link.split("/app").next().unwrap().clone_into(&mut demo.url);
        let token = ["member", "token", "--email", "owner@localhost", "--data-dir", "data/demo"];
        Printed::from(signoff(folder).args(token).output().unwrap()).ok().trim().clone_into(&mut demo.token);
        demo
    }

    fn printed(&self) -> String {
        std::fs::read_to_string(self.folder.join("out")).unwrap()
    }

    fn run(&self, args: &[&str]) -> Printed {
        let mut command = signoff(self.folder);
        command.args(args).env("SIGNOFF_URL", &self.url).env("SIGNOFF_TOKEN", &self.token).output().unwrap().into()
    }

    /// Ends it as Ctrl-C does.
    fn interrupt(mut self) -> String {
        let kill = Command::new("kill").args(["-INT", &self.child.id().to_string()]).status().unwrap();
        assert!(kill.success());
        let ended = self.child.wait().unwrap();
        let printed = self.printed();
        assert!(ended.success(), "{ended:?}\n{printed}");
        printed
    }
}

impl Drop for Demo<'_> {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn agents_ask_wait_and_go_on_and_the_demo_can_be_started_again() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(folder.path(), &[]);
    let tasks = demo.run(&["task", "list", "--json", "--limit", "100"]).json();
    let queues: std::collections::BTreeSet<_> = tasks.as_array().unwrap().iter().map(|task| task["queue_key"].to_string()).collect();
    assert_eq!(queues.len(), 8, "every queue has something to show");

    let next = |queue: &str| demo.run(&["review", "next", "--queue", queue, "--json"]).json()["id"].as_str().unwrap().to_owned();
    let decide = |id: &str, args: &[&str]| demo.run(&[&["review", "submit", id, "--revision", "1"], args].concat()).ok();
    decide(&next("outbound-email"), &["--approve"]);
    decide(&next("refund"), &["--reject", "--feedback", "no\u{1b}[2J photo"]);
    decide(&next("entity-match"), &["--none"]);
    let seen = |text: &str| wait_until(text, || demo.printed().contains(text));
    seen("approved by Owner → sends it to ");
    seen("rejected by Owner → tells Lena Hofmann why not: no‹U+001B›[2J photo  (");
    seen("nothing selected by Owner → makes a new customer record");

    let members = demo.run(&["member", "list", "--json"]).json();
    assert_eq!(members.as_array().unwrap().iter().filter(|member| member["role"] == "reviewer").count(), 2);
    demo.run(&["audit", "export", "-o", "log.ndjson", "--payloads"]).ok();
    assert!(demo.run(&["audit", "verify", "log.ndjson"]).ok().starts_with("ok: "));
    let first = demo.interrupt();
    assert!(first.ends_with("\nStopping.\n"), "{first}");

    let demo = Demo::start(folder.path(), &[]);
    let link = |out: &str| out.lines().find(|line| line.contains("/app/link#")).unwrap().split('#').nth(1).unwrap().to_owned();
    assert_ne!(link(&demo.printed()), link(&first), "a new link");
    let keys = demo.run(&["key", "list", "--json"]).json();
    let active = keys.as_array().unwrap().iter().filter(|key| key["revoked_at"].is_null()).count();
    assert_eq!((keys.as_array().unwrap().len(), active), (16, 8), "the keys of the first demo have ended");
    assert_eq!(demo.run(&["review", "next", "--queue", "refund", "--json"]).json()["external_id"], "refund-1002", "nothing is asked twice");
    demo.interrupt();
}

#[test]
fn without_agents_there_are_queues_and_nothing_in_them() {
    let folder = tempfile::tempdir().unwrap();
    let demo = Demo::start(folder.path(), &["--no-agents"]);
    assert_eq!(demo.run(&["task", "list", "--json"]).json(), serde_json::json!([]));
    assert_eq!(demo.run(&["export", "--json"]).json()["queues"].as_array().unwrap().len(), 8);
    demo.interrupt();
}
