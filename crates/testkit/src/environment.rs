//! A clock that the test moves, and randomness that is the same in each run.

use std::sync::{
    Arc,
    atomic::{AtomicI64, AtomicU64, Ordering},
};

use jiff::SignedDuration;
use sha2::{Digest, Sha256};
use signoff_app::{Clock, Entropy};
use signoff_domain::Timestamp;

/// Where clocks start, in microseconds since 1970: 2025-11-24T16:00:00Z.
pub const START: i64 = 1_764_000_000_000_000;

/// A clock that stands still until it is moved. Clones are the same clock.
#[derive(Debug, Clone)]
pub struct MockClock(Arc<AtomicI64>);

impl Default for MockClock {
    fn default() -> Self {
        Self(Arc::new(AtomicI64::new(START)))
    }
}

impl MockClock {
    /// Moves the clock on.
    pub fn advance(&self, by: SignedDuration) {
        self.0.fetch_add(i64::try_from(by.as_micros()).unwrap(), Ordering::SeqCst);
    }
}

impl Clock for MockClock {
    fn now(&self) -> Timestamp {
        Timestamp::from_microsecond(self.0.load(Ordering::SeqCst)).unwrap()
    }
}

/// Bytes that differ from call to call and are the same in each run.
#[derive(Debug)]
pub struct SeededEntropy {
    seed: u64,
    calls: AtomicU64,
}

impl SeededEntropy {
    /// Entropy that starts from a seed. Replicas need different ones.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self { seed, calls: AtomicU64::new(0) }
    }
}

impl Entropy for SeededEntropy {
    fn fill(&self, bytes: &mut [u8]) {
        let call = self.calls.fetch_add(1, Ordering::Relaxed);
        for (i, chunk) in bytes.chunks_mut(32).enumerate() {
            let block = Sha256::new().chain_update(self.seed.to_be_bytes()).chain_update(call.to_be_bytes()).chain_update(i.to_be_bytes());
            chunk.copy_from_slice(&block.finalize()[..chunk.len()]);
        }
    }
}
