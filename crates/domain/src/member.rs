//! People with a login.

use serde::{Deserialize, Serialize};

use crate::{
    Code, Refusal, Timestamp,
    id::{MemberId, OrganizationId},
    permission::{Action, Role},
    queue::Queue,
    text::Limit,
};

/// Whether a member can log in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MemberState {
    /// Can.
    Active,
    /// Cannot: sessions and tokens end at once.
    Disabled,
}

impl MemberState {
    /// The state as it is written.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Disabled => "disabled",
        }
    }
}

/// A person with a login.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    /// Their id.
    pub id: MemberId,
    /// The tenant.
    pub organization_id: OrganizationId,
    /// Where they are written to, and what they log in with.
    pub email: String,
    /// What they are called.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Whether they can log in.
    pub state: MemberState,
    /// Since when they are a member.
    pub created_at: Timestamp,
    /// When they last did something, to about a minute.
    pub last_seen_at: Option<Timestamp>,
}

impl Member {
    /// Whether they may review at all: in which queues is for these to say.
    #[must_use]
    pub fn may_review(&self) -> bool {
        self.state == MemberState::Active && Action::TaskReview.is_allowed_to(self.role)
    }
}

/// Whether a task of `queue` can be assigned to `member`, as far as there is one.
///
/// # Errors
/// [`Code::ValidationError`] unless it is an active reviewer of the queue.
pub fn check_assignee(member: Option<&Member>, queue: &Queue) -> Result<(), Refusal> {
    if member.is_some_and(|member| member.may_review() && queue.config.lets_review(member.id)) {
        return Ok(());
    }
    Err(Refusal::invalid("/assignee_id", "Not an active reviewer of this queue."))
}

/// Shortest password, in characters (NIST SP 800-63B-4 §3.1.1.2).
pub const SHORTEST_PASSWORD: usize = 15;

/// # Errors
/// [`Code::ValidationError`] unless it has 15 to 256 characters.
pub fn check_password(pointer: &str, password: &str) -> Result<(), Refusal> {
    let length = password.chars().count();
    if (SHORTEST_PASSWORD..=256).contains(&length) {
        return Ok(());
    }
    Err(Refusal::invalid(pointer, format!("A password has {SHORTEST_PASSWORD} to 256 characters."))
        .hint("Several words make a good password."))
}

/// The e-mail address in the form in which it is compared.
///
/// # Errors
/// [`Code::ValidationError`] unless it looks like an address.
pub fn parse_email(pointer: &str, email: &str) -> Result<String, Refusal> {
    let email = email.trim();
    let shaped = email.split_once('@').is_some_and(|(local, host)| {
        !local.is_empty() && !host.is_empty() && !host.contains('@') && !host.starts_with('.') && !host.ends_with('.')
    });
    if shaped && !email.contains(char::is_whitespace) && Limit::line(3, 254).problem(email).is_none() {
        return Ok(email.to_lowercase());
    }
    Err(Refusal::invalid(pointer, "Must be an e-mail address."))
}

/// # Errors
/// [`Code::ValidationError`] unless the name is one line of 1 to 120 characters.
pub fn check_name(pointer: &str, name: &str) -> Result<(), Refusal> {
    match Limit::line(1, 120).problem(name) {
        Some(problem) => Err(Refusal::invalid(pointer, problem)),
        None if name.trim().is_empty() => Err(Refusal::invalid(pointer, "Must not be empty.")),
        None => Ok(()),
    }
}

/// A change to a member by an administrator.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MemberChange {
    /// A new name.
    pub name: Option<String>,
    /// A new role.
    pub role: Option<Role>,
    /// A new state.
    pub state: Option<MemberState>,
}

/// Decides what a member is after a change by somebody with the role `by`. `other_owners` counts the other active owners.
///
/// # Errors
/// [`Code::LastOwner`], [`Code::PermissionDenied`] when others than owners touch ownership, [`Code::ValidationError`] for the name.
pub fn change(member: &Member, change: &MemberChange, by: Role, other_owners: i64) -> Result<Member, Refusal> {
    let changed = Member {
        name: change.name.clone().unwrap_or_else(|| member.name.clone()),
        role: change.role.unwrap_or(member.role),
        state: change.state.unwrap_or(member.state),
        ..member.clone()
    };
    check_name("/name", &changed.name)?;
    let touches_ownership =
        (member.role == Role::Owner || changed.role == Role::Owner) && (member.role != changed.role || member.state != changed.state);
    if touches_ownership && by != Role::Owner {
        return Err(Refusal::new(Code::PermissionDenied, "Only an owner can change who owns the organization."));
    }
    let was = member.role == Role::Owner && member.state == MemberState::Active;
    let is = changed.role == Role::Owner && changed.state == MemberState::Active;
    if was && !is && other_owners == 0 {
        return Err(Refusal::new(Code::LastOwner, "An organization needs an active owner.").hint("Make another member an owner first."));
    }
    Ok(changed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn member(role: Role) -> Member {
        Member {
            id: MemberId(Uuid::from_u128(1)),
            organization_id: OrganizationId(Uuid::from_u128(2)),
            email: "ann@example.com".into(),
            name: "Ann".into(),
            role,
            state: MemberState::Active,
            created_at: Timestamp::UNIX_EPOCH,
            last_seen_at: None,
        }
    }

    #[test]
    fn the_last_owner_stays() {
        let demote = MemberChange { role: Some(Role::Admin), ..MemberChange::default() };
        let disable = MemberChange { state: Some(MemberState::Disabled), ..MemberChange::default() };
        for change_to in [&demote, &disable] {
            assert_eq!(change(&member(Role::Owner), change_to, Role::Owner, 0).unwrap_err().code, Code::LastOwner);
            assert!(change(&member(Role::Owner), change_to, Role::Owner, 1).is_ok());
        }
    }

    #[test]
    fn an_administrator_cannot_make_or_unmake_owners() {
        let promote = MemberChange { role: Some(Role::Owner), ..MemberChange::default() };
        assert_eq!(change(&member(Role::Admin), &promote, Role::Admin, 1).unwrap_err().code, Code::PermissionDenied);
        let disable = MemberChange { state: Some(MemberState::Disabled), ..MemberChange::default() };
        assert_eq!(change(&member(Role::Owner), &disable, Role::Admin, 1).unwrap_err().code, Code::PermissionDenied);
        let rename = MemberChange { name: Some("Anna".into()), ..MemberChange::default() };
        assert!(change(&member(Role::Owner), &rename, Role::Admin, 0).is_ok());
    }

    #[test]
    fn addresses_are_compared_without_case() {
        assert_eq!(parse_email("/email", " Ann@Example.COM ").unwrap(), "ann@example.com");
        for bad in ["", "ann", "@example.com", "a@", "a@b@c", "a b@c.d", "a@.b"] {
            assert!(parse_email("/email", bad).is_err(), "{bad}");
        }
    }
}
