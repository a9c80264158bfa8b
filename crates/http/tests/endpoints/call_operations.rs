//! How the endpoints of review operations are called so that they succeed.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use signoff_app::routing::Waiting;
use signoff_testkit::TestServer;

use crate::call::{Call, World, asking, named, plain, with};

/// Waits until no task looks for a reviewer: what the call before left to the workers is done, and changes nothing under the next.
pub(super) async fn quiet(server: &TestServer) {
    while !server.app.read(Waiting).await.unwrap().is_empty() {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
}

/// Office hours.
fn calendar() -> Value {
    json!({"time_zone": "Europe/Berlin", "weekly": [{"days": ["monday"], "from": "09:00", "to": "17:00"}]})
}

/// A holiday.
const ICAL: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART;VALUE=DATE:20261225\r\nSUMMARY:Christmas\r\nEND:VEVENT\r\n\
    END:VCALENDAR\r\n";

impl World<'_> {
    /// The call, if it is one of these.
    pub(super) async fn operation(&self, operation: &str) -> Option<Call> {
        let call = match operation {
            "getAvailability" => Call { named: self.organization.second.id.clone(), ..plain() },
            "changeAvailability" => Call { named: self.organization.second.id.clone(), ..with(json!({"accuracy": 0.9})) },
            "setPresence" => with(json!({"presence": "online"})),
            "createAbsence" => with(self.absence()),
            "previewAbsence" => {
                asking(format!("?member_id={}&from=2026-01-01T00:00:00Z&to=2026-02-01T00:00:00Z", self.organization.second.id))
            }
            "revokeAbsence" => named(&self.server.post("/v1/absence", &self.actor.token, self.absence()).await.ok(201)),
            "createDelegation" => with(self.delegation()),
            "revokeDelegation" => named(&self.server.post("/v1/delegation", &self.actor.token, self.delegation()).await.ok(201)),
            "putCalendar" => Call { named: self.queue.clone(), ..with(calendar()) },
            "getCalendar" | "deleteCalendar" => self.made("calendar", calendar()).await,
            "importCalendar" => Call { body: Some(json!({"ical": ICAL, "years": [2026]})), ..self.made("calendar", calendar()).await },
            "putGroup" => Call { named: self.queue.clone(), ..with(self.group()) },
            "getGroup" | "deleteGroup" => self.made("group", self.group()).await,
            "putSchedule" => Call { named: self.queue.clone(), ..with(self.schedule()) },
            "getSchedule" | "deleteSchedule" | "getOnCall" => self.made("schedule", self.schedule()).await,
            "listOffers" | "listAbsences" | "listDelegations" | "listCalendars" | "listGroups" | "listSchedules" => plain(),
            _ => return None,
        };
        Some(call)
    }

    /// A time that no other call has.
    fn period(&self) -> (Timestamp, Timestamp) {
        let day: Timestamp = "2026-01-01T00:00:00Z".parse().unwrap();
        let starts_at = day + SignedDuration::from_hours(24 * i64::from(self.unique));
        (starts_at, starts_at + SignedDuration::from_hours(1))
    }

    fn absence(&self) -> Value {
        let (starts_at, ends_at) = self.period();
        json!({"member_id": self.actor.id, "starts_at": starts_at, "ends_at": ends_at, "open_work": "keep", "reason": "Away"})
    }

    fn delegation(&self) -> Value {
        let (starts_at, ends_at) = self.period();
        json!({"from": self.actor.id, "to": {"member": self.organization.second.id}, "starts_at": starts_at, "ends_at": ends_at})
    }

    fn group(&self) -> Value {
        json!({"name": "Some", "member_ids": [self.organization.reviewer.id]})
    }

    fn schedule(&self) -> Value {
        let participants = [&self.organization.reviewer.id];
        let layer = json!({
            "name": "All day", "participants": participants, "rotation": "daily", "handoff": "09:00", "starts_on": "2025-01-01",
        });
        json!({"time_zone": "UTC", "layers": [layer]})
    }

    async fn made(&self, kind: &str, definition: Value) -> Call {
        let path = format!("/v1/{kind}/{}", self.queue);
        let made = self.server.request(reqwest::Method::PUT, &path, &self.organization.owner.token).json(&definition).await;
        assert_eq!(made.status, 201, "{}", made.text);
        Call { named: self.queue.clone(), ..plain() }
    }

    /// A task that is offered to the actor, if they review; to the owner otherwise.
    pub(super) async fn offered(&self) -> Value {
        let (server, organization) = (self.server, self.organization);
        let asked = if self.actor.id == organization.auditor.id { &organization.owner } else { self.actor };
        let queue = json!({
            "key": self.queue, "name": "Offers", "review_type": "approval", "assignment": "round_robin", "reviewer_ids": [asked.id],
        });
        server.queue(organization, queue).await;
        let task = server.task(organization, &self.queue, json!({})).await;
        for _ in 0..1_000 {
            let offers = server.get("/v1/me/offer", &asked.token).await.ok(200);
            if offers.as_array().unwrap().iter().any(|offer| offer["task_id"] == task["id"]) {
                return task;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("the task was offered to nobody")
    }
}
