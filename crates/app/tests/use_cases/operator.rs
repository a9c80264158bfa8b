//! What who has the machine can do: make organizations and login links, find members; and what not even they can.

use serde_json::json;
use signoff_app::{
    Caller, Error,
    identity::{CreateOrganization, CreateToken, FindMember, ListOrganizations, LoginLinkFor},
    operations::Probe,
    reviews::SubmitReview,
    tasks::ClaimTask,
};
use signoff_domain::{Code, Refusal, review::Answer};
use signoff_testkit::{TestServer, Who, both, id};

both!(TestServer:
    the_first_organization_is_made_once,
    a_link_is_for_an_active_member,
    a_token_is_made_for_an_active_member,
    the_operator_decides_nothing,
    the_database_answers,
);

fn code<T>(answer: Result<T, Error>) -> Code {
    match answer {
        Err(Error::Refused(Refusal { code, .. })) => code,
        Err(Error::Fault(fault)) => panic!("{fault}"),
        Ok(_) => panic!("it was not refused"),
    }
}

fn organization(server: &TestServer, name: &str, only_first: bool) -> CreateOrganization {
    CreateOrganization {
        moment: server.app.moment(),
        name: name.into(),
        email: " Olga@New.example ".into(),
        owner: "Olga".into(),
        host: "signoff.example".into(),
        log_seed: server.app.random(),
        secret: server.app.secret(),
        only_first,
    }
}

async fn the_first_organization_is_made_once(server: &TestServer) {
    assert_eq!(server.app.write(organization(server, "New", true)).await.unwrap(), None);
    assert_eq!(server.app.read(ListOrganizations).await.unwrap().len(), 2);
    let made = server.app.write(organization(server, "New", false)).await.unwrap().unwrap();
    assert_eq!(made.owner.email, "olga@new.example");
    let names: Vec<_> = server.app.read(ListOrganizations).await.unwrap().into_iter().map(|organization| organization.name).collect();
    assert_eq!(names.len(), 3);
    assert!(names.contains(&"New".to_owned()));
    for name in ["", "two\nlines"] {
        assert_eq!(code(server.app.write(organization(server, name, false)).await), Code::ValidationError);
    }
}

async fn a_link_is_for_an_active_member(server: &TestServer) {
    let ours = &server.ours;
    let link = |email: Option<&str>| LoginLinkFor {
        email: email.map(Into::into),
        organization_id: ours.id,
        secret: server.app.secret(),
        moment: server.app.moment(),
    };
    assert_eq!(server.app.write(link(None)).await.unwrap().email, ours.owner.email);
    assert_eq!(server.app.write(link(Some("REVIEWER@ours.example"))).await.unwrap().id.to_string(), ours.reviewer.id);
    let disable = json!({"state": "disabled"});
    server.patch(&format!("/v1/member/{}", ours.reviewer.id), &ours.owner.token, disable).await.ok(200);
    for nobody in ["reviewer@ours.example", "nobody@ours.example", "owner@theirs.example"] {
        assert_eq!(code(server.app.write(link(Some(nobody))).await), Code::NotFound, "{nobody}");
    }
}

async fn a_token_is_made_for_an_active_member(server: &TestServer) {
    let ours = &server.ours;
    let caller = Caller::operator(ours.id);
    let member = server.app.read(FindMember { caller: caller.clone(), email: ours.reviewer.email.clone() }).await.unwrap();
    let token = |caller: Caller, member| CreateToken {
        caller,
        member: Some(member),
        moment: server.app.moment(),
        name: "operator".into(),
        expires_in_days: Some(1),
        random: server.app.random(),
    };
    let (_, secret) = server.app.write(token(caller, member.id)).await.unwrap();
    let me = server.get("/v1/me", &Who::Bearer(secret)).await.ok(200);
    assert_eq!(me["member"]["id"], json!(ours.reviewer.id));
    // A member of another organization is nobody here.
    let elsewhere = Caller::operator(server.theirs.id);
    assert_eq!(code(server.app.write(token(elsewhere, member.id)).await), Code::NotFound);
}

async fn the_operator_decides_nothing(server: &TestServer) {
    let ours = &server.ours;
    server.approval(ours, "mails").await;
    let task = server.task(ours, "mails", json!({})).await;
    let task_id = id(&task).parse().unwrap();
    let caller = Caller::operator(ours.id);
    let claim = ClaimTask { caller: caller.clone(), moment: server.app.moment(), id: task_id };
    assert_eq!(code(server.app.write(claim).await), Code::PermissionDenied);
    let review = SubmitReview {
        caller,
        moment: server.app.moment(),
        compiled: server.app.compiled(),
        id: task_id,
        revision: 1,
        lease_id: None,
        keep_late: false,
        answer: Answer { result: Some(vec!["approved".into()]), ..Answer::default() },
    };
    assert_eq!(code(server.app.write(review).await), Code::PermissionDenied);
    assert_eq!(server.reread(ours, &task).await["state"], "queued");
}

async fn the_database_answers(server: &TestServer) {
    server.app.read(Probe).await.unwrap();
    server.get("/readyz", &Who::Nobody).await.ok(200);
    server.get("/healthz", &Who::Nobody).await.ok(200);
    let metrics = server.get("/metrics", &Who::Nobody).await;
    assert_eq!(metrics.status, 200);
    assert!(metrics.text.contains("# EOF"));
}
