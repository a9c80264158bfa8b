//! Who I am.

use signoff_domain::{Refusal, member::Member, permission::Action};
use signoff_store::{
    Error, Query, Tx,
    credentials::{self, ApiKey},
    members,
    organizations::{self, Organization},
};

use crate::{Caller, Principal};

/// Who is asking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Me {
    /// The member, when it is a person.
    pub member: Option<Member>,
    /// Whether the member has a password.
    pub has_password: bool,
    /// The key, when it is a program.
    pub key: Option<ApiKey>,
    /// The organization.
    pub organization: Organization,
    /// What they may do.
    pub permissions: Vec<Action>,
}

/// Who is asking.
pub struct GetMe {
    /// Who asks.
    pub caller: Caller,
}

impl Query for GetMe {
    type Out = Me;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Me, Error> {
        let organization_id = self.caller.organization_id;
        let organization =
            organizations::get(tx, organization_id).await?.ok_or_else(|| Refusal::not_found("organization", organization_id))?;
        let permissions = Action::ALL.iter().copied().filter(|action| self.caller.may(*action)).collect();
        let (mut member, mut key, mut has_password) = (None, None, false);
        match &self.caller.principal {
            Principal::Member { id, .. } => {
                member = members::get(tx, organization_id, *id).await?;
                has_password = members::password_hash(tx, *id).await?.is_some();
            }
            Principal::Agent { key: id, .. } => key = credentials::key(tx, organization_id, *id).await?,
            Principal::Operator | Principal::Rule => {}
        }
        Ok(Me { member, has_password, key, organization, permissions })
    }
}
