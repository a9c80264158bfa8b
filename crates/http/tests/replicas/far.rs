//! A replica whose way to the database leads through a relay, which can go silent or break where the wakes of other replicas come in.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use signoff_app::{App, Config, Environment};
use signoff_http::{Face, Settings, router};
use signoff_testkit::{SeededEntropy, TestServer, Who};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream, tcp::OwnedReadHalf, tcp::OwnedWriteHalf},
    sync::watch,
    task::JoinHandle,
};

/// What becomes of the connection on which a replica hears of wakes. Every other one is always passed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Wakes {
    /// They are passed on.
    Heard,
    /// Nothing comes through, and nobody is told: a network that swallows packets.
    Swallowed,
    /// The connection breaks; a new one is passed on.
    Cut,
}

/// A replica behind a relay.
pub(crate) struct Far {
    url: String,
    client: reqwest::Client,
    wakes: watch::Sender<Wakes>,
    heard: Arc<AtomicU64>,
    _draining: watch::Sender<bool>,
    tasks: [JoinHandle<()>; 2],
}

impl Far {
    /// Starts another replica of a server on PostgreSQL, and waits until it hears of wakes.
    pub(crate) async fn start(server: &TestServer) -> Self {
        let (wakes, state) = watch::channel(Wakes::Heard);
        let heard = Arc::new(AtomicU64::new(0));
        let (database, address) = split(server.database.url());
        let relay = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let through = database.replacen("{}", &relay.local_addr().unwrap().to_string(), 1);
        let relaying = tokio::spawn(relay_all(relay, address, state, Arc::clone(&heard)));

        let environment = Environment::new(server.clock.clone(), SeededEntropy::new(0xfa7));
        let app = App::open(&Config::Postgres { url: through, connections: 8 }, environment).await.unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (draining, drained) = watch::channel(false);
        let routes = router(Face::new(app, Settings { public_url: url.clone(), trust_proxy: false }, drained));
        let serving = tokio::spawn(async move { axum::serve(listener, routes).await.unwrap() });
        let client = reqwest::Client::builder().build().unwrap();
        let far = Self { url, client, wakes, heard, _draining: draining, tasks: [relaying, serving] };
        far.listens(0).await;
        far
    }

    /// Changes what becomes of wakes.
    pub(crate) fn wakes(&self, wakes: Wakes) {
        self.wakes.send_replace(wakes);
    }

    /// How often the replica began to listen.
    pub(crate) fn listened(&self) -> u64 {
        self.heard.load(Ordering::SeqCst)
    }

    /// Waits until it has begun to listen more often than `before`.
    pub(crate) async fn listens(&self, before: u64) {
        let listens = async {
            while self.listened() <= before {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), listens).await.expect("the replica listens");
    }

    /// Asks for something.
    pub(crate) async fn get(&self, path: &str, who: &Who) -> serde_json::Value {
        let answer = self.client.get(format!("{}{path}", self.url)).bearer_auth(who.secret()).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.json().await.unwrap()
    }
}

impl Drop for Far {
    fn drop(&mut self) {
        self.tasks.iter().for_each(JoinHandle::abort);
    }
}

/// The URL with `{}` where the address was, and the address.
fn split(url: &str) -> (String, String) {
    let (scheme, rest) = url.split_once("://").unwrap();
    let end = rest.find('/').unwrap();
    let (user, address) = rest[..end].rsplit_once('@').map_or(("", &rest[..end]), |(user, address)| (user, address));
    let user = if user.is_empty() { String::new() } else { format!("{user}@") };
    (format!("{scheme}://{user}{{}}{}", &rest[end..]), address.to_owned())
}

async fn relay_all(relay: TcpListener, address: String, wakes: watch::Receiver<Wakes>, heard: Arc<AtomicU64>) {
    loop {
        let (near, _) = relay.accept().await.unwrap();
        let far = TcpStream::connect(&address).await.unwrap();
        let connection = Connection { wakes: wakes.clone(), heard: Arc::clone(&heard), listens: watch::channel(false).0 };
        tokio::spawn(async move {
            let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
            // A connection that ends, or is cut, ends in both directions.
            tokio::select! {
                _ = connection.pass(near_in, far_out, true) => {}
                _ = connection.pass(far_in, near_out, false) => {}
                () = connection.cut() => {}
            }
        });
    }
}

struct Connection {
    wakes: watch::Receiver<Wakes>,
    heard: Arc<AtomicU64>,
    /// Whether this is the connection on which wakes come in.
    listens: watch::Sender<bool>,
}

impl Connection {
    async fn pass(&self, mut from: OwnedReadHalf, mut to: OwnedWriteHalf, up: bool) -> io::Result<()> {
        let mut buffer = vec![0; 1 << 16];
        let mut wakes = self.wakes.clone();
        loop {
            let count = from.read(&mut buffer).await?;
            if count == 0 {
                return Ok(());
            }
            let listens = up && buffer[..count].windows(6).any(|word| word == b"LISTEN");
            if *self.listens.borrow() && *self.wakes.borrow() == Wakes::Swallowed {
                // Held back until the network is well again, or for ever.
                let _ = wakes.wait_for(|wakes| *wakes != Wakes::Swallowed).await;
            }
            to.write_all(&buffer[..count]).await?;
            if listens {
                self.listens.send_replace(true);
                self.heard.fetch_add(1, Ordering::SeqCst);
            }
        }
    }

    async fn cut(&self) {
        let (mut listens, mut wakes) = (self.listens.subscribe(), self.wakes.clone());
        let _ = listens.wait_for(|listens| *listens).await;
        let _ = wakes.wait_for(|wakes| *wakes == Wakes::Cut).await;
    }
}
