//! Queues and members as code: applying twice changes nothing, a rehearsal says what the real run does, and a document is applied whole or not at all.

use serde_json::json;
use signoff_app::{
    Caller, Error, Principal,
    queues::{Apply, Change, ChangeKind, Document, ExportDocument, MemberDocument, QueueDocument},
};
use signoff_domain::{
    Code, Refusal,
    event::Channel,
    permission::{Role, Scope},
    queue::{QueueConfig, ReviewType},
};
use signoff_testkit::{TestServer, both};

both!(TestServer:
    applying_twice_changes_nothing,
    what_is_exported_is_what_is_there,
    a_rehearsal_answers_as_the_real_run_and_keeps_nothing,
    a_document_is_applied_whole_or_not_at_all,
    a_deleted_queue_comes_back,
    what_never_changes_is_refused,
    a_key_that_is_limited_to_queues_applies_no_others,
    the_last_owner_stays,
    nothing_is_named_twice,
    who_is_disabled_stays_so_and_it_is_told,
    a_key_learns_of_no_member,
);

fn queue(key: &str, review_type: ReviewType) -> QueueDocument {
    let config = serde_json::to_value(QueueConfig::of_type(key, review_type)).unwrap();
    QueueDocument { key: key.into(), config: config.as_object().unwrap().clone() }
}

/// Sets a part of a queue.
fn set(queue: &mut QueueDocument, part: &str, value: serde_json::Value) {
    queue.config.insert(part.into(), value);
}

fn member(email: &str, role: Role) -> MemberDocument {
    MemberDocument { email: email.into(), name: None, role }
}

async fn run(server: &TestServer, caller: Caller, document: &Document, dry_run: bool) -> Result<Vec<Change>, Error> {
    let secrets = document.members.iter().map(|_| server.app.secret()).collect();
    server.app.write(Apply { caller, moment: server.app.moment(), secrets, document: document.clone(), dry_run }).await
}

fn operator(server: &TestServer) -> Caller {
    Caller::operator(server.ours.id)
}

async fn apply(server: &TestServer, document: &Document) -> Vec<Change> {
    run(server, operator(server), document, false).await.unwrap()
}

fn refusal<T>(answer: Result<T, Error>) -> Refusal {
    match answer {
        Err(Error::Refused(refusal)) => refusal,
        Err(Error::Fault(fault)) => panic!("{fault}"),
        Ok(_) => panic!("it was not refused"),
    }
}

fn kinds(changes: &[Change]) -> Vec<ChangeKind> {
    changes.iter().map(|change| change.kind).collect()
}

/// Something of everything: new, changed, and as it is.
fn document(server: &TestServer) -> Document {
    let ours = &server.ours;
    let mut triage = queue("triage", ReviewType::MultipleChoice);
    set(&mut triage, "reviewer_ids", json!([ours.reviewer.email.to_uppercase(), ours.second.email]));
    Document {
        queues: vec![queue("mails", ReviewType::Approval), triage],
        members: vec![
            member(&ours.owner.email, Role::Owner),
            member(&ours.second.email, Role::Admin),
            member("new@ours.example", Role::Reviewer),
        ],
        ..Document::default()
    }
}

async fn applying_twice_changes_nothing(server: &TestServer) {
    use ChangeKind::{Created, Invited, Unchanged, Updated};
    let first = apply(server, &document(server)).await;
    assert_eq!(kinds(&first), [Unchanged, Updated, Invited, Created, Created]);
    assert_eq!((first[1].to.as_str(), first[1].parts.as_slice()), ("member/second@ours.example", ["role".to_owned()].as_slice()));
    assert!(first[2].link_token.is_some());
    let size = server.log_size(&server.ours).await;
    let again = apply(server, &document(server)).await;
    assert_eq!(kinds(&again), [Unchanged; 5]);
    assert!(again.iter().all(|change| change.link_token.is_none()));
    assert_eq!(server.log_size(&server.ours).await, size);

    let mut changed = document(server);
    set(&mut changed.queues[0], "instructions", json!("Look closely"));
    let changes = apply(server, &changed).await;
    assert_eq!(kinds(&changes), [Unchanged, Unchanged, Unchanged, Updated, Unchanged]);
    assert_eq!(changes[3].parts, ["instructions"]);
    assert_eq!(server.log_size(&server.ours).await, size + 1);
}

async fn what_is_exported_is_what_is_there(server: &TestServer) {
    apply(server, &document(server)).await;
    let exported = server.app.read(ExportDocument { caller: operator(server) }).await.unwrap();
    assert_eq!(exported.queues.iter().map(|queue| queue.key.as_str()).collect::<Vec<_>>(), ["mails", "triage"]);
    assert_eq!(exported.queues[1].config["reviewer_ids"], json!(["reviewer@ours.example", "second@ours.example"]));
    assert_eq!(exported.members.len(), 5);
    let size = server.log_size(&server.ours).await;
    assert!(apply(server, &exported).await.iter().all(|change| change.kind == ChangeKind::Unchanged));
    assert_eq!(server.log_size(&server.ours).await, size);
    // Another organization can be made the same, but for people who are not there.
    let theirs = Caller::operator(server.theirs.id);
    let queues = Document {
        queues: exported.queues.into_iter().filter(|queue| queue.config["reviewer_ids"].is_null()).collect(),
        ..Document::default()
    };
    assert_eq!(kinds(&run(server, theirs, &queues, false).await.unwrap()), [ChangeKind::Created]);
}

async fn a_rehearsal_answers_as_the_real_run_and_keeps_nothing(server: &TestServer) {
    let mut wrong_key = document(server);
    wrong_key.queues[1].key = "Not a key".into();
    let mut wrong_config = document(server);
    set(&mut wrong_config.queues[0], "name", json!(""));
    let mut nobody = document(server);
    set(&mut nobody.queues[0], "reviewer_ids", json!(["nobody@ours.example"]));
    let mut stranger = document(server);
    set(&mut stranger.queues[0], "reviewer_ids", json!([server.theirs.reviewer.email]));
    let mut twice = document(server);
    twice.queues.push(queue("mails", ReviewType::Scoring));
    let mut no_owner = document(server);
    no_owner.members[0].role = Role::Admin;
    let size = server.log_size(&server.ours).await;
    for (what, document, code, place) in [
        ("a key that is none", &wrong_key, Code::ValidationError, Some("/queues/1/key")),
        ("a queue without a name", &wrong_config, Code::ValidationError, Some("/queues/0/name")),
        ("a reviewer who is nobody", &nobody, Code::ValidationError, Some("/queues/0/reviewers/0")),
        ("a reviewer of another organization", &stranger, Code::ValidationError, Some("/queues/0/reviewers/0")),
        ("one key for two queues", &twice, Code::ValidationError, Some("/queues/2/key")),
        ("nobody who owns it", &no_owner, Code::LastOwner, None),
    ] {
        let rehearsed = refusal(run(server, operator(server), document, true).await);
        let real = refusal(run(server, operator(server), document, false).await);
        assert_eq!(rehearsed, real, "{what}");
        assert_eq!(real.code, code, "{what}");
        assert_eq!(real.places.first().map(|place| place.pointer.as_str()), place, "{what}");
    }
    let rehearsed = run(server, operator(server), &document(server), true).await.unwrap();
    assert_eq!(server.log_size(&server.ours).await, size);
    assert!(rehearsed.iter().all(|change| change.link_token.is_none()));
    let real = apply(server, &document(server)).await;
    assert_eq!(kinds(&rehearsed), kinds(&real));
    assert_eq!(
        rehearsed.iter().map(|change| (&change.to, &change.parts)).collect::<Vec<_>>(),
        real.iter().map(|change| (&change.to, &change.parts)).collect::<Vec<_>>()
    );
}

async fn a_document_is_applied_whole_or_not_at_all(server: &TestServer) {
    let mut document = document(server);
    document.queues.push(queue("", ReviewType::Approval));
    let size = server.log_size(&server.ours).await;
    refusal(run(server, operator(server), &document, false).await);
    assert_eq!(server.log_size(&server.ours).await, size);
    let exported = server.app.read(ExportDocument { caller: operator(server) }).await.unwrap();
    assert!(exported.queues.is_empty());
    assert!(exported.members.iter().all(|member| member.email != server.ours.second.email || member.role == Role::Reviewer));
}

async fn a_deleted_queue_comes_back(server: &TestServer) {
    let document = Document { queues: vec![queue("mails", ReviewType::Approval)], ..Document::default() };
    apply(server, &document).await;
    server.delete("/v1/queue/mails", &server.ours.admin.token).await.ok(204);
    assert!(server.app.read(ExportDocument { caller: operator(server) }).await.unwrap().queues.is_empty());
    let changes = apply(server, &document).await;
    assert_eq!((changes[0].kind, changes[0].parts.as_slice()), (ChangeKind::Updated, ["deleted_at".to_owned()].as_slice()));
    server.task(&server.ours, "mails", serde_json::json!({})).await;
}

async fn what_never_changes_is_refused(server: &TestServer) {
    apply(server, &Document { queues: vec![queue("mails", ReviewType::Approval)], ..Document::default() }).await;
    let other = Document { queues: vec![queue("mails", ReviewType::Augmentation)], ..Document::default() };
    let refused = refusal(run(server, operator(server), &other, false).await);
    assert_eq!((refused.code, refused.places[0].pointer.as_str()), (Code::ValidationError, "/queues/0/review_type"));
}

async fn a_key_that_is_limited_to_queues_applies_no_others(server: &TestServer) {
    apply(
        server,
        &Document { queues: vec![queue("mails", ReviewType::Approval), queue("posts", ReviewType::Approval)], ..Document::default() },
    )
    .await;
    let limited = Caller {
        organization_id: server.ours.id,
        principal: Principal::Agent {
            key: server.app.moment().ids().draw(),
            name: "limited".into(),
            scopes: vec![Scope::QueueWrite],
            queue_keys: Some(vec!["posts".into()]),
        },
        channel: Channel::Api,
    };
    let mut changed = queue("mails", ReviewType::Approval);
    set(&mut changed, "allow_edits", json!(true));
    for (document, code) in [
        (Document { queues: vec![changed.clone()], ..Document::default() }, Code::AlreadyExists),
        (Document { queues: vec![queue("new", ReviewType::Approval)], ..Document::default() }, Code::AlreadyExists),
        (Document { members: vec![member("x@ours.example", Role::Owner)], ..Document::default() }, Code::PermissionDenied),
    ] {
        assert_eq!(refusal(run(server, limited.clone(), &document, false).await).code, code);
    }
    changed.key = "posts".into();
    let changes = run(server, limited, &Document { queues: vec![changed], ..Document::default() }, false).await.unwrap();
    assert_eq!(changes[0].kind, ChangeKind::Updated);
    assert_eq!(server.get("/v1/queue/mails", &server.ours.agent).await.ok(200)["allow_edits"], false);
}

async fn the_last_owner_stays(server: &TestServer) {
    let demoted = Document { members: vec![member(&server.ours.owner.email, Role::Auditor)], ..Document::default() };
    assert_eq!(refusal(run(server, operator(server), &demoted, false).await).code, Code::LastOwner);
    let handed_over = Document {
        members: vec![member(&server.ours.admin.email, Role::Owner), member(&server.ours.owner.email, Role::Auditor)],
        ..Document::default()
    };
    assert_eq!(kinds(&apply(server, &handed_over).await), [ChangeKind::Updated; 2]);
}

async fn nothing_is_named_twice(server: &TestServer) {
    let mut twice = document(server);
    twice.queues.push(queue("mails", ReviewType::Approval));
    twice.members.push(member(&server.ours.second.email.to_uppercase(), Role::Reviewer));
    let size = server.log_size(&server.ours).await;
    let refused = refusal(run(server, operator(server), &twice, false).await);
    let places: Vec<_> = refused.places.iter().map(|place| place.pointer.as_str()).collect();
    assert_eq!((refused.code, places.as_slice()), (Code::ValidationError, ["/members/3/email", "/queues/2/key"].as_slice()));
    assert_eq!(server.log_size(&server.ours).await, size);
}

async fn who_is_disabled_stays_so_and_it_is_told(server: &TestServer) {
    let ours = &server.ours;
    let path = format!("/v1/member/{}", ours.second.id);
    server.patch(&path, &ours.owner.token, serde_json::json!({"state": "disabled"})).await.ok(200);
    let wanted = |role| Document { members: vec![member(&ours.second.email, role)], ..Document::default() };
    let told = "disabled before, stays so".to_owned();
    let same = apply(server, &wanted(Role::Reviewer)).await;
    assert_eq!((same[0].kind, same[0].parts.as_slice()), (ChangeKind::Unchanged, [told.clone()].as_slice()));
    let other = apply(server, &wanted(Role::Auditor)).await;
    assert_eq!((other[0].kind, other[0].parts.as_slice()), (ChangeKind::Updated, ["role".into(), told].as_slice()));
    assert_eq!(server.get(&path, &ours.owner.token).await.ok(200)["state"], "disabled");
}

/// A program may write queues, and still not ask by their rules who is a member.
async fn a_key_learns_of_no_member(server: &TestServer) {
    let ours = &server.ours;
    let program = Caller {
        organization_id: ours.id,
        principal: Principal::Agent {
            key: server.app.moment().ids().draw(),
            name: "program".into(),
            scopes: vec![Scope::QueueWrite],
            queue_keys: None,
        },
        channel: Channel::Api,
    };
    let mut refusals = Vec::new();
    for email in [ours.reviewer.email.as_str(), "nobody@ours.example"] {
        let mut named = queue("mails", ReviewType::Approval);
        set(&mut named, "reviewer_ids", json!([email]));
        let document = Document { queues: vec![named], ..Document::default() };
        refusals.push(refusal(run(server, program.clone(), &document, true).await));
    }
    assert_eq!(refusals[0], refusals[1]);
    assert_eq!(refusals[0].code, Code::PermissionDenied);
    let unnamed = Document { queues: vec![queue("mails", ReviewType::Approval)], ..Document::default() };
    assert_eq!(kinds(&run(server, program, &unnamed, false).await.unwrap()), [ChangeKind::Created]);
}
