//! Members in documents: the settings of a queue name members by id, its document by e-mail address.
//!
//! A setting that names members in another place than those in [`PLACES`] adds it there, and itself to [`SETTINGS`]; nothing else has to be done for it.

use std::collections::HashMap;

use serde_json::Value;
use signoff_domain::{Object, id::MemberId, permission::Action, queue::QueueConfig, refusal::Places};
use signoff_store::{Error, Fault, Tx, members};

use crate::Caller;

/// The parts of a queue that name members. The rest is left alone: a JSON Schema may call something by these names too.
const SETTINGS: [&str; 5] = ["reviewer_ids", "stages", "routing", "lead_ids", "escalation"];
/// What holds a member, or a list of them.
const PLACES: [&str; 5] = ["reviewer_ids", "lead_ids", "member_ids", "excluded_member_ids", "member"];

/// The parts that a document calls otherwise, as they are in the queue and in the document.
const RENAMED: [(&str, &str); 2] = [("/reviewer_ids", "/reviewers"), ("/lead_ids", "/leads")];

/// A place in the document that is the place in the queue's parts.
pub(super) fn in_document(pointer: &str) -> String {
    for (part, document) in RENAMED {
        if let Some(rest) = pointer.strip_prefix(part) {
            return format!("{document}{rest}");
        }
    }
    pointer.to_owned()
}

/// The parts of a queue that a document describes.
///
/// # Errors
/// [`signoff_domain::Code::PermissionDenied`] when members are named and the caller may not know who is one; a validation error at every place where somebody is named who is no member, or a fault.
pub(super) async fn by_id(tx: &mut Tx<'_>, caller: &Caller, document: &Object) -> Result<QueueConfig, Error> {
    let mut document = document.clone();
    let mut named = Vec::new();
    each(&mut document, &mut |place, name| named.push((place.to_owned(), name.clone())));
    if !named.is_empty() {
        let hint = "Apply a document that names members with a person's access token.";
        caller.require(Action::MemberRead).map_err(|refusal| refusal.hint(hint))?;
    }
    let (mut known, mut places) = (HashMap::new(), Places::default());
    for (place, name) in named {
        let email = name.to_lowercase();
        // No text of the database holds NUL, so nobody has such an address.
        if !known.contains_key(&name)
            && !email.contains('\0')
            && let Some(member) = members::by_email(tx, caller.organization_id, &email).await?
        {
            known.insert(name.clone(), member.id);
        }
        if !known.contains_key(&name) {
            places.add(place, format!("'{name}' is no member yet."));
        }
    }
    places.finish().map_err(|refusal| refusal.hint("Apply again when the invitation was accepted."))?;
    each(&mut document, &mut |_, name| {
        if let Some(id) = known.get(name) {
            *name = id.to_string();
        }
    });
    serde_json::from_value(Value::Object(document)).map_err(|error| Fault::Bug(format!("a document is no queue: {error}")).into())
}

/// The document of a queue's parts. Who is no member any more keeps their id.
///
/// # Errors
/// A fault.
pub(super) fn by_email(config: &QueueConfig, emails: &HashMap<MemberId, String>) -> Result<Object, Error> {
    let mut document = object(config)?;
    each(&mut document, &mut |_, name| {
        if let Some(email) = name.parse().ok().and_then(|id: MemberId| emails.get(&id)) {
            name.clone_from(email);
        }
    });
    Ok(document)
}

/// The parts of a queue as JSON.
pub(super) fn object(config: &QueueConfig) -> Result<Object, Error> {
    match serde_json::to_value(config) {
        Ok(Value::Object(object)) => Ok(object),
        _ => Err(Fault::Bug("a queue is no JSON object".into()).into()),
    }
}

/// Visits every member that is named, with the place.
fn each(document: &mut Object, visit: &mut impl FnMut(&str, &mut String)) {
    for setting in SETTINGS {
        if let Some(value) = document.get_mut(setting) {
            walk(value, &format!("/{setting}"), PLACES.contains(&setting), visit);
        }
    }
}

fn walk(value: &mut Value, place: &str, holds_members: bool, visit: &mut impl FnMut(&str, &mut String)) {
    match value {
        Value::String(name) if holds_members => visit(place, name),
        Value::Array(items) => {
            for (i, item) in items.iter_mut().enumerate() {
                walk(item, &format!("{place}/{i}"), holds_members, visit);
            }
        }
        Value::Object(object) => {
            for (name, item) in object {
                walk(item, &format!("{place}/{name}"), PLACES.contains(&name.as_str()), visit);
            }
        }
        _ => {}
    }
}
