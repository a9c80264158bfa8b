//! Console sessions: opened by a login, listed and ended by their member.

use jiff::SignedDuration;
use signoff_domain::{
    Moment, Refusal, Timestamp,
    actor::Method,
    credential::fingerprint,
    event::{Channel, Event, EventType},
    id::SessionId,
    member::Member,
    moment::Ids,
    permission::Action,
};
use signoff_store::{
    Command, Error, Query, Tx, members,
    sessions::{self, Session},
};

use super::Origin;
use crate::{Caller, Principal, caller::detail};

/// A session that is not used ends after so long.
const IDLE: SignedDuration = SignedDuration::from_mins(30);
/// A session ends after so long in any case.
const LONGEST: SignedDuration = SignedDuration::from_hours(12);

/// A session that was opened, and who opened it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenedSession {
    /// The session.
    pub session: Session,
    /// The member, as a caller.
    pub caller: Caller,
}

/// Opens a session for a member and records it.
pub(super) async fn open(
    tx: &mut Tx<'_>,
    member: &Member,
    secret: &str,
    origin: &Origin,
    method: Method,
    moment: &Moment,
    ids: &mut Ids,
) -> Result<OpenedSession, Error> {
    let now = moment.now;
    let session = Session {
        id: ids.draw(),
        organization_id: member.organization_id,
        member_id: member.id,
        created_at: now,
        last_seen_at: now,
        expires_at: now.checked_add(LONGEST).unwrap_or(Timestamp::MAX),
        ended_at: None,
        user_agent: origin.user_agent.as_ref().map(|agent| agent.chars().filter(|letter| !letter.is_control()).take(200).collect()),
        address: origin.address.clone(),
    };
    sessions::insert(tx, &session, &fingerprint(secret)).await?;
    members::seen(tx, member.id, now).await?;
    let principal =
        Principal::Member { id: member.id, name: member.name.clone(), role: member.role, method, session: Some(session.id), token: None };
    let caller = Caller { organization_id: member.organization_id, principal, channel: Channel::Console };
    let event = caller.event(EventType::SessionCreated, ids, now);
    tx.record([Event { detail: detail! { "session_id": session.id }, ..event }]);
    Ok(OpenedSession { session, caller })
}

/// Whether a session can be used: neither ended nor idle nor at its end.
pub(super) fn is_open(session: &Session, now: Timestamp) -> bool {
    session.ended_at.is_none() && now < session.expires_at && now.duration_since(session.last_seen_at) < IDLE
}

/// A page of my sessions that are open, newest first.
pub struct ListSessions {
    /// Who asks.
    pub caller: Caller,
    /// When.
    pub now: Timestamp,
    /// After which one.
    pub after: Option<(Timestamp, SessionId)>,
    /// How many at the most.
    pub limit: i64,
}

impl Query for ListSessions {
    type Out = Vec<Session>;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Vec<Session>, Error> {
        self.caller.require(Action::SelfManage)?;
        let seen_after = self.now.checked_sub(IDLE).unwrap_or(Timestamp::MIN);
        sessions::list(tx, self.caller.member()?.0, self.now, seen_after, self.after, self.limit).await
    }
}

/// Ends one of my sessions.
pub struct EndSession {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Which.
    pub id: SessionId,
}

impl Command for EndSession {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        self.caller.require(Action::SelfManage)?;
        let now = self.moment.now;
        let session = sessions::get(tx, self.caller.member()?.0, self.id).await?;
        let session = session.ok_or_else(|| Refusal::not_found("session", self.id))?;
        if sessions::end(tx, session.id, now).await? {
            let event = self.caller.event(EventType::SessionEnded, &mut self.moment.ids(), now);
            tx.record([Event { detail: detail! { "session_id": session.id }, ..event }]);
        }
        Ok(())
    }
}
