//! Use cases of identity: who somebody is, and how they prove it.
//!
//! Secrets are made at the edge from fresh random bytes, shown once, and kept as their SHA-256. Nothing secret and no address enters the event log.

mod accept;
mod attempts;
mod authenticate;
mod change_me;
mod invitations;
mod keys;
mod known;
mod links;
mod login;
mod me;
mod members;
mod organization;
mod password;
mod sessions;
mod tokens;
mod uses;
mod welcome;

pub(crate) use attempts::sweep_tries;
pub use change_me::SelfChange;
pub use invitations::{CreateInvitation, ListInvitations, RevokeInvitation};
pub(crate) use invitations::{has_open_invitation, invite};
pub use keys::{CreateKey, ListKeys, RevokeKey};
pub use known::Identities;
pub use links::{LoginLinkFor, UseLoginLink};
pub use login::Origin;
pub use me::{GetMe, Me};
pub(crate) use members::change_member;
pub use members::{ChangeMember, GetMember, ListMembers};
pub use organization::{CreateOrganization, Created, FindMember, GetOrganization, ListOrganizations};
pub use sessions::{EndSession, ListSessions, OpenedSession};
pub use signoff_store::{
    credentials::{AccessToken, ApiKey},
    invitations::Invitation,
    organizations::Organization,
    sessions::Session,
};
pub use tokens::{CreateToken, ListTokens, RevokeToken};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};

use crate::App;

impl App {
    /// A secret of 256 bits, for links and sessions.
    #[must_use]
    pub fn secret(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.random())
    }
}
