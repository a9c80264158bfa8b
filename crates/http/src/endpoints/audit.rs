//! `/audit`: checkpoints, exports and proofs of the event log.

use axum::{
    Json,
    body::Body as Stream,
    extract::{Path, State},
    http::header,
    response::IntoResponse,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use bytes::Bytes;
use futures_util::stream;
use signoff_app::events::{Proof, ProveConsistency, ProveInclusion, SignCheckpoint, StartExport};
use signoff_domain::Refusal;
use signoff_wire::audit as wire;

use crate::{
    Face,
    extract::{CallerOf, Params},
    problem::{Reading, Result},
};

/// The signed state of the log: a C2SP checkpoint.
#[utoipa::path(
    get, path = "/audit/checkpoint", tag = "audit", operation_id = "getCheckpoint",
    responses((status = 200, body = String, content_type = "text/plain"), Reading),
)]
pub(crate) async fn checkpoint(State(face): State<Face>, CallerOf(caller): CallerOf) -> Result<impl IntoResponse> {
    let signed = face.app.write(SignCheckpoint { caller, moment: face.app.moment() }).await?;
    Ok(([(header::CONTENT_TYPE, "text/plain; charset=utf-8")], signed.note))
}

/// Exports the log, for `signoff audit verify`.
#[utoipa::path(
    get, path = "/audit/export", tag = "audit", operation_id = "exportLog",
    params(
        ("from" = Option<i64>, Query, minimum = 0, description = "The first entry"), ("to" = Option<i64>, Query, minimum = 1, description = "Before which entry it ends"),
        ("payloads" = Option<bool>, Query, description = "Whether contents come along, so that their digests can be checked"),
    ),
    responses((status = 200, body = String, content_type = "application/x-ndjson"), Reading),
)]
pub(crate) async fn export(State(face): State<Face>, CallerOf(caller): CallerOf, mut params: Params) -> Result<impl IntoResponse> {
    let from = params.number("from", 0, i64::MAX).unwrap_or(0);
    let to = params.number("to", 1, i64::MAX);
    let payloads = params.parse("payloads", "Must be true or false.").unwrap_or(false);
    params.finish()?;
    let app = face.app;
    let (exported, start) = app.write(StartExport { caller, moment: app.moment(), from, to, payloads }).await?;
    let rest = stream::try_unfold(Some(exported), move |exported| {
        let app = app.clone();
        async move {
            let Some(exported) = exported else { return Ok(None) };
            let (lines, rest) = app.export(exported).await?;
            Ok::<_, signoff_app::Error>(Some((Bytes::from(lines), rest)))
        }
    });
    let whole = futures_util::StreamExt::chain(stream::iter([Ok(Bytes::from(start))]), rest);
    Ok(([(header::CONTENT_TYPE, "application/x-ndjson")], Stream::from_stream(whole)))
}

/// Proves that an entry is in the log.
#[utoipa::path(
    get, path = "/audit/proof/{seq}", tag = "audit", operation_id = "proveInclusion",
    params(("seq" = i64, Path, minimum = 0), ("size" = Option<i64>, Query, minimum = 1, description = "Of the log; as it is now when left out")),
    responses((status = 200, body = wire::Proof), Reading),
)]
pub(crate) async fn inclusion(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    Path(seq): Path<String>,
    mut params: Params,
) -> Result<Json<wire::Proof>> {
    let size = params.number("size", 1, i64::MAX);
    params.finish()?;
    let seq = seq.parse().map_err(|_| Refusal::not_found("entry", &seq))?;
    let proof = face.app.read(ProveInclusion { caller, seq, size }).await?;
    Ok(Json(show(proof)))
}

/// Proves that the log only grew between two sizes.
#[utoipa::path(
    get, path = "/audit/consistency", tag = "audit", operation_id = "proveConsistency",
    params(("from" = i64, Query, minimum = 1), ("to" = i64, Query, minimum = 1)),
    responses((status = 200, body = wire::Proof), Reading),
)]
pub(crate) async fn consistency(State(face): State<Face>, CallerOf(caller): CallerOf, mut params: Params) -> Result<Json<wire::Proof>> {
    let (from, to) = (params.number("from", 1, i64::MAX), params.number("to", 1, i64::MAX));
    for (name, value) in [("from", from), ("to", to)] {
        if value.is_none() {
            params.refuse(name, "Is needed.");
        }
    }
    params.finish()?;
    let proof = face.app.read(ProveConsistency { caller, from: from.unwrap_or(0), to: to.unwrap_or(0) }).await?;
    Ok(Json(show(proof)))
}

fn show(proof: Proof) -> wire::Proof {
    wire::Proof {
        size: proof.size,
        root: STANDARD.encode(proof.root),
        hashes: proof.hashes.iter().map(|hash| STANDARD.encode(hash)).collect(),
    }
}
