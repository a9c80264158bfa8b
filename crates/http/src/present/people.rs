//! How people, keys and sessions are shown, and how their words are read.

use signoff_app::identity::{AccessToken, ApiKey, Invitation, Me, Organization, Session};
use signoff_domain::{
    id::SessionId,
    member::{self, Member},
    permission,
};
use signoff_wire::people as wire;

pub(crate) fn role(role: permission::Role) -> wire::Role {
    match role {
        permission::Role::Owner => wire::Role::Owner,
        permission::Role::Admin => wire::Role::Admin,
        permission::Role::Reviewer => wire::Role::Reviewer,
        permission::Role::Auditor => wire::Role::Auditor,
    }
}

pub(crate) fn read_role(role: wire::Role) -> permission::Role {
    match role {
        wire::Role::Owner => permission::Role::Owner,
        wire::Role::Admin => permission::Role::Admin,
        wire::Role::Reviewer => permission::Role::Reviewer,
        wire::Role::Auditor => permission::Role::Auditor,
    }
}

pub(crate) fn read_state(state: wire::MemberState) -> member::MemberState {
    match state {
        wire::MemberState::Active => member::MemberState::Active,
        wire::MemberState::Disabled => member::MemberState::Disabled,
    }
}

fn scope(scope: permission::Scope) -> wire::Scope {
    use permission::Scope;
    match scope {
        Scope::TaskSubmit => wire::Scope::TaskSubmit,
        Scope::TaskRead => wire::Scope::TaskRead,
        Scope::TaskCancel => wire::Scope::TaskCancel,
        Scope::QueueRead => wire::Scope::QueueRead,
        Scope::QueueWrite => wire::Scope::QueueWrite,
        Scope::ReviewRead => wire::Scope::ReviewRead,
        Scope::EventRead => wire::Scope::EventRead,
        Scope::AuditRead => wire::Scope::AuditRead,
    }
}

pub(crate) fn read_scope(scope: wire::Scope) -> permission::Scope {
    use permission::Scope;
    match scope {
        wire::Scope::TaskSubmit => Scope::TaskSubmit,
        wire::Scope::TaskRead => Scope::TaskRead,
        wire::Scope::TaskCancel => Scope::TaskCancel,
        wire::Scope::QueueRead => Scope::QueueRead,
        wire::Scope::QueueWrite => Scope::QueueWrite,
        wire::Scope::ReviewRead => Scope::ReviewRead,
        wire::Scope::EventRead => Scope::EventRead,
        wire::Scope::AuditRead => Scope::AuditRead,
    }
}

pub(crate) fn member(member: Member) -> wire::Member {
    wire::Member {
        id: member.id.to_string(),
        email: member.email,
        name: member.name,
        role: role(member.role),
        state: match member.state {
            member::MemberState::Active => wire::MemberState::Active,
            member::MemberState::Disabled => wire::MemberState::Disabled,
        },
        created_at: member.created_at,
        last_seen_at: member.last_seen_at,
    }
}

pub(crate) fn organization(organization: Organization) -> wire::Organization {
    wire::Organization { id: organization.id.to_string(), name: organization.name, created_at: organization.created_at }
}

/// A key; `secret` only in the answer to its making.
pub(crate) fn key(key: ApiKey, secret: Option<String>) -> wire::Key {
    wire::Key {
        id: key.id.to_string(),
        name: key.name,
        prefix: key.shown,
        scopes: key.scopes.into_iter().map(scope).collect(),
        queue_keys: key.queue_keys,
        mode: if key.mode == "test" { wire::KeyMode::Test } else { wire::KeyMode::Live },
        expires_at: key.expires_at,
        last_used_at: key.last_used_at,
        created_at: key.created_at,
        revoked_at: key.revoked_at,
        key: secret,
    }
}

/// A token; `secret` only in the answer to its making.
pub(crate) fn token(token: AccessToken, secret: Option<String>) -> wire::Token {
    wire::Token {
        id: token.id.to_string(),
        name: token.name,
        prefix: token.shown,
        expires_at: token.expires_at,
        last_used_at: token.last_used_at,
        created_at: token.created_at,
        revoked_at: token.revoked_at,
        token: secret,
    }
}

/// An invitation; `link` only in the answer to its making.
pub(crate) fn invitation(invitation: Invitation, link: Option<String>) -> wire::Invitation {
    wire::Invitation {
        id: invitation.id.to_string(),
        email: invitation.email,
        role: role(invitation.role),
        expires_at: invitation.expires_at,
        created_at: invitation.created_at,
        accepted_at: invitation.accepted_at,
        link,
    }
}

pub(crate) fn session(session: Session, current: Option<SessionId>) -> wire::Session {
    wire::Session {
        current: current == Some(session.id),
        id: session.id.to_string(),
        created_at: session.created_at,
        last_seen_at: session.last_seen_at,
        expires_at: session.expires_at,
        user_agent: session.user_agent,
        address: session.address,
    }
}

pub(crate) fn me(me: Me) -> wire::Me {
    wire::Me {
        kind: if me.member.is_some() { "member" } else { "agent" }.into(),
        member: me.member.map(member),
        has_password: me.has_password,
        key: me.key.map(|shown| key(shown, None)),
        organization: organization(me.organization),
        permissions: me.permissions.into_iter().map(|action| action.as_str().into()).collect(),
    }
}
