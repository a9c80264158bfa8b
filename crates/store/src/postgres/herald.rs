//! Wakes between replicas: packs the wakes of a few milliseconds into one NOTIFY on a connection of its own, and listens to those of the others.
//!
//! Never in the write transaction: NOTIFY takes a lock of the whole database while it commits. A lost wake costs time, not correctness: waiters read again every
//! few seconds, and after a reconnect everybody does.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use futures_util::future::poll_fn;
use signoff_domain::id::{BatchId, OrganizationId, TaskId};
use tokio::sync::mpsc;
use tokio_postgres::AsyncMessage;
use tokio_postgres_rustls::MakeRustlsConnect;

use crate::{Listener, Wake};

const CHANNEL: &str = "signoff";
/// How long wakes are collected before they are sent.
const PACK: Duration = Duration::from_millis(2);
/// Longest payload; PostgreSQL allows 7,999 bytes.
const PAYLOAD: usize = 7_900;
const RETRY: Duration = Duration::from_secs(1);
const WAITING: usize = 16_384;

/// What the clones of a store hold together.
pub(crate) struct Herald {
    listener: Arc<dyn Listener>,
    out: mpsc::Sender<Wake>,
    /// Until it is started.
    line: Mutex<Option<Line>>,
}

/// The connection to the other replicas. It lives as long as somebody can send to it.
struct Line {
    config: tokio_postgres::Config,
    tls: MakeRustlsConnect,
    listener: Arc<dyn Listener>,
    waiting: mpsc::Receiver<Wake>,
}

impl Herald {
    pub(crate) fn new(config: tokio_postgres::Config, tls: MakeRustlsConnect, listener: Arc<dyn Listener>) -> Self {
        let (out, waiting) = mpsc::channel(WAITING);
        let line = Line { config, tls, listener: Arc::clone(&listener), waiting };
        Self { listener, out, line: Mutex::new(Some(line)) }
    }

    /// Wakes those who wait here at once, and those on other replicas soon.
    pub(crate) fn wake(&self, wakes: Vec<Wake>) {
        self.listener.wake(&wakes);
        for wake in wakes {
            // A full queue loses wakes; the sweep of the others makes up for it.
            let _ = self.out.try_send(wake);
        }
    }

    /// Keeps a connection until the herald is dropped.
    pub(crate) fn start(&self) {
        let Some(mut line) = self.line.lock().unwrap_or_else(PoisonError::into_inner).take() else { return };
        tokio::spawn(async move {
            while !line.waiting.is_closed() {
                if let Err(error) = line.serve().await {
                    tracing::warn!(%error, "the connection for wakes broke");
                }
                if !line.waiting.is_closed() {
                    tokio::time::sleep(RETRY).await;
                }
            }
        });
    }
}

impl Line {
    /// Listens and tells until the connection breaks, or nobody is left who could send.
    async fn serve(&mut self) -> Result<(), tokio_postgres::Error> {
        let Self { config, tls, listener, waiting } = self;
        let (client, mut connection) = config.connect(tls.clone()).await?;
        let hearing = async {
            while let Some(message) = poll_fn(|context| connection.poll_message(context)).await {
                if let AsyncMessage::Notification(notification) = message? {
                    listener.wake(&unpack(notification.payload()));
                }
            }
            Ok(())
        };
        let telling = async {
            client.batch_execute(&format!("LISTEN {CHANNEL}")).await?;
            // What was said while nobody listened is lost.
            listener.wake(&[Wake::Everything]);
            let statement = client.prepare("SELECT pg_notify($1, $2)").await?;
            while let Some(first) = waiting.recv().await {
                tokio::time::sleep(PACK).await;
                let mut wakes = vec![first];
                while let Ok(wake) = waiting.try_recv() {
                    wakes.push(wake);
                }
                for payload in pack(&wakes) {
                    client.execute(&statement, &[&CHANNEL, &payload]).await?;
                }
            }
            Ok(())
        };
        tokio::select! {
            done = hearing => done,
            done = telling => done,
        }
    }
}

fn pack(wakes: &[Wake]) -> Vec<String> {
    let mut words: Vec<String> = wakes
        .iter()
        .map(|wake| match wake {
            Wake::Task(id) => id.to_string(),
            Wake::Batch(id) => id.to_string(),
            Wake::Feed(id) => id.to_string(),
            Wake::Sealer => "sealer".into(),
            Wake::Router => "router".into(),
            Wake::Timers => "timers".into(),
            Wake::Everything => "everything".into(),
        })
        .collect();
    words.sort_unstable();
    words.dedup();
    let mut payloads = vec![String::new()];
    for word in words {
        let last = payloads.len() - 1;
        if payloads[last].len() + word.len() + 1 > PAYLOAD {
            payloads.push(word);
        } else {
            if !payloads[last].is_empty() {
                payloads[last].push(' ');
            }
            payloads[last].push_str(&word);
        }
    }
    payloads
}

fn unpack(payload: &str) -> Vec<Wake> {
    let read = |word: &str| {
        let (prefix, _) = word.split_once('_').unwrap_or((word, ""));
        match prefix {
            "task" => word.parse::<TaskId>().ok().map(Wake::Task),
            "batch" => word.parse::<BatchId>().ok().map(Wake::Batch),
            "org" => word.parse::<OrganizationId>().ok().map(Wake::Feed),
            "sealer" => Some(Wake::Sealer),
            "router" => Some(Wake::Router),
            "timers" => Some(Wake::Timers),
            "everything" => Some(Wake::Everything),
            _ => None,
        }
    };
    payload.split(' ').filter_map(read).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn wakes_survive_the_way_to_another_replica() {
        let mut wakes: Vec<Wake> = (0..1_000).map(|i| Wake::Task(TaskId(Uuid::from_u128(i)))).collect();
        wakes.extend([
            Wake::Batch(BatchId(Uuid::from_u128(1))),
            Wake::Feed(OrganizationId(Uuid::from_u128(2))),
            Wake::Sealer,
            Wake::Everything,
        ]);
        let payloads = pack(&wakes);
        assert!(payloads.iter().all(|payload| payload.len() <= PAYLOAD));
        let heard: std::collections::HashSet<Wake> = payloads.iter().flat_map(|payload| unpack(payload)).collect();
        assert_eq!(heard, wakes.into_iter().collect());
    }
}
