//! Organizations: making one, with its first owner and its log.

use signoff_domain::{
    Moment, Refusal,
    event::{Event, EventType},
    member::{Member, MemberState, check_name, parse_email},
    permission::{Action, Role},
};
use signoff_store::{
    Command, Error, Query, Tx,
    log::{self, LogKey},
    members,
    organizations::{self, Organization},
};

use super::links::make_link;
use crate::{Caller, caller::detail};

/// Makes an organization with an owner who has no password yet; a one-time link logs them in.
pub struct CreateOrganization {
    /// When.
    pub moment: Moment,
    /// What it is called.
    pub name: String,
    /// The first owner's address.
    pub email: String,
    /// The first owner's name.
    pub owner: String,
    /// The host that the log's origin is named after.
    pub host: String,
    /// The seed of the key that signs the log: fresh random bytes.
    pub log_seed: [u8; 32],
    /// The login link's secret.
    pub secret: String,
    /// Only when there is no organization at all.
    pub only_first: bool,
}

/// An organization that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Created {
    /// The organization.
    pub organization: Organization,
    /// Its owner.
    pub owner: Member,
}

impl Command for CreateOrganization {
    type Out = Option<Created>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Option<Created>, Error> {
        if self.only_first && organizations::any(tx).await? {
            return Ok(None);
        }
        check_name("/name", &self.name)?;
        check_name("/owner", &self.owner)?;
        let email = parse_email("/email", &self.email)?;
        let now = self.moment.now;
        let mut ids = self.moment.ids();
        let organization = Organization { id: ids.draw(), name: self.name.clone(), created_at: now };
        organizations::insert(tx, &organization).await?;
        let key = LogKey { name: format!("{}/log/{}", self.host, organization.id), seed: self.log_seed };
        log::start(tx, organization.id, &key, now).await?;
        let owner = Member {
            id: ids.draw(),
            organization_id: organization.id,
            email,
            name: self.owner.clone(),
            role: Role::Owner,
            state: MemberState::Active,
            created_at: now,
            last_seen_at: None,
        };
        members::insert(tx, &owner, None).await?;
        let caller = Caller::operator(organization.id);
        let made = caller.event(EventType::OrganizationCreated, &mut ids, now);
        let joined = caller.event(EventType::MemberJoined, &mut ids, now);
        let detail = detail! { "member_id": owner.id, "role": "owner" };
        tx.record([made, Event { detail, ..joined }]);
        make_link(tx, &caller, &owner, &self.secret, &self.moment, &mut ids).await?;
        Ok(Some(Created { organization, owner }))
    }
}

/// All organizations; for the operator.
pub struct ListOrganizations;

impl Query for ListOrganizations {
    type Out = Vec<Organization>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Organization>, Error> {
        organizations::all(tx).await
    }
}

/// The caller's organization.
pub struct GetOrganization {
    /// Who asks.
    pub caller: Caller,
}

impl Query for GetOrganization {
    type Out = Organization;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Organization, Error> {
        let id = self.caller.organization_id;
        organizations::get(tx, id).await?.ok_or_else(|| Refusal::not_found("organization", id).into())
    }
}

/// The member of an address; for the operator.
pub struct FindMember {
    /// Who asks.
    pub caller: Caller,
    /// The address.
    pub email: String,
}

impl Query for FindMember {
    type Out = Member;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Member, Error> {
        self.caller.require(Action::MemberManage)?;
        let member = members::by_email(tx, self.caller.organization_id, &parse_email("/email", &self.email)?).await?;
        member.ok_or_else(|| Refusal::not_found("member", &self.email).into())
    }
}
