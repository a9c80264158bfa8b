//! Personal access tokens: what a person's own programs act as them with.

use signoff_domain::{
    Code, Moment, Refusal, Timestamp,
    credential::{self, CredentialKind, fingerprint},
    event::{Event, EventType},
    id::{MemberId, TokenId},
    member::MemberState,
    permission::Action,
    refusal::Places,
    text::{self, Limit},
};
use signoff_store::{
    Command, Error, Query, Tx,
    credentials::{self, AccessToken},
    members,
};

use super::keys::expiry;
use crate::{Caller, Principal, caller::detail};

/// Makes a token for oneself, in a console session: a token makes no other, so that revoking it is the end of it. The operator makes one for anybody.
pub struct CreateToken {
    /// Who.
    pub caller: Caller,
    /// For whom, when it is the operator who makes it.
    pub member: Option<MemberId>,
    /// When.
    pub moment: Moment,
    /// What it is called.
    pub name: String,
    /// After how many days it ends; never when left out.
    pub expires_in_days: Option<i64>,
    /// Fresh random bytes that the token is made from.
    pub random: [u8; 32],
}

impl Command for CreateToken {
    type Out = (AccessToken, String);

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(AccessToken, String), Error> {
        self.caller.require(Action::SelfManage)?;
        let member_id = self.whose(tx).await?;
        let mut places = Places::default();
        text::check(&mut places, "/name", &self.name, Limit::line(1, 120));
        let expires_at = expiry(&mut places, self.expires_in_days, self.moment.now);
        places.finish()?;
        let secret = credential::write(CredentialKind::Token, &self.random);
        let mut ids = self.moment.ids();
        let token = AccessToken {
            id: ids.draw(),
            organization_id: self.caller.organization_id,
            member_id,
            name: self.name.clone(),
            shown: credential::shown(&secret),
            created_at: self.moment.now,
            expires_at,
            last_used_at: None,
            revoked_at: None,
        };
        credentials::add_token(tx, &token, &fingerprint(&secret)).await?;
        let event = self.caller.event(EventType::TokenCreated, &mut ids, self.moment.now);
        tx.record([Event { detail: detail! { "token_id": token.id, "member_id": member_id }, ..event }]);
        Ok((token, secret))
    }
}

impl CreateToken {
    async fn whose(&self, tx: &mut Tx<'_>) -> Result<MemberId, Error> {
        match (&self.caller.principal, self.member) {
            (Principal::Operator, Some(id)) => {
                let member = members::get(tx, self.caller.organization_id, id).await?.filter(|member| member.state == MemberState::Active);
                Ok(member.ok_or_else(|| Refusal::not_found("active member", id))?.id)
            }
            (Principal::Member { session: None, .. }, _) => {
                Err(Refusal::new(Code::PermissionDenied, "An access token makes no other.").hint("Make it in the console.").into())
            }
            _ => Ok(self.caller.member()?.0),
        }
    }
}

/// A page of my tokens, newest first, the revoked ones among them.
pub struct ListTokens {
    /// Who asks.
    pub caller: Caller,
    /// After which one.
    pub after: Option<(Timestamp, TokenId)>,
    /// How many at the most.
    pub limit: i64,
}

impl Query for ListTokens {
    type Out = Vec<AccessToken>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<AccessToken>, Error> {
        self.caller.require(Action::SelfManage)?;
        credentials::tokens(tx, self.caller.member()?.0, self.after, self.limit).await
    }
}

/// Ends one of my tokens, within a second on every replica.
pub struct RevokeToken {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Which.
    pub id: TokenId,
}

impl Command for RevokeToken {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        self.caller.require(Action::SelfManage)?;
        let token = credentials::token(tx, self.caller.member()?.0, self.id).await?.ok_or_else(|| Refusal::not_found("token", self.id))?;
        if credentials::revoke_token(tx, token.id, self.moment.now).await? {
            let event = self.caller.event(EventType::TokenRevoked, &mut self.moment.ids(), self.moment.now);
            tx.record([Event { detail: detail! { "token_id": token.id }, ..event }]);
        }
        Ok(())
    }
}
