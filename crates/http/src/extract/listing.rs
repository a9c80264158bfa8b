//! Lists without filters: `limit` and `cursor`, and nothing else.

use axum::{
    Json,
    extract::{FromRequestParts, OriginalUri},
    http::{HeaderMap, Uri, request::Parts},
};
use serde::{Serialize, de::DeserializeOwned};
use signoff_domain::Timestamp;

use super::{Cursor, Params, page};
use crate::problem::Answer;

/// Which page of a list is asked for. `K` is the id of its rows; their order is by creation and id.
pub(crate) struct Listing<K> {
    /// After which row.
    pub(crate) after: Option<(Timestamp, K)>,
    limit: i64,
    uri: Uri,
    cursor: Cursor,
}

impl<K: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Listing<K> {
    type Rejection = Answer;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Answer> {
        let mut params = Params::from_request_parts(parts, state).await?;
        let OriginalUri(uri) = OriginalUri::from_request_parts(parts, state).await.unwrap_or_else(|never| match never {});
        let (limit, cursor) = (params.limit(), Cursor::of(&uri, params.text("cursor")));
        params.finish()?;
        Ok(Self { after: cursor.after()?, limit, uri, cursor })
    }
}

impl<K: Serialize> Listing<K> {
    /// How many rows to read: one beyond the page, which tells whether there is another.
    pub(crate) fn limit(&self) -> i64 {
        self.limit + 1
    }

    /// The page as it is answered.
    pub(crate) fn answer<T, W>(
        &self,
        mut rows: Vec<T>,
        key: impl Fn(&T) -> (Timestamp, K),
        show: impl Fn(T) -> W,
    ) -> (HeaderMap, Json<Vec<W>>) {
        let headers = page(&mut rows, self.limit, &self.uri, &self.cursor, key);
        (headers, Json(rows.into_iter().map(show).collect()))
    }
}
