//! Use cases of what queues name by key: calendars, groups of members, on-call schedules.
//!
//! All three are kept alike, so that [`PutResource`], [`GetResource`], [`ListResources`] and [`DeleteResource`] serve each; what differs is a [`Definition`].

use std::collections::BTreeMap;

use serde::{Serialize, de::DeserializeOwned};
use signoff_domain::{
    Refusal,
    calendar::Calendar,
    group::Group,
    id::{MemberId, OrganizationId},
    member::MemberState,
    permission::Action,
    refusal::Places,
    schedule::Schedule,
};
use signoff_store::{Error, Tx, members};

use crate::{clocks::CALENDAR, escalation::SCHEDULE, tasks::audience::GROUP};

mod delete;
mod get;
mod import;
mod on_call;
mod put;
mod uses;

pub use delete::DeleteResource;
pub use get::{GetResource, ListResources};
pub use import::{ImportHolidays, Imported};
pub use on_call::{GetOnCall, OnDuty};
pub(crate) use put::put;
pub use put::{Put, PutResource};
pub use signoff_store::resources::Resource;

/// Something that queues name by key.
pub trait Definition: Clone + PartialEq + Serialize + DeserializeOwned + Send + Sync + 'static {
    /// What it is called.
    const KIND: &'static str;
    /// What one has to be allowed to see it.
    const READ: Action;
    /// What one has to be allowed to change it.
    const WRITE: Action;

    /// Checks it against the members of the organization.
    ///
    /// # Errors
    /// A validation error that names every place that is wrong.
    fn check(&self, known: &Known) -> Result<(), Refusal>;
}

/// The members of an organization, with whether they can log in.
#[derive(Debug)]
pub struct Known(BTreeMap<MemberId, MemberState>);

impl Known {
    async fn load(tx: &mut Tx<'_>, organization: OrganizationId) -> Result<Self, Error> {
        let all = members::all(tx, organization).await?;
        Ok(Self(all.into_iter().map(|member| (member.id, member.state)).collect()))
    }
}

impl Definition for Calendar {
    const KIND: &'static str = CALENDAR;
    const READ: Action = Action::QueueRead;
    const WRITE: Action = Action::QueueWrite;

    fn check(&self, _: &Known) -> Result<(), Refusal> {
        let mut places = Places::default();
        self.validate(&mut places, "");
        places.finish()
    }
}

impl Definition for Group {
    const KIND: &'static str = GROUP;
    const READ: Action = Action::MemberRead;
    const WRITE: Action = Action::MemberManage;

    fn check(&self, known: &Known) -> Result<(), Refusal> {
        self.validate()?;
        let mut places = Places::default();
        for (i, id) in self.member_ids.iter().enumerate().filter(|(_, id)| !known.0.contains_key(id)) {
            places.add(format!("/member_ids/{i}"), format!("There is no member '{id}'."));
        }
        places.finish()
    }
}

impl Definition for Schedule {
    const KIND: &'static str = SCHEDULE;
    const READ: Action = Action::MemberRead;
    const WRITE: Action = Action::QueueWrite;

    fn check(&self, known: &Known) -> Result<(), Refusal> {
        let mut places = Places::default();
        self.validate(&mut places, "", |id| known.0.get(&id) == Some(&MemberState::Active));
        places.finish()
    }
}
