//! `/event`: the organization's log as a list and as a stream.

use std::{convert::Infallible, time::Duration};

use axum::{
    Json,
    extract::State,
    http::HeaderMap,
    response::{
        IntoResponse, Sse,
        sse::{Event as SseEvent, KeepAlive},
    },
};
use futures_util::{Stream, stream};
use signoff_app::{
    App, Caller, Wake,
    events::{EventFilter, FollowEvents, ListEvents, LogSize},
};
use signoff_domain::Refusal;
use signoff_wire::event as wire;

use super::task_list::queue_filter;
use crate::{
    Face,
    extract::{CallerOf, Params},
    present,
    problem::{Reading, Result},
};

/// The largest number that JSON carries everywhere.
const LAST_SEQ: i64 = (1 << 53) - 1;
/// Events that a stream reads at once.
const PAGE: i64 = 100;
/// After so long a stream reads again even if nobody woke it.
const SWEEP: Duration = Duration::from_secs(5);
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long a client waits before it connects again, in milliseconds.
const RECONNECT: Duration = Duration::from_millis(1_000);

fn filter(params: &mut Params) -> EventFilter {
    EventFilter { types: params.all("type"), queue: queue_filter(params), task_id: params.parse("task_id", "Must be the id of a task.") }
}

/// Lists events after a number, oldest first.
#[utoipa::path(
    get, path = "/event", tag = "event", operation_id = "listEvents",
    params(
        ("after" = Option<i64>, Query, minimum = -1, maximum = 9_007_199_254_740_991i64, description = "The `seq` of the last event that is known; from the start when left out"),
        ("type" = Option<Vec<String>>, Query, description = "May repeat; `task.*` is every type that starts so"),
        ("queue_key" = Option<String>, Query), ("queue_id" = Option<String>, Query), ("task_id" = Option<String>, Query),
        ("limit" = Option<i64>, Query, minimum = 1, maximum = 100),
    ),
    responses((status = 200, body = Vec<wire::Event>), Reading),
)]
pub(crate) async fn list(State(face): State<Face>, CallerOf(caller): CallerOf, mut params: Params) -> Result<Json<Vec<wire::Event>>> {
    let after = params.number("after", -1, LAST_SEQ).unwrap_or(-1);
    let limit = params.limit();
    let filter = filter(&mut params);
    params.finish()?;
    let events = face.app.read(ListEvents { caller, filter, after, limit }).await?;
    Ok(Json(events.into_iter().map(present::event).collect()))
}

/// Streams events as they happen (server-sent events).
///
/// `id` is the event's `seq`, `event` its type, `data` the Event. `Last-Event-ID` or `after` resumes; without either the stream starts with what comes next.
/// A number that the log has not reached is refused: it was given by a log that is no longer there, as before a backup was restored.
#[utoipa::path(
    get, path = "/event/stream", tag = "event", operation_id = "streamEvents",
    params(
        ("Last-Event-ID" = Option<i64>, Header, minimum = -1), ("after" = Option<i64>, Query, minimum = -1, maximum = 9_007_199_254_740_991i64),
        ("type" = Option<Vec<String>>, Query), ("queue_key" = Option<String>, Query), ("queue_id" = Option<String>, Query), ("task_id" = Option<String>, Query),
    ),
    responses((status = 200, description = "A stream of events", body = wire::StreamedEvent, content_type = "text/event-stream"), Reading),
)]
pub(crate) async fn stream(
    State(face): State<Face>,
    CallerOf(caller): CallerOf,
    headers: HeaderMap,
    mut params: Params,
) -> Result<impl IntoResponse> {
    let last = headers.get("last-event-id").map(|value| value.to_str().ok()?.parse().ok().filter(|seq| (-1..=LAST_SEQ).contains(seq)));
    if last == Some(None) {
        params.refuse("Last-Event-ID", "Must be the id of an event of this stream.");
    }
    let asked = params.number("after", -1, LAST_SEQ);
    let (place, after) = if last.is_some() { ("Last-Event-ID", last.flatten()) } else { ("after", asked) };
    let filter = filter(&mut params);
    params.finish()?;
    // A filter that is wrong is told now, not within the stream.
    filter.event_types()?;
    let size = face.app.read(LogSize { caller: caller.clone() }).await?;
    let after = after.unwrap_or(size - 1);
    if after >= size {
        let refusal =
            Refusal::invalid(place, format!("The log has {size} entries: this number was given by a log that is no longer there."));
        return Err(refusal.hint("Look at what there is (`GET /v1/event`), and connect again without it.").into());
    }
    let open = face.metrics.stream();
    let drained = face.clone();
    let events = follow(face.app, caller, filter, after, open);
    let until = async move { drained.drained().await };
    let events = futures_util::StreamExt::take_until(events, Box::pin(until));
    Ok(([("x-accel-buffering", "no")], Sse::new(events).keep_alive(KeepAlive::new().interval(HEARTBEAT).text("alive"))))
}

/// What comes after a number, for ever. `open` is held as long as the stream is.
fn follow(
    app: App,
    caller: Caller,
    filter: EventFilter,
    after: i64,
    open: impl Send + 'static,
) -> impl Stream<Item = std::result::Result<SseEvent, Infallible>> {
    let waiter = app.register(Wake::Feed(caller.organization_id));
    let start = (after, Vec::new().into_iter(), true);
    let state = (app, caller, filter, waiter, open, start);
    stream::unfold(state, async move |(app, caller, filter, waiter, open, (mut after, mut ready, mut first))| {
        if first {
            first = false;
            let hello = SseEvent::default().retry(RECONNECT).comment("connected");
            return Some((Ok(hello), (app, caller, filter, waiter, open, (after, ready, first))));
        }
        loop {
            if let Some(event) = ready.next() {
                let event: wire::Event = event;
                let sse = SseEvent::default().id(event.seq.to_string()).event(&event.event_type).json_data(&event);
                // An event always serialises; if one did not, the stream would rather leave it out than end.
                let Ok(sse) = sse else { continue };
                return Some((Ok(sse), (app, caller, filter, waiter, open, (after, ready, first))));
            }
            let mut woken = std::pin::pin!(waiter.woken());
            woken.as_mut().enable();
            // Who lost their rights hears nothing more. After a fault the client connects again and goes on where it was.
            if !app.is_still_welcome(&caller).await.unwrap_or(false) {
                return None;
            }
            let list = ListEvents { caller: caller.clone(), filter: filter.clone(), after, limit: PAGE };
            let followed = app.read(FollowEvents(list)).await.ok()?;
            after = followed.after;
            if followed.events.is_empty() {
                let _ = tokio::time::timeout(SWEEP, woken).await;
            }
            ready = followed.events.into_iter().map(present::event).collect::<Vec<_>>().into_iter();
        }
    })
}
