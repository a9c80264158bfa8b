//! Calendars, groups and schedules of a document: from the wire and back.

use signoff_app::queues::{CalendarDocument, Document, GroupDocument, OverrideDocument, ScheduleDocument};
use signoff_domain::Refusal;
use signoff_wire::{apply as wire, resource};

use crate::{convert::to_wire, problem::Result, settings};

/// The calendars, groups and schedules of a document; nothing else of it.
pub(super) fn read(document: &wire::Document) -> std::result::Result<Document, Refusal> {
    let calendar = |(i, document): (usize, &wire::CalendarDocument)| {
        let wire::CalendarDocument { key, time_zone, weekly, exceptions } = document.clone();
        let definition = resource::CalendarDefinition { time_zone, weekly, exceptions };
        Ok(CalendarDocument { key, calendar: settings::read(&format!("/document/calendars/{i}"), &definition)? })
    };
    let group = |document: &wire::GroupDocument| {
        let wire::GroupDocument { key, name, members } = document.clone();
        GroupDocument { key, name, members }
    };
    let schedule = |(i, document): (usize, &wire::ScheduleDocument)| {
        let wire::ScheduleDocument { key, time_zone, mut layers, overrides, gap_action } = document.clone();
        let participants = layers.iter_mut().map(|layer| std::mem::take(&mut layer.participants)).collect();
        let definition = resource::ScheduleDefinition { time_zone, layers, overrides: Vec::new(), gap_action };
        let overrides = overrides.into_iter().map(|one| {
            let wire::OverrideDocument { member, starts_at, ends_at, reason } = one;
            OverrideDocument { member, starts_at, ends_at, reason }
        });
        let overrides = overrides.collect();
        Ok(ScheduleDocument { key, schedule: settings::read(&format!("/document/schedules/{i}"), &definition)?, participants, overrides })
    };
    Ok(Document {
        calendars: document.calendars.iter().enumerate().map(calendar).collect::<std::result::Result<_, Refusal>>()?,
        groups: document.groups.iter().map(group).collect(),
        schedules: document.schedules.iter().enumerate().map(schedule).collect::<std::result::Result<_, Refusal>>()?,
        ..Document::default()
    })
}

/// The calendars, groups and schedules of a document as they are shown; nothing else of it.
pub(super) fn show(document: Document) -> Result<wire::Document> {
    let calendar = |document: CalendarDocument| {
        let resource::CalendarDefinition { time_zone, weekly, exceptions } = to_wire(&document.calendar)?;
        Ok(wire::CalendarDocument { key: document.key, time_zone, weekly, exceptions })
    };
    let group = |document: GroupDocument| wire::GroupDocument { key: document.key, name: document.name, members: document.members };
    let schedule = |document: ScheduleDocument| {
        let resource::ScheduleDefinition { time_zone, mut layers, gap_action, .. } = to_wire(&document.schedule)?;
        for (layer, participants) in layers.iter_mut().zip(document.participants) {
            layer.participants = participants;
        }
        let overrides = document.overrides.into_iter().map(|one| {
            let OverrideDocument { member, starts_at, ends_at, reason } = one;
            wire::OverrideDocument { member, starts_at, ends_at, reason }
        });
        Ok(wire::ScheduleDocument { key: document.key, time_zone, layers, overrides: overrides.collect(), gap_action })
    };
    Ok(wire::Document {
        calendars: document.calendars.into_iter().map(calendar).collect::<Result<_>>()?,
        groups: document.groups.into_iter().map(group).collect(),
        schedules: document.schedules.into_iter().map(schedule).collect::<Result<_>>()?,
        ..wire::Document::default()
    })
}
