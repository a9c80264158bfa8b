//! Review operations in virtual time: an organization of fifty reviewers and twenty queues lives through a month within seconds, driven through the use cases
//! alone, with workers that crash at every step. [`world`] and [`queues`] are who and what there is, [`life`] what people and programs do, [`workers`] what the router and the
//! timers do and how they fail. [`state`] checks what is stored, [`record`] what the log tells, by business time that [`business`] reckons in a way of its own.
//! What it found is told once more, each for itself, in [`rules`].
//!
//! A run is a function of its seed. It is printed when something is wrong; `SIGNOFF_SIMULATION_SEED` runs another one.

#![expect(clippy::unwrap_used, reason = "a test ends where something is missing")]
#![expect(clippy::print_stderr, reason = "a failed run says which seed it had")]

mod business;
mod life;
mod queues;
mod random;
mod record;
mod rules;
mod state;
mod workers;
mod world;

use jiff::SignedDuration;
use signoff_testkit::Engine;

use random::Random;
use world::World;

/// Virtual time between two things that people do, in seconds, on average.
const PAUSE: i64 = 1_000;
/// After so many steps all that is stored is checked.
const CHECKED_EVERY: u64 = 50;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_month_on_sqlite_forgets_no_task_and_fires_no_timer_early_or_twice() {
    simulate(Engine::Sqlite, seed(1), 30).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn three_days_on_postgres_forget_no_task_and_fire_no_timer_early_or_twice() {
    simulate(Engine::Postgres, seed(2), 3).await;
}

fn seed(usual: u64) -> u64 {
    std::env::var("SIGNOFF_SIMULATION_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(usual)
}

/// Says which seed it was, should the run end in a panic.
struct Seed(u64);

impl Drop for Seed {
    fn drop(&mut self) {
        if std::thread::panicking() {
            eprintln!("SIGNOFF_SIMULATION_SEED={}", self.0);
        }
    }
}

async fn simulate(engine: Engine, seed: u64, days: i64) {
    let told = Seed(seed);
    let mut random = Random::new(seed);
    let mut world = World::whole(engine, seed, &mut random).await;
    let mut record = record::Record::default();
    let end = world.now().checked_add(SignedDuration::from_hours(24 * days)).unwrap();
    let (mut steps, mut acts_at) = (0, world.now());
    while world.now() < end {
        let alarm = workers::next_alarm(&world).await.unwrap_or(acts_at);
        let next = alarm.min(acts_at);
        world.move_to(next);
        // Workers are late at times: they were down, or busy.
        let late = next < acts_at && random.one_in(12);
        if late {
            world.advance(SignedDuration::from_secs(random.within(1, 2_400)));
        }
        if random.one_in(5) {
            workers::route(&world, &mut random).await;
        }
        let idle = workers::fire(&world, &mut random).await;
        workers::route(&world, &mut random).await;
        if acts_at <= world.now() {
            life::act(&mut world, &mut random).await;
            acts_at = world.now().checked_add(SignedDuration::from_secs(random.within(1, 2 * PAUSE))).unwrap();
        }
        record.read(&world).await;
        steps += 1;
        if steps % CHECKED_EVERY == 0 {
            state::check(&world, idle).await;
        }
    }
    // All that is due by now is done, by workers that no longer crash.
    workers::finish(&world).await;
    record.read(&world).await;
    state::check(&world, true).await;
    record.conclude(&world, days);
    drop(told);
}
