//! How available members are as reviewers: presence, capacity, hours, skills.

use serde::{Deserialize, Serialize};
use signoff_domain::{
    Moment, Refusal,
    availability::Availability,
    calendar::Calendar,
    capacity::Presence,
    event::{Event, EventType},
    id::MemberId,
    permission::Action,
    skill::Skill,
};
use signoff_store::{Command, Error, Query, Tx, members, resources, timers, workloads};

use crate::{Caller, caller::detail, clocks::CALENDAR};

/// How available a member is.
pub struct GetAvailability {
    /// Who asks.
    pub caller: Caller,
    /// Whose.
    pub id: MemberId,
}

impl Query for GetAvailability {
    type Out = Availability;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Availability, Error> {
        self.caller.require(Action::MemberRead)?;
        let organization = self.caller.organization_id;
        if members::get(tx, organization, self.id).await?.is_none() {
            return Err(Refusal::not_found("member", self.id).into());
        }
        let found = workloads::availability::<Availability>(tx, organization, self.id).await?.unwrap_or_default();
        let own = self.caller.member().is_ok_and(|(me, _)| me == self.id);
        if own || self.caller.may(Action::AvailabilityManage) || self.caller.may(Action::AuditRead) {
            return Ok(found);
        }
        // How often colleagues are right, and who they are elsewhere, is not for everybody.
        Ok(Availability { accuracy: None, person: None, ..found })
    }
}

/// A change of how available a member is; what is left out stays.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct AvailabilityChange {
    /// Whether they are there.
    pub presence: Option<Presence>,
    /// Units at once.
    pub units: Option<i64>,
    /// Tasks in a day; `None` within is any number.
    pub max_per_day: Option<Option<i64>>,
    /// The key of the calendar with their working hours; `None` within is at any hour.
    pub calendar: Option<Option<String>>,
    /// What they can do.
    pub skills: Option<Vec<Skill>>,
    /// How often they are right; `None` within is not known.
    pub accuracy: Option<Option<f64>>,
    /// Who they are beyond this membership; `None` within is not known.
    pub person: Option<Option<String>>,
}

impl AvailabilityChange {
    fn apply(self, to: &Availability) -> Availability {
        let mut changed = to.clone();
        changed.presence = self.presence.unwrap_or(changed.presence);
        changed.capacity.units = self.units.unwrap_or(changed.capacity.units);
        changed.capacity.max_per_day = self.max_per_day.unwrap_or(changed.capacity.max_per_day);
        changed.calendar = self.calendar.unwrap_or(changed.calendar);
        changed.skills = self.skills.unwrap_or(changed.skills);
        changed.accuracy = self.accuracy.unwrap_or(changed.accuracy);
        changed.person = self.person.unwrap_or(changed.person);
        changed
    }

    /// Whether nothing but the presence changes.
    fn is_presence(&self) -> bool {
        Self { presence: None, ..self.clone() } == Self::default()
    }
}

/// Changes how available a member is. Whether they are there members say themself; the rest is for who manages availabilities.
pub struct ChangeAvailability {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Whose.
    pub id: MemberId,
    /// How.
    pub change: AvailabilityChange,
}

impl Command for ChangeAvailability {
    type Out = Availability;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Availability, Error> {
        let own = self.caller.member().is_ok_and(|(me, _)| me == self.id);
        self.caller.require(if own && self.change.is_presence() { Action::SelfManage } else { Action::AvailabilityManage })?;
        let organization = self.caller.organization_id;
        // Two changes at once take turns on the member.
        if members::lock(tx, organization, self.id).await?.is_none() {
            return Err(Refusal::not_found("member", self.id).into());
        }
        let before = workloads::availability::<Availability>(tx, organization, self.id).await?.unwrap_or_default();
        let after = self.change.clone().apply(&before);
        after.validate()?;
        if let Some(key) = after.calendar.as_deref().filter(|_| after.calendar != before.calendar)
            && resources::get::<Calendar>(tx, organization, CALENDAR, key).await?.is_none()
        {
            return Err(Refusal::invalid("/calendar", format!("There is no calendar '{key}'.")).into());
        }
        if after == before {
            return Ok(after);
        }
        workloads::set_availability(tx, organization, self.id, &after, self.moment.now).await?;
        if after.person != before.person {
            workloads::set_person(tx, organization, self.id, after.person.as_deref()).await?;
        }
        if after.presence == Presence::Online {
            // For whom nobody was found there may be somebody now.
            timers::route_now(tx, organization, self.moment.now).await?;
        }
        let about = detail! {
            "member_id": self.id, "parts": parts(&before, &after), "presence": after.presence, "capacity": after.capacity,
            "calendar": after.calendar, "skills": after.skills,
        };
        let event = self.caller.event(EventType::MemberAvailability, &mut self.moment.ids(), self.moment.now);
        tx.record([Event { detail: about, ..event }]);
        Ok(after)
    }
}

/// The parts in which two availabilities differ. Who somebody is elsewhere is named as a part, and not told.
fn parts(before: &Availability, after: &Availability) -> Vec<&'static str> {
    let differ = [
        ("presence", before.presence != after.presence),
        ("capacity", before.capacity != after.capacity),
        ("calendar", before.calendar != after.calendar),
        ("skills", before.skills != after.skills),
        ("accuracy", before.accuracy != after.accuracy),
        ("person", before.person != after.person),
    ];
    differ.into_iter().filter(|(_, differ)| *differ).map(|(part, _)| part).collect()
}
