//! Who may use each endpoint: nobody unknown, nobody whose role or key does not allow it, nobody of another organization.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use signoff_domain::permission::{Action, Role, Scope};
use signoff_testkit::{Organization, Person, TestServer, Who, both};

use crate::{
    call::prepare,
    table::{Foreign, Needs, endpoints},
};

both!(TestServer:
    nobody_unknown_is_let_in,
    whose_role_allows_it_may_and_nobody_else,
    a_key_may_what_its_scopes_say_and_nothing_else,
    what_belongs_to_another_organization_does_not_exist,
);

/// A key that is written as keys are and that nobody has.
const UNKNOWN: &str = "sk_live_zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17";

fn people(organization: &Organization) -> [(Role, &Person); 4] {
    [
        (Role::Owner, &organization.owner),
        (Role::Admin, &organization.admin),
        (Role::Reviewer, &organization.reviewer),
        (Role::Auditor, &organization.auditor),
    ]
}

async fn nobody_unknown_is_let_in(server: &TestServer) {
    let ours = &server.ours;
    for (unique, (endpoint, described)) in (0..).zip(endpoints()) {
        if endpoint.needs == Needs::Nothing {
            continue;
        }
        let call = prepare(server, ours, endpoint.operation, &ours.owner, unique).await;
        let size = server.log_size(ours).await;
        let misspelt = UNKNOWN.replace("17", "71");
        for who in [
            Who::Nobody,
            Who::Bearer(UNKNOWN.into()),
            Who::Bearer(misspelt),
            Who::Bearer(UNKNOWN.replace("sk", "sp")),
            Who::Bearer(String::new()),
            Who::Session("unknown".into()),
        ] {
            let answer = call.request(server, &described, &who).await;
            assert_eq!(answer.status, 401, "{} by {who:?}: {}", endpoint.operation, answer.text);
            answer.refused(401, "authentication_error", None);
            assert_eq!(answer.header("www-authenticate"), Some("Bearer"));
        }
        let basic = call.request(server, &described, &Who::Nobody).header("authorization", "Basic b3duZXI6cGFzc3dvcmQ=").await;
        basic.refused(401, "authentication_error", None);
        assert_eq!(server.log_size(ours).await, size, "{}", endpoint.operation);
    }
}

async fn whose_role_allows_it_may_and_nobody_else(server: &TestServer) {
    let ours = &server.ours;
    let mut unique = 0;
    for (endpoint, described) in endpoints() {
        for (role, person) in people(ours) {
            unique += 1;
            let may = match endpoint.needs {
                Needs::Permission(action) => action.is_allowed_to(role),
                Needs::Anybody | Needs::Nothing => true,
            };
            let call = prepare(server, ours, endpoint.operation, person, unique).await;
            // A session may all that the person may, and who logs out has only this one to lose.
            let who = if endpoint.needs == Needs::Nothing { Who::Nobody } else { server.session(ours, person).await };
            let size = server.log_size(ours).await;
            let request = call.request(server, &described, &who);
            if !may {
                request.await.refused(403, "permission_denied", None);
                assert_eq!(server.log_size(ours).await, size, "{} by {role:?}", endpoint.operation);
                continue;
            }
            // A stream has no end to read to.
            let response = request.open().await;
            let status = response.status().as_u16();
            if !described.success.contains(&status) {
                panic!("{} by {role:?}: {status} {}", endpoint.operation, response.text().await.unwrap());
            }
        }
    }
}

async fn a_key_may_what_its_scopes_say_and_nothing_else(server: &TestServer) {
    let ours = &server.ours;
    let mut unique = 0;
    for (endpoint, described) in endpoints() {
        let Needs::Permission(action) = endpoint.needs else { continue };
        unique += 1;
        let call = prepare(server, ours, endpoint.operation, &ours.owner, unique).await;
        let size = server.log_size(ours).await;
        let Some(scope) = action.scope() else {
            for scope in Scope::ALL {
                call.request(server, &described, ours.key_without(scope.as_str())).await.refused(403, "permission_denied", None);
            }
            assert_eq!(server.log_size(ours).await, size, "{}", endpoint.operation);
            continue;
        };
        let refused = call.request(server, &described, ours.key_without(scope.as_str())).await;
        refused.refused(403, "permission_denied", None);
        assert!(refused.body["hint"].as_str().unwrap().contains(scope.as_str()), "{}", refused.text);
        assert_eq!(server.log_size(ours).await, size, "{}", endpoint.operation);
        let response = call.request(server, &described, ours.key(scope.as_str())).open().await;
        assert!(described.success.contains(&response.status().as_u16()), "{}: {}", endpoint.operation, response.status());
    }
}

/// All that an organization's owner can list.
async fn everything(server: &TestServer, organization: &Organization) -> BTreeMap<&'static str, Value> {
    let mut lists = BTreeMap::new();
    for path in [
        "/v1/task",
        "/v1/queue",
        "/v1/review",
        "/v1/member",
        "/v1/key",
        "/v1/invitation",
        "/v1/token",
        "/v1/absence",
        "/v1/delegation",
        "/v1/calendar",
        "/v1/group",
        "/v1/schedule",
    ] {
        let mut rows = server.get(path, &organization.owner.token).await.ok(200);
        for row in rows.as_array_mut().unwrap() {
            // Whoever asks is seen to have asked.
            for noted in ["last_used_at", "last_seen_at"] {
                row.as_object_mut().unwrap().remove(noted);
            }
        }
        lists.insert(path, rows);
    }
    lists.insert("events", json!(server.log_size(organization).await));
    lists
}

async fn what_belongs_to_another_organization_does_not_exist(server: &TestServer) {
    let (ours, theirs) = (&server.ours, &server.theirs);
    let session = server.session(ours, &ours.owner).await;
    for (unique, (endpoint, described)) in (0..).zip(endpoints()) {
        if endpoint.foreign == Foreign::Nothing {
            continue;
        }
        let call = prepare(server, theirs, endpoint.operation, &theirs.owner, unique).await;
        let before = (everything(server, ours).await, everything(server, theirs).await);
        let mut callers = vec![session.clone(), ours.owner.token.clone()];
        if let Needs::Permission(action) = endpoint.needs {
            callers.extend(action.scope().map(|scope| ours.key(scope.as_str()).clone()));
        }
        for who in callers {
            let answer = call.request(server, &described, &who).await;
            match endpoint.foreign {
                Foreign::NotFound => {
                    assert_eq!(answer.status, 404, "{}: {}", endpoint.operation, answer.text);
                    answer.refused(404, "not_found", None);
                }
                Foreign::Invalid => {
                    assert_eq!(answer.status, 400, "{}: {}", endpoint.operation, answer.text);
                    answer.refused(400, "validation_error", None);
                }
                Foreign::Empty => assert_eq!(answer.ok(200), json!([]), "{}", endpoint.operation),
                Foreign::Nothing => unreachable!("these are passed over"),
            }
        }
        let after = (everything(server, ours).await, everything(server, theirs).await);
        assert_eq!(before, after, "{}", endpoint.operation);
        // It was there for those whose it is. An empty list says nothing of that, and a review has its task.
        if endpoint.foreign == Foreign::NotFound {
            let response = call.request(server, &described, &theirs.owner.token).open().await;
            assert!(described.success.contains(&response.status().as_u16()), "{}: {}", endpoint.operation, response.status());
        }
    }
}

/// The last word on it: no key reviews, manages people, or manages keys.
#[test]
fn no_scope_lets_a_key_act_as_a_person() {
    for action in [Action::TaskReview, Action::TaskAssign, Action::TaskReopen, Action::MemberManage, Action::KeyManage, Action::SelfManage]
    {
        assert_eq!(action.scope(), None);
    }
}
