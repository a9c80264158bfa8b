//! Calendars, groups and schedules as code. People stand in them by their e-mail address.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};
use signoff_domain::{
    Moment, Object, Refusal, Timestamp,
    calendar::Calendar,
    group::Group,
    id::{MemberId, OrganizationId},
    member::Member,
    moment::Ids,
    permission::Action,
    refusal::Places,
    schedule::{Layer, Override, Schedule},
};
use signoff_store::{Error, Tx, members, resources};

use super::{Change, ChangeKind, Document, below};
use crate::{
    Caller,
    resources::{Definition, Put, put},
};

/// A calendar as code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CalendarDocument {
    /// What queues call it.
    pub key: String,
    /// What it is.
    pub calendar: Calendar,
}

/// A group as code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupDocument {
    /// What queues call it.
    pub key: String,
    /// What people call it.
    pub name: Option<String>,
    /// Who belongs to it.
    pub members: Vec<String>,
}

/// A schedule as code.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ScheduleDocument {
    /// What queues call it.
    pub key: String,
    /// What it is; the participants of its layers and its overrides are left empty.
    pub schedule: Schedule,
    /// Who takes turns in each layer.
    pub participants: Vec<Vec<String>>,
    /// Who stands in when.
    pub overrides: Vec<OverrideDocument>,
}

/// Somebody stands in for a period, as code.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverrideDocument {
    /// Who.
    pub member: String,
    /// From when.
    pub starts_at: Timestamp,
    /// Until when.
    pub ends_at: Timestamp,
    /// Why.
    pub reason: Option<String>,
}

/// Notes every calendar, group or schedule that is named twice.
pub(super) fn check(document: &Document, places: &mut Places) {
    let keys = |keys: Vec<&String>, list: &str, places: &mut Places| {
        let mut named = HashSet::new();
        for (i, key) in keys.into_iter().enumerate() {
            places.require(named.insert(key), &format!("/{list}/{i}/key"), "Another one of the document has this key.");
        }
    };
    keys(document.calendars.iter().map(|calendar| &calendar.key).collect(), "calendars", places);
    keys(document.groups.iter().map(|group| &group.key).collect(), "groups", places);
    keys(document.schedules.iter().map(|schedule| &schedule.key).collect(), "schedules", places);
}

/// Makes the calendars, groups and schedules what a document says.
pub(super) async fn apply(
    tx: &mut Tx<'_>,
    caller: &Caller,
    moment: &Moment,
    ids: &mut Ids,
    document: &Document,
) -> Result<Vec<Change>, Error> {
    let mut changes = Vec::new();
    for (i, wanted) in document.calendars.iter().enumerate() {
        let applied = make(tx, caller, moment, ids, &wanted.key, &wanted.calendar).await;
        changes.push(applied.map_err(|error| below(error, &format!("/calendars/{i}")))?);
    }
    for (i, wanted) in document.groups.iter().enumerate() {
        let at = format!("/groups/{i}");
        let member_ids = people(tx, caller, &wanted.members, "/members").await.map_err(|error| below(error, &at))?;
        let group = Group { name: wanted.name.clone(), member_ids };
        let applied = make(tx, caller, moment, ids, &wanted.key, &group).await;
        changes.push(applied.map_err(|error| below(in_words(error, "/member_ids", "/members"), &at))?);
    }
    for (i, wanted) in document.schedules.iter().enumerate() {
        let at = format!("/schedules/{i}");
        let schedule = with_people(tx, caller, wanted).await.map_err(|error| below(error, &at))?;
        let applied = make(tx, caller, moment, ids, &wanted.key, &schedule).await;
        changes.push(applied.map_err(|error| below(in_words(error, "/member_id", "/member"), &at))?);
    }
    Ok(changes)
}

async fn make<T: Definition>(
    tx: &mut Tx<'_>,
    caller: &Caller,
    moment: &Moment,
    ids: &mut Ids,
    key: &str,
    wanted: &T,
) -> Result<Change, Error> {
    let before = resources::get::<T>(tx, caller.organization_id, T::KIND, key).await?;
    let (_, put) = put(tx, caller, moment, ids, key, wanted).await?;
    let (kind, parts) = match (put, before) {
        (Put::Updated, Some(before)) => (ChangeKind::Updated, differing(&before.definition, wanted)),
        (Put::Unchanged, _) => (ChangeKind::Unchanged, Vec::new()),
        _ => (ChangeKind::Created, Vec::new()),
    };
    Ok(Change { kind, to: format!("{}/{key}", T::KIND), parts, link_token: None })
}

/// The names of the parts in which two definitions differ.
fn differing(before: &impl Serialize, after: &impl Serialize) -> Vec<String> {
    let object = |value: Result<serde_json::Value, _>| match value {
        Ok(serde_json::Value::Object(object)) => object,
        _ => Object::new(),
    };
    let (before, after) = (object(serde_json::to_value(before)), object(serde_json::to_value(after)));
    after.into_iter().filter(|(name, value)| before.get(name) != Some(value)).map(|(name, _)| name).collect()
}

/// The ids of members by their addresses; who is only invited is refused by name.
pub(super) async fn people(tx: &mut Tx<'_>, caller: &Caller, emails: &[String], at: &str) -> Result<Vec<MemberId>, Error> {
    let mut ids = Vec::with_capacity(emails.len());
    for (i, email) in emails.iter().enumerate() {
        ids.push(person(tx, caller, email, &format!("{at}/{i}")).await?);
    }
    Ok(ids)
}

async fn person(tx: &mut Tx<'_>, caller: &Caller, email: &str, at: &str) -> Result<MemberId, Error> {
    // Whether an address is that of a member is only for those to know who may see the members.
    let hint = "Apply a document that names people with a person's access token.";
    caller.require(Action::MemberRead).map_err(|refusal| refusal.hint(hint))?;
    let member = members::by_email(tx, caller.organization_id, &email.to_lowercase()).await?;
    let none = || Refusal::invalid(at, format!("'{email}' is no member yet.")).hint("Apply again when the invitation was accepted.");
    Ok(member.ok_or_else(none)?.id)
}

async fn with_people(tx: &mut Tx<'_>, caller: &Caller, wanted: &ScheduleDocument) -> Result<Schedule, Error> {
    let mut schedule = wanted.schedule.clone();
    for (i, (layer, emails)) in schedule.layers.iter_mut().zip(&wanted.participants).enumerate() {
        layer.participants = people(tx, caller, emails, &format!("/layers/{i}/participants")).await?;
    }
    schedule.overrides.clear();
    for (i, one) in wanted.overrides.iter().enumerate() {
        let member_id = person(tx, caller, &one.member, &format!("/overrides/{i}/member")).await?;
        let reason = one.reason.clone();
        schedule.overrides.push(Override { member_id, starts_at: one.starts_at, ends_at: one.ends_at, reason });
    }
    Ok(schedule)
}

/// A refusal with places as the document calls them.
fn in_words(error: Error, id: &str, word: &str) -> Error {
    match error {
        Error::Refused(mut refusal) => {
            for place in &mut refusal.places {
                place.pointer = place.pointer.replace(id, word);
            }
            Error::Refused(refusal)
        }
        fault => fault,
    }
}

/// Adds the calendars, groups and schedules of an organization to its document.
pub(super) async fn export(tx: &mut Tx<'_>, organization: OrganizationId, all: &[Member], document: &mut Document) -> Result<(), Error> {
    let email = |id: &MemberId| all.iter().find(|member| member.id == *id).map(|member| member.email.clone());
    let emails = |ids: &[MemberId]| ids.iter().filter_map(email).collect::<Vec<_>>();
    for found in resources::all::<Calendar>(tx, organization, Calendar::KIND).await? {
        document.calendars.push(CalendarDocument { key: found.key, calendar: found.definition });
    }
    for found in resources::all::<Group>(tx, organization, Group::KIND).await? {
        let Group { name, member_ids } = found.definition;
        document.groups.push(GroupDocument { key: found.key, name, members: emails(&member_ids) });
    }
    for found in resources::all::<Schedule>(tx, organization, Schedule::KIND).await? {
        let Schedule { time_zone, layers, overrides, gap_action } = found.definition;
        let participants = layers.iter().map(|layer| emails(&layer.participants)).collect();
        let layers = layers.into_iter().map(|layer| Layer { participants: Vec::new(), ..layer }).collect();
        let standing_in = |one: Override| {
            let Override { member_id, starts_at, ends_at, reason } = one;
            Some(OverrideDocument { member: email(&member_id)?, starts_at, ends_at, reason })
        };
        let overrides = overrides.into_iter().filter_map(standing_in).collect();
        let schedule = Schedule { time_zone, layers, overrides: Vec::new(), gap_action };
        document.schedules.push(ScheduleDocument { key: found.key, schedule, participants, overrides });
    }
    Ok(())
}
