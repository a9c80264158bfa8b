//! Who reviews what, over HTTP on both engines: calendars, groups and schedules, availability, absences, delegations, offers, and what keeps people apart.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod absences;
mod availability;
mod delegations;
mod documents;
mod eligibility;
mod kit;
mod offers;
mod resources;
mod separation;
