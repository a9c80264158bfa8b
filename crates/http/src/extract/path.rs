//! Ids in paths, parameters and bodies. An id that is not well-formed belongs to nothing that is there.

use std::{fmt::Display, str::FromStr};

use axum::{
    extract::{FromRequestParts, Path},
    http::request::Parts,
};
use signoff_domain::{Refusal, id::Id};

use crate::problem::Answer;

/// The id in the path.
pub(crate) struct PathId<T>(pub(crate) T);

impl<T: Id + FromStr, S: Send + Sync> FromRequestParts<S> for PathId<T> {
    type Rejection = Answer;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Answer> {
        let Path(text) =
            Path::<String>::from_request_parts(parts, state).await.map_err(|_| Refusal::not_found("path", parts.uri.path()))?;
        let what = match T::PREFIX {
            "mem" => "member",
            "pat" => "token",
            "ses" => "session",
            "inv" => "invitation",
            "rev" => "review",
            "abs" => "absence",
            "dlg" => "delegation",
            prefix => prefix,
        };
        text.parse().map(Self).map_err(|_| Refusal::not_found(what, text).into())
    }
}

/// An id in a body or parameter.
///
/// # Errors
/// A validation error that names the place.
pub(crate) fn parse_id<T: FromStr<Err: Display>>(pointer: &str, text: &str) -> Result<T, Refusal> {
    text.parse().map_err(|error: T::Err| Refusal::invalid(pointer, format!("Not the id that belongs here: {error}.")))
}

/// An id in a body or parameter, if it is given.
///
/// # Errors
/// As [`parse_id`].
pub(crate) fn parse_id_opt<T: FromStr<Err: Display>>(pointer: &str, text: Option<&str>) -> Result<Option<T>, Refusal> {
    text.map(|text| parse_id(pointer, text)).transpose()
}
