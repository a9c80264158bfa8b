//! Why something may not happen: a closed set of coded refusals, each with a page under `docs/problems/`.

use serde::Serialize;

/// What kind of refusal it is, and so its HTTP status.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// 400: the request is not what it has to be.
    Invalid,
    /// 401: nobody is known by these credentials.
    Unauthenticated,
    /// 403: known, but not allowed.
    Forbidden,
    /// 404: not there, or not visible.
    NotFound,
    /// 405: the path does not take this method.
    Method,
    /// 409: the state of things does not allow it now.
    Conflict,
    /// 413: too large.
    TooLarge,
    /// 415: not JSON.
    MediaType,
    /// 422: understood, and contradicts what was said before.
    Mismatch,
    /// 428: a precondition has to be sent.
    Precondition,
    /// 429: too often.
    Limit,
    /// 503: not now.
    Unavailable,
}

macro_rules! codes {
    ($($(#[$doc:meta])* $name:ident = $code:literal, $kind:ident, $title:literal;)*) => {
        /// The code of a refusal.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum Code { $($(#[$doc])* $name),* }

        impl Code {
            /// Every code.
            pub const ALL: &'static [Self] = &[$(Self::$name),*];

            /// The code as it is written.
            #[must_use]
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $code),* }
            }

            /// What kind of refusal it is.
            #[must_use]
            pub fn kind(self) -> Kind {
                match self { $(Self::$name => Kind::$kind),* }
            }

            /// The title of its page.
            #[must_use]
            pub fn title(self) -> &'static str {
                match self { $(Self::$name => $title),* }
            }
        }
    };
}

codes! {
    /// The body is not JSON, or breaks a rule that holds for every body.
    MalformedBody = "malformed_body", Invalid, "Malformed body";
    /// A member or parameter is missing, unknown, or has a value that it cannot have.
    ValidationError = "validation_error", Invalid, "Invalid request";
    /// `data` does not fit the queue's schema.
    SchemaMismatch = "schema_mismatch", Invalid, "Content does not fit the schema";
    /// The result names an option that the queue or task does not have.
    UnknownOption = "unknown_option", Invalid, "Unknown option";
    /// More was selected than allowed.
    TooManySelections = "too_many_selections", Invalid, "Too many selections";
    /// Nothing was selected where something has to be.
    ResultRequired = "result_required", Invalid, "A result is required";
    /// The queue asks for feedback here.
    FeedbackRequired = "feedback_required", Invalid, "Feedback is required";
    /// Edits came along where the queue allows none.
    EditsNotAllowed = "edits_not_allowed", Invalid, "Edits are not allowed";
    /// The cursor is not one of this list with these filters.
    InvalidCursor = "invalid_cursor", Invalid, "Invalid cursor";
    /// No credentials, or none that are known.
    AuthenticationError = "authentication_error", Unauthenticated, "Not authenticated";
    /// E-mail and password do not fit together.
    LoginFailed = "login_failed", Unauthenticated, "Login failed";
    /// The role or scopes do not allow it.
    PermissionDenied = "permission_denied", Forbidden, "Not allowed";
    /// The request came from another site.
    CrossSiteRequest = "cross_site_request", Forbidden, "Cross-site request";
    /// The member may not review in this queue.
    NotAReviewer = "not_a_reviewer", Forbidden, "Not a reviewer of this queue";
    /// There is no such thing.
    NotFound = "not_found", NotFound, "Not found";
    /// The path does not take this method.
    MethodNotAllowed = "method_not_allowed", Method, "Method not allowed";
    /// The state of the task does not allow it.
    IllegalTransition = "illegal_transition", Conflict, "Not possible in this state";
    /// The task was decided before.
    AlreadyDecided = "already_decided", Conflict, "Already decided";
    /// The task has a newer revision.
    StaleRevision = "stale_revision", Conflict, "Stale revision";
    /// Another reviewer holds the task.
    TaskLeased = "task_leased", Conflict, "Held by another reviewer";
    /// The task is assigned to another reviewer.
    TaskAssigned = "task_assigned", Conflict, "Assigned to another reviewer";
    /// The reviewer has given their review at this stage.
    AlreadyReviewed = "already_reviewed", Conflict, "Already reviewed";
    /// Who submitted a task or reviewed an earlier stage may not review it.
    SeparationOfDuties = "separation_of_duties", Forbidden, "Separation of duties";
    /// The task is not offered to the reviewer, or the offer has ended.
    OfferEnded = "offer_ended", Conflict, "Offer ended";
    /// The lease ran out and was taken or given back.
    LeaseLost = "lease_lost", Conflict, "Lease lost";
    /// The queue takes no new tasks.
    QueueDeleted = "queue_deleted", Conflict, "Queue deleted";
    /// Something else names it.
    InUse = "in_use", Conflict, "In use";
    /// The name is taken.
    AlreadyExists = "already_exists", Conflict, "Already exists";
    /// The queue has a task of this external id, with other content.
    ExternalIdReused = "external_id_reused", Conflict, "External id used before";
    /// An organization needs an owner.
    LastOwner = "last_owner", Conflict, "Last owner";
    /// The link was used, or its time is over.
    LinkExpired = "link_expired", Conflict, "Link used or expired";
    /// The body is over its limit.
    BodyTooLarge = "body_too_large", TooLarge, "Body too large";
    /// The content type is not JSON.
    UnsupportedMediaType = "unsupported_media_type", MediaType, "Unsupported media type";
    /// The idempotency key was used with another request.
    IdempotencyMismatch = "idempotency_mismatch", Mismatch, "Idempotency key used before";
    /// `If-Match` has to be sent.
    RevisionRequired = "revision_required", Precondition, "Revision required";
    /// Too many requests.
    RateLimited = "rate_limited", Limit, "Too many requests";
    /// The server has more work than it takes on.
    Overloaded = "overloaded", Unavailable, "Overloaded";
    /// Something in the server is broken; what was asked is not known to have happened.
    Fault = "fault", Unavailable, "Server fault";
}

/// One wrong place in a request.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// RFC 6901 pointer into the body, or the name of a parameter or header.
    pub pointer: String,
    /// What is wrong with it.
    pub message: String,
}

/// A refusal, with all that the caller needs to do better.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{detail}")]
pub struct Refusal {
    /// Which rule refused.
    pub code: Code,
    /// What is wrong, in one sentence.
    pub detail: String,
    /// What to do about it.
    pub hint: Option<String>,
    /// The wrong places.
    pub places: Vec<Place>,
    /// The id or key of the thing that was not found.
    pub entity: Option<String>,
    /// After how many seconds it may be tried again.
    pub retry_after: Option<u32>,
}

impl Refusal {
    /// A refusal of this code.
    pub fn new(code: Code, detail: impl Into<String>) -> Self {
        Self { code, detail: detail.into(), hint: None, places: Vec::new(), entity: None, retry_after: None }
    }

    /// A refusal that names the place in the body that is wrong.
    pub fn at(code: Code, pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        let detail = detail.into();
        let place = Place { pointer: pointer.into(), message: detail.clone() };
        Self { places: vec![place], ..Self::new(code, detail) }
    }

    /// A place in the body has a value that it cannot have.
    pub fn invalid(pointer: impl Into<String>, detail: impl Into<String>) -> Self {
        Self::at(Code::ValidationError, pointer, detail)
    }

    /// There is no such thing, or it is not visible.
    pub fn not_found(what: &str, entity: impl ToString) -> Self {
        let entity = entity.to_string();
        Self { entity: Some(entity.clone()), ..Self::new(Code::NotFound, format!("There is no {what} '{entity}'.")) }
    }

    /// The same, with advice.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The same, with all places moved below `prefix`.
    #[must_use]
    pub fn below(mut self, prefix: &str) -> Self {
        for place in &mut self.places {
            place.pointer.insert_str(0, prefix);
        }
        self
    }
}

/// Collects the wrong places of a request, so that all are named at once.
#[derive(Debug, Default)]
pub struct Places(Vec<Place>);

impl Places {
    /// Notes a wrong place.
    pub fn add(&mut self, pointer: impl Into<String>, message: impl Into<String>) {
        self.0.push(Place { pointer: pointer.into(), message: message.into() });
    }

    /// Notes a wrong place unless `holds`.
    pub fn require(&mut self, holds: bool, pointer: &str, message: &str) {
        if !holds {
            self.add(pointer, message);
        }
    }

    /// # Errors
    /// A validation error that names all places, when there are any.
    pub fn finish(self) -> Result<(), Refusal> {
        let Some(first) = self.0.first() else { return Ok(()) };
        let detail = if self.0.len() == 1 { first.message.clone() } else { format!("{} (and {} more)", first.message, self.0.len() - 1) };
        Err(Refusal { places: self.0, ..Refusal::new(Code::ValidationError, detail) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn every_code_is_written_once() {
        let written: HashSet<_> = Code::ALL.iter().map(|code| code.as_str()).collect();
        assert_eq!(written.len(), Code::ALL.len());
    }
}
