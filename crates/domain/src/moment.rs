//! The moment in which a command is carried out: its time and its own source of ids.
//!
//! A command may run again after a conflict. The ids it draws come from a seed that stays the same, so a second run draws the same ids.

use sha2::{Digest, Sha256};
use uuid::{Builder, Uuid};

use crate::{Timestamp, id::Id};

/// The time of a command and the seed of its ids. Made at the edge.
#[derive(Debug, Clone, Copy)]
pub struct Moment {
    /// When the command is carried out, in whole microseconds.
    pub now: Timestamp,
    seed: [u8; 32],
}

impl Moment {
    /// A moment. `seed` must be fresh random bytes: salts are derived from it.
    #[must_use]
    pub fn new(now: Timestamp, seed: [u8; 32]) -> Self {
        let micros = now.as_microsecond();
        // Every whole microsecond of a valid timestamp is itself a valid timestamp.
        Self { now: Timestamp::from_microsecond(micros).unwrap_or(now), seed }
    }

    /// The ids of this moment, from the first one on.
    #[must_use]
    pub fn ids(&self) -> Ids {
        Ids { millis: self.now.as_millisecond().max(0).unsigned_abs(), seed: self.seed, drawn: 0 }
    }
}

/// A sequence of ids and salts.
#[derive(Debug, Clone)]
pub struct Ids {
    millis: u64,
    seed: [u8; 32],
    drawn: u64,
}

impl Ids {
    fn block(&mut self) -> [u8; 32] {
        self.drawn += 1;
        Sha256::new().chain_update(self.seed).chain_update(self.drawn.to_be_bytes()).finalize().into()
    }

    /// The next id. Ids of one sequence are distinct, and those of one millisecond in the order in which they were drawn.
    pub fn draw<T: Id>(&mut self) -> T {
        let block = self.block();
        let mut random = [0u8; 10];
        random.copy_from_slice(&block[..10]);
        // RFC 9562 §6.2 method 1: a counter in the first random bits keeps the order within a millisecond.
        let counter = (self.drawn & 0xfff) as u16;
        random[..2].copy_from_slice(&counter.to_be_bytes());
        let uuid: Uuid = Builder::from_unix_timestamp_millis(self.millis, &random).into_uuid();
        uuid.into()
    }

    /// A salt for a digest: 128 bits that nobody can guess who does not know the seed.
    pub fn salt(&mut self) -> [u8; 16] {
        let mut salt = [0u8; 16];
        salt.copy_from_slice(&self.block()[..16]);
        salt
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::id::TaskId;

    #[test]
    fn a_second_run_draws_the_same_ids_in_order() {
        let moment = Moment::new(Timestamp::from_millisecond(1_764_000_000_000).unwrap(), [7; 32]);
        let first: Vec<TaskId> = std::iter::repeat_with({
            let mut ids = moment.ids();
            move || ids.draw()
        })
        .take(3000)
        .collect();
        let again: Vec<TaskId> = std::iter::repeat_with({
            let mut ids = moment.ids();
            move || ids.draw()
        })
        .take(3000)
        .collect();
        assert_eq!(first, again);
        assert!(first.is_sorted());
        assert_eq!(first[0].0.get_version_num(), 7);
    }
}
