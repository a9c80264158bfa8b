//! How requests are read: who asks, the body, parameters, ids in the path, preconditions.

mod body;
mod caller;
mod cursor;
mod exact;
mod headers;
mod listing;
mod params;
mod path;

pub(crate) use body::{Body, OptionalBody, typed};
pub(crate) use caller::{CallerOf, SessionCookie, check_origin};
pub(crate) use cursor::{Cursor, page};
pub(crate) use headers::{IdempotencyHeader, Once, RevisionHeader, if_match, require_if_match};
pub(crate) use listing::Listing;
pub(crate) use params::Params;
pub(crate) use path::{PathId, parse_id, parse_id_opt};
