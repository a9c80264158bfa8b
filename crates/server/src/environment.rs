//! The real world: the system's clock and its source of randomness.

use signoff_app::{Clock, Entropy, Environment};
use signoff_domain::Timestamp;

struct SystemClock;

impl Clock for SystemClock {
    #[expect(clippy::disallowed_methods, reason = "the one place where the time is read")]
    fn now(&self) -> Timestamp {
        Timestamp::now()
    }
}

struct SystemEntropy;

impl Entropy for SystemEntropy {
    #[expect(clippy::disallowed_methods, reason = "the one place where randomness is drawn")]
    fn fill(&self, bytes: &mut [u8]) {
        use rand::Rng;
        rand::rng().fill_bytes(bytes);
    }
}

/// The system's clock and randomness.
pub(crate) fn real() -> Environment {
    Environment::new(SystemClock, SystemEntropy)
}
