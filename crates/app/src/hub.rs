//! How waiters wake: register interest, then read, then wait. A wake carries no data; who is woken reads again.

use std::{
    collections::{HashMap, hash_map::RandomState},
    hash::BuildHasher,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use signoff_store::{Listener, Wake};
use tokio::sync::{Notify, futures::Notified};

const SHARDS: usize = 64;

type Shard = HashMap<Wake, Entry>;

struct Entry {
    notify: Arc<Notify>,
    waiters: usize,
}

/// Where waiters register and wakes arrive.
pub struct Hub {
    shards: [Mutex<Shard>; SHARDS],
    hasher: RandomState,
}

impl Default for Hub {
    fn default() -> Self {
        Self { shards: std::array::from_fn(|_| Mutex::default()), hasher: RandomState::new() }
    }
}

impl Hub {
    fn shard(&self, on: &Wake) -> MutexGuard<'_, Shard> {
        #[expect(clippy::cast_possible_truncation, reason = "the remainder is below 64")]
        let index = (self.hasher.hash_one(on) % SHARDS as u64) as usize;
        // A panic while a shard was held leaves at worst a count that is off by one.
        self.shards[index].lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Registers interest. Wakes from now on are not missed by [`Waiter::woken`].
    pub fn register(self: &Arc<Self>, on: Wake) -> Waiter {
        let mut shard = self.shard(&on);
        let entry = shard.entry(on).or_insert_with(|| Entry { notify: Arc::default(), waiters: 0 });
        entry.waiters += 1;
        let notify = Arc::clone(&entry.notify);
        drop(shard);
        Waiter { hub: Arc::clone(self), on, notify }
    }

    /// How many wait.
    #[must_use]
    pub fn waiting(&self) -> usize {
        let count =
            |shard: &Mutex<Shard>| shard.lock().unwrap_or_else(PoisonError::into_inner).values().map(|entry| entry.waiters).sum::<usize>();
        self.shards.iter().map(count).sum()
    }

    fn wake_everybody(&self) {
        for shard in &self.shards {
            for entry in shard.lock().unwrap_or_else(PoisonError::into_inner).values() {
                entry.notify.notify_waiters();
            }
        }
    }
}

impl Listener for Hub {
    fn wake(&self, wakes: &[Wake]) {
        for wake in wakes {
            if *wake == Wake::Everything {
                self.wake_everybody();
            } else if let Some(entry) = self.shard(wake).get(wake) {
                entry.notify.notify_waiters();
            }
        }
    }
}

/// A registered interest; ends when dropped.
pub struct Waiter {
    hub: Arc<Hub>,
    on: Wake,
    notify: Arc<Notify>,
}

impl Waiter {
    /// Resolves with the first wake after this call. Take it before reading: pin it and `enable()` it, read, then wait for it.
    pub fn woken(&self) -> Notified<'_> {
        self.notify.notified()
    }
}

impl Drop for Waiter {
    fn drop(&mut self) {
        let mut shard = self.hub.shard(&self.on);
        if let Some(entry) = shard.get_mut(&self.on) {
            entry.waiters -= 1;
            if entry.waiters == 0 {
                shard.remove(&self.on);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use signoff_domain::id::TaskId;
    use std::pin::pin;

    fn task(n: u128) -> Wake {
        Wake::Task(TaskId(uuid::Uuid::from_u128(n)))
    }

    #[tokio::test]
    async fn a_wake_between_registering_and_waiting_is_not_lost() {
        let hub = Arc::new(Hub::default());
        let waiter = hub.register(task(1));
        let mut woken = pin!(waiter.woken());
        woken.as_mut().enable();
        hub.wake(&[task(1)]);
        woken.await;
    }

    #[tokio::test]
    async fn others_are_not_woken_and_everything_wakes_everybody() {
        let hub = Arc::new(Hub::default());
        let (one, two) = (hub.register(task(1)), hub.register(task(2)));
        let (mut one, mut two) = (pin!(one.woken()), pin!(two.woken()));
        one.as_mut().enable();
        two.as_mut().enable();
        hub.wake(&[task(1)]);
        assert!(futures_ready(one.as_mut()).await && !futures_ready(two.as_mut()).await);
        hub.wake(&[Wake::Everything]);
        assert!(futures_ready(two.as_mut()).await);
    }

    async fn futures_ready(future: std::pin::Pin<&mut Notified<'_>>) -> bool {
        tokio::select! { biased; () = future => true, () = std::future::ready(()) => false }
    }

    #[test]
    fn nothing_is_kept_for_waiters_that_are_gone() {
        let hub = Arc::new(Hub::default());
        let waiters: Vec<_> = (0..1_000).map(|n| hub.register(task(n % 10))).collect();
        assert_eq!(hub.waiting(), 1_000);
        drop(waiters);
        assert_eq!(hub.waiting(), 0);
        assert!(hub.shards.iter().all(|shard| shard.lock().unwrap().is_empty()));
    }
}
