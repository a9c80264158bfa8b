//! Cursors: where a page ends, bound to the list and its filters.

use axum::http::{HeaderMap, HeaderValue, Uri, header};
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};
use signoff_domain::{Code, Refusal};

/// The cursor parameter of a request to a list.
pub(crate) struct Cursor {
    given: Option<String>,
    filters: [u8; 8],
}

impl Cursor {
    /// Takes the cursor of a request, whose address is given as it was sent. Its filters are all other parameters but the size of the page.
    pub(crate) fn of(uri: &Uri, given: Option<String>) -> Self {
        let mut pairs: Vec<&str> = uri.query().unwrap_or_default().split('&').collect();
        pairs.retain(|pair| !pair.starts_with("cursor=") && !pair.starts_with("limit=") && !pair.is_empty());
        pairs.sort_unstable();
        let path = uri.path().strip_prefix("/v1").unwrap_or(uri.path());
        let digest = Sha256::new().chain_update(path).chain_update([0]).chain_update(pairs.join("&")).finalize();
        let mut filters = [0; 8];
        filters.copy_from_slice(&digest[..8]);
        Self { given, filters }
    }

    /// Where the page before ended.
    ///
    /// # Errors
    /// [`Code::InvalidCursor`] when it is not a cursor of this list with these filters.
    pub(crate) fn after<T: DeserializeOwned>(&self) -> Result<Option<T>, Refusal> {
        let Some(text) = &self.given else { return Ok(None) };
        let read = || {
            let bytes = URL_SAFE_NO_PAD.decode(text).ok()?;
            let (filters, key) = bytes.split_at_checked(self.filters.len())?;
            (filters == self.filters).then(|| serde_json::from_slice(key).ok()).flatten()
        };
        read().map(Some).ok_or_else(|| {
            Refusal::at(Code::InvalidCursor, "cursor", "Not a cursor of this list with these filters.")
                .hint("Start again without a cursor.")
        })
    }

    fn write(&self, key: &impl Serialize) -> String {
        let mut bytes = self.filters.to_vec();
        // The keys are small structs of numbers and text, which always serialise.
        bytes.extend(serde_json::to_vec(key).unwrap_or_default());
        URL_SAFE_NO_PAD.encode(bytes)
    }
}

/// Cuts the row that was read beyond the page, and makes the headers that lead to the next one.
pub(crate) fn page<T, K: Serialize>(rows: &mut Vec<T>, limit: i64, uri: &Uri, cursor: &Cursor, key: impl Fn(&T) -> K) -> HeaderMap {
    let mut headers = HeaderMap::new();
    let limit = usize::try_from(limit).unwrap_or(usize::MAX);
    if rows.len() <= limit {
        return headers;
    }
    rows.truncate(limit);
    let Some(last) = rows.last() else { return headers };
    let next = cursor.write(&key(last));
    let mut query: Vec<&str> =
        uri.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("cursor=")).collect();
    let pair = format!("cursor={next}");
    query.push(&pair);
    let link = format!("<{}?{}>; rel=\"next\"", uri.path(), query.join("&"));
    // Both are made of characters that were in the request's own address, or of base64.
    if let (Ok(next), Ok(link)) = (HeaderValue::from_str(&next), HeaderValue::from_str(&link)) {
        headers.insert("x-next-cursor", next);
        headers.insert(header::LINK, link);
    }
    headers
}
