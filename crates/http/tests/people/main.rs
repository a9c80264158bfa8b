//! People and keys over HTTP, on both engines: logins, sessions, links, invitations, members, access tokens, API keys.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]

mod access;
mod input;
mod invitation;
mod key;
mod kit;
mod login;
mod me;
mod member;
mod session;
mod token;
