//! Who comes into question: capacity, skills, thread, presence, working hours.

use jiff::SignedDuration;
use serde_json::{Value, json};
use signoff_domain::skill::SkillRequirement;
use signoff_testkit::{Person, TestServer, both};

use crate::kit::{accept, approve, available, decline, explained, is_offered, offered, put, queue, settle, stopped_by, task, told};

both!(TestServer:
    nobody_is_given_more_than_their_capacity,
    nobody_is_given_more_in_a_day_than_they_take_on,
    a_task_goes_to_whom_has_the_skill_at_its_level,
    a_skill_counts_until_it_expires,
    an_optional_skill_is_dropped_in_time,
    a_thread_stays_with_its_reviewer,
    who_is_away_gets_nothing_until_they_are_back,
    who_is_outside_their_hours_gets_nothing,
    a_member_of_a_stages_group_is_asked_from_when_on_they_belong_to_it,
);

/// Has a person nothing else to do than one unit.
async fn of_capacity(server: &TestServer, person: &Person, units: i64) {
    available(server, person, json!({"capacity": {"units": units}})).await;
}

async fn nobody_is_given_more_than_their_capacity(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "load_balanced", &[&ours.reviewer, &ours.second], |config| config.routing.weight = 2).await;
    of_capacity(server, &ours.reviewer, 3).await;
    of_capacity(server, &ours.second, 2).await;
    let (first, second) = (task(server, "mails").await, task(server, "mails").await);
    let (one, _) = offered(server, &first, &ours.reviewer, &ours.second).await;
    let (other, _) = offered(server, &second, &ours.reviewer, &ours.second).await;
    assert_ne!(one.id, other.id);
    let third = task(server, "mails").await;
    assert!(!is_offered(server, &third, &ours.reviewer).await && !is_offered(server, &third, &ours.second).await);
    assert_eq!(stopped_by(server, &third, &ours.reviewer).await, "capacity");
    assert_eq!(told(server, "task.unroutable").await[0]["reason"], json!({"kind": "emptied_by", "filter": "capacity"}));

    // What is done is no load, and more capacity counts at once.
    accept(server, &first, one).await.ok(200);
    of_capacity(server, &ours.reviewer, 4).await;
    assert!(is_offered(server, &third, &ours.reviewer).await);
    approve(server, &first, one).await;
    let fourth = task(server, "mails").await;
    assert!(is_offered(server, &fourth, one).await);
}

async fn nobody_is_given_more_in_a_day_than_they_take_on(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "round_robin", &[&ours.reviewer], |_| ()).await;
    available(server, &ours.reviewer, json!({"capacity": {"max_per_day": 1}})).await;
    let (first, second) = (task(server, "mails").await, task(server, "mails").await);
    assert!(is_offered(server, &first, &ours.reviewer).await && !is_offered(server, &second, &ours.reviewer).await);
    assert_eq!(stopped_by(server, &second, &ours.reviewer).await, "daily_limit");
    accept(server, &first, &ours.reviewer).await.ok(200);
    server.advance(SignedDuration::from_hours(9));
    settle(server).await;
    assert!(is_offered(server, &second, &ours.reviewer).await, "the next day is another one");
}

fn needs(skill: &str, min_level: i64, drop_after_seconds: Option<i64>) -> SkillRequirement {
    SkillRequirement { skill: skill.into(), min_level, mandatory: drop_after_seconds.is_none(), drop_after_seconds }
}

fn skilled(level: i64) -> Value {
    json!({"skills": [{"skill": "law", "level": level}]})
}

async fn a_task_goes_to_whom_has_the_skill_at_its_level(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "skill_based", &[&ours.reviewer, &ours.second], |config| config.routing.skills = vec![needs("law", 50, None)])
        .await;
    available(server, &ours.reviewer, skilled(49)).await;
    let waiting = task(server, "mails").await;
    assert_eq!(stopped_by(server, &waiting, &ours.reviewer).await, "skills");
    assert_eq!(explained(server, &waiting).await["now"]["reason"], json!({"kind": "emptied_by", "filter": "skills"}));
    // Who has learnt it is asked at once.
    available(server, &ours.second, skilled(50)).await;
    assert!(is_offered(server, &waiting, &ours.second).await && !is_offered(server, &waiting, &ours.reviewer).await);
}

async fn a_skill_counts_until_it_expires(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "skill_based", &[&ours.reviewer], |config| config.routing.skills = vec![needs("law", 1, None)]).await;
    let skills = json!({"skills": [{"skill": "law", "level": 80, "valid_until": "2025-11-24T17:00:00Z"}]});
    available(server, &ours.reviewer, skills).await;
    let before = task(server, "mails").await;
    assert!(is_offered(server, &before, &ours.reviewer).await);
    server.advance(SignedDuration::from_hours(1));
    let after = task(server, "mails").await;
    assert!(!is_offered(server, &after, &ours.reviewer).await);
    assert_eq!(stopped_by(server, &after, &ours.reviewer).await, "skills");
}

async fn an_optional_skill_is_dropped_in_time(server: &TestServer) {
    let ours = &server.ours;
    let skills = || vec![needs("law", 0, None), needs("french", 0, Some(90)), needs("latin", 0, Some(45))];
    queue(server, "mails", "skill_based", &[&ours.reviewer], move |config| config.routing.skills = skills()).await;
    available(server, &ours.reviewer, skilled(10)).await;
    let task = task(server, "mails").await;
    server.advance(SignedDuration::from_secs(45));
    settle(server).await;
    assert_eq!(told(server, "skill.dropped").await, [json!({"skill": "latin"})]);
    assert!(!is_offered(server, &task, &ours.reviewer).await);
    server.advance(SignedDuration::from_secs(45));
    settle(server).await;
    assert_eq!(told(server, "skill.dropped").await, [json!({"skill": "latin"}), json!({"skill": "french"})]);
    assert!(is_offered(server, &task, &ours.reviewer).await);
    assert_eq!(explained(server, &task).await["last"]["explanation"]["dropped_skills"], json!(["latin", "french"]));
}

async fn a_thread_stays_with_its_reviewer(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "sticky", &[&ours.reviewer, &ours.second], |_| ()).await;
    let in_thread = async || {
        let body = json!({"queue_key": "mails", "data": {}, "metadata": {"thread": "case-7"}});
        let task = server.post("/v1/task", &ours.agent, body).await.ok(201);
        settle(server).await;
        task
    };
    let first = in_thread().await;
    let (one, other) = offered(server, &first, &ours.reviewer, &ours.second).await;
    approve(server, &first, one).await;
    // The other has more to spare, and is passed over all the same.
    let unrelated = task(server, "mails").await;
    if is_offered(server, &unrelated, other).await {
        decline(server, &unrelated, other).await;
    }
    let next = in_thread().await;
    assert!(is_offered(server, &next, one).await);
    assert_eq!(explained(server, &next).await["last"]["explanation"]["score"]["by"], "same_thread");
    approve(server, &next, one).await;
    server.advance(SignedDuration::from_hours(2));
    settle(server).await;
    let later = in_thread().await;
    assert_eq!(explained(server, &later).await["last"]["explanation"]["score"]["by"], "spare_share", "a thread is remembered for an hour");
}

async fn who_is_away_gets_nothing_until_they_are_back(server: &TestServer) {
    let ours = &server.ours;
    queue(server, "mails", "round_robin", &[&ours.reviewer], |_| ()).await;
    let presence = async |presence: &str| {
        let request = server.request(reqwest::Method::PUT, "/v1/me/presence", &ours.reviewer.token);
        assert_eq!(request.json(&json!({"presence": presence})).await.ok(200)["presence"], presence);
        settle(server).await;
    };
    for absent in ["away", "offline"] {
        presence(absent).await;
        let task = task(server, "mails").await;
        assert!(!is_offered(server, &task, &ours.reviewer).await);
        assert_eq!(stopped_by(server, &task, &ours.reviewer).await, "presence");
        presence("online").await;
        assert!(is_offered(server, &task, &ours.reviewer).await, "back from {absent}, without waiting for the next look");
    }
}

async fn who_is_outside_their_hours_gets_nothing(server: &TestServer) {
    let ours = &server.ours;
    let office = json!({"time_zone": "Europe/Berlin", "weekly": [{"days": ["monday", "tuesday"], "from": "09:00", "to": "17:00"}]});
    put(server, "/v1/calendar/berlin", office).await.ok(201);
    queue(server, "mails", "round_robin", &[&ours.reviewer], |_| ()).await;
    available(server, &ours.reviewer, json!({"calendar": "berlin"})).await;
    // Monday 17:00 in Berlin.
    let task = task(server, "mails").await;
    assert!(!is_offered(server, &task, &ours.reviewer).await);
    assert_eq!(stopped_by(server, &task, &ours.reviewer).await, "hours");
    server.advance(SignedDuration::from_hours(16));
    settle(server).await;
    assert!(is_offered(server, &task, &ours.reviewer).await, "Tuesday 09:00");
}

async fn a_member_of_a_stages_group_is_asked_from_when_on_they_belong_to_it(server: &TestServer) {
    let ours = &server.ours;
    put(server, "/v1/group/legal", json!({"member_ids": [ours.admin.id]})).await.ok(201);
    available(server, &ours.admin, json!({"presence": "away"})).await;
    queue(server, "mails", "round_robin", &[&ours.reviewer], |config| {
        let stage = json!({"key": "legal", "actor": "people", "reviewers": {"groups": ["legal"]}});
        config.stages = vec![serde_json::from_value(stage).unwrap()];
    })
    .await;
    let task = task(server, "mails").await;
    assert_eq!(stopped_by(server, &task, &ours.second).await, "access");
    put(server, "/v1/group/legal", json!({"member_ids": [ours.second.id]})).await.ok(200);
    settle(server).await;
    assert!(is_offered(server, &task, &ours.second).await, "{}", explained(server, &task).await);
    assert!(!is_offered(server, &task, &ours.reviewer).await);
}
