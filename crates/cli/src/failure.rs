//! What is in a command's way, as people and programs are told.

use std::{error::Error as _, fmt::Write as _, io::Write as _, process::ExitCode};

use serde_json::json;
use signoff_client::Error;
use signoff_wire::problem::Problem;

use crate::{
    output::{Output, escaped},
    visible,
};

/// Why a command cannot do what it was told.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The server refused, or could not be asked.
    #[error(transparent)]
    Api(#[from] Error),
    /// No key or token was given.
    #[error("no credential: this command asks a server, and needs to say as whom")]
    NoCredential,
    /// What was given cannot be used.
    #[error("{what}")]
    Input {
        /// What is wrong with what.
        what: String,
        /// What to do about it.
        hint: Option<String>,
    },
    /// A file or the terminal cannot be read or written.
    #[error("{what}")]
    File {
        /// What was tried.
        what: String,
        /// What went wrong.
        #[source]
        source: std::io::Error,
    },
    /// The output cannot be written.
    #[error("the output cannot be written")]
    Output(#[from] std::io::Error),
}

impl Failure {
    pub(crate) fn input(what: impl Into<String>) -> Self {
        Self::Input { what: what.into(), hint: None }
    }

    pub(crate) fn hint(self, hint: impl Into<String>) -> Self {
        match self {
            Self::Input { what, .. } => Self::Input { what, hint: Some(hint.into()) },
            other => other,
        }
    }

    fn hint_text(&self) -> Option<String> {
        match self {
            Self::Api(Error::Problem(problem)) if problem.code == "authentication_error" => {
                Some("The token or key is not known to this server. `signoff member token` prints a new one on the server's machine.".into())
            }
            Self::Api(Error::Problem(problem)) => problem.hint.clone(),
            Self::Api(Error::Network { .. }) => {
                Some("Is the server running (`signoff serve`)? Name another with --url or SIGNOFF_URL.".into())
            }
            Self::Api(Error::Foreign { .. }) => Some("Name the server with --url or SIGNOFF_URL, without a path.".into()),
            Self::NoCredential => Some(
                "Set SIGNOFF_TOKEN to a person's access token (`signoff member token`, or the console) or SIGNOFF_API_KEY to an agent's key.".into(),
            ),
            Self::Input { hint, .. } => hint.clone(),
            _ => None,
        }
    }

    /// What went wrong and what lies at the bottom of it, in one line.
    fn whole(&self) -> String {
        let mut root = self.source();
        while let Some(deeper) = root.and_then(|cause| cause.source()) {
            root = Some(deeper);
        }
        root.map_or_else(|| self.to_string(), |root| format!("{self}: {root}"))
    }

    fn as_text(&self) -> String {
        let mut text = format!("error: {}", visible::line(&self.whole()));
        let problem = match self {
            Self::Api(error) => error.problem(),
            _ => None,
        };
        if let Some(problem) = problem {
            places(problem, &mut text);
        }
        if let Some(hint) = self.hint_text() {
            let _ = write!(text, "\nhint: {}", visible::line(&hint));
        }
        if let Some(Problem { code, request_id, .. }) = problem {
            let _ = write!(text, "\n({} · {})", visible::line(code), visible::line(request_id));
        }
        text
    }

    fn as_json(&self) -> serde_json::Value {
        match self {
            Self::Api(Error::Problem(problem)) => json!({ "error": problem }),
            other => json!({ "error": { "code": null, "detail": other.whole(), "hint": other.hint_text() } }),
        }
    }
}

/// The wrong places, one a line, unless the message says all of it already.
fn places(problem: &Problem, text: &mut String) {
    for (place, messages) in &problem.errors {
        for message in messages {
            let place = if place.is_empty() { "the whole" } else { place };
            if *message == problem.detail {
                let _ = write!(text, "\n  at {}", visible::line(place));
            } else {
                let _ = write!(text, "\n  at {}: {}", visible::line(place), visible::line(message));
            }
        }
    }
}

/// Tells on standard error what is in the way; the answer is how the process ends.
pub fn report(failure: &Failure, out: Output) -> ExitCode {
    let closed = matches!(failure, Failure::Output(error) if error.kind() == std::io::ErrorKind::BrokenPipe);
    // Who has stopped reading does not want to hear about it.
    if !closed {
        let text = if out.json { escaped(&format!("{:#}", failure.as_json())) } else { failure.as_text() };
        let _ = writeln!(std::io::stderr().lock(), "{text}");
    }
    ExitCode::FAILURE
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use signoff_wire::problem::NestedError;

    use super::*;

    fn problem() -> Failure {
        let detail = "The request is not valid.".to_owned();
        Failure::Api(Error::Problem(Box::new(Problem {
            kind: "https://signoff.dev/problems/validation_error".into(),
            title: "Invalid request".into(),
            status: 400,
            detail: detail.clone(),
            code: "validation_error".into(),
            message: detail.clone(),
            hint: Some("Look at \u{1b}[2Jthe places.".into()),
            errors: BTreeMap::from([("/data".into(), vec!["Is missing.".into()])]),
            entity_id: None,
            retry_after: None,
            request_id: "req_1".into(),
            error: NestedError { code: "validation_error".into(), message: detail },
        })))
    }

    #[test]
    fn a_problem_is_told_with_its_places_and_hint_and_cannot_drive_the_terminal() {
        let expected =
            "error: The request is not valid.\n  at /data: Is missing.\nhint: Look at ‹U+001B›[2Jthe places.\n(validation_error · req_1)";
        assert_eq!(problem().as_text(), expected);
        assert_eq!(problem().as_json()["error"]["errors"]["/data"][0], "Is missing.");
    }
}
