//! The router and the timers, by hand: each command may fail after all its work, be carried out twice, come early, come late, or not come for a while.

use std::collections::BTreeMap;

use signoff_app::{
    Command, Error, Fault,
    due::{Due, Fire},
    routing::{Route, Waiting},
};
use signoff_domain::{
    Timestamp,
    id::{MemberId, OfferId},
};
use signoff_store::{Tx, timers::Timer};

use crate::{random::Random, world::World};

/// Most timers that are looked up at once.
const TIMERS: i64 = 500;

/// Carries out a command and fails: all that it did is undone.
struct Crash<C>(C);

impl<C: Command> Command for Crash<C> {
    type Out = ();

    async fn run(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        self.0.run(tx).await?;
        Err(Fault::Bug("the worker crashed".into()).into())
    }
}

async fn crash(world: &World, command: impl Command) {
    assert!(matches!(world.app.write(Crash(command)).await, Err(Error::Fault(Fault::Bug(_)))));
}

/// When the next timer is due. Looking for reviewers again does not count: every minute for every task that nobody can be found for is more than a month has time for.
pub(crate) async fn next_alarm(world: &World) -> Option<Timestamp> {
    let next = "SELECT min(due_at) FROM timers WHERE organization_id = $1 AND kind <> 'route'";
    world.rows(next, |row| row.get::<Option<Timestamp>>(0)).await.into_iter().flatten().next()
}

fn route_of(world: &World) -> Route {
    Route { moment: world.app.moment(), organization_id: world.organization }
}

/// Finds reviewers for all tasks that look for them. Whoever is given something has the capacity for it.
pub(crate) async fn route(world: &World, random: &mut Random) {
    while world.app.read(Waiting).await.unwrap().contains(&world.organization) {
        if random.one_in(6) {
            crash(world, route_of(world)).await;
        }
        if random.one_in(15) {
            return;
        }
        pass(world).await;
    }
}

async fn pass(world: &World) {
    let before = standing(world).await;
    assert!(world.app.write(route_of(world)).await.unwrap() > 0, "a pass with tasks that wait routes some");
    for (member, units) in standing(world).await.into_iter().filter(|(offer, _)| !before.contains_key(offer)).map(|(_, given)| given) {
        let person = world.person(member).unwrap_or_else(|| panic!("the router asked {member}, who cannot log in"));
        let most = person.availability.capacity.units;
        assert!(units <= most, "the router gave {member} {units} units, who has {most}");
    }
}

/// The offers that stand: to whom, and how many units they have in all.
async fn standing(world: &World) -> BTreeMap<OfferId, (MemberId, i64)> {
    let sql = "SELECT o.id, o.member_id, w.units FROM offers o JOIN workloads w ON w.member_id = o.member_id \
        WHERE o.organization_id = $1 AND o.state = 'offered'";
    world.rows(sql, |row| Ok((row.id(0)?, (row.id(1)?, row.get(2)?)))).await.into_iter().collect()
}

fn fire_of(world: &World, timer: &Timer) -> Fire {
    Fire { moment: world.app.moment(), compiled: world.app.compiled(), timer: timer.clone() }
}

/// Fires what is due; answers whether nothing that is due was left.
pub(crate) async fn fire(world: &World, random: &mut Random) -> bool {
    let (due, _) = world.app.read(Due { now: world.now(), limit: TIMERS }).await.unwrap();
    // Who looks again looks a while later: the worker is busy with what cannot wait.
    let looks_again = random.one_in(10);
    for timer in due.iter().filter(|timer| looks_again || timer.kind != "route") {
        if random.one_in(6) {
            crash(world, fire_of(world, timer)).await;
        }
        if random.one_in(40) {
            return false;
        }
        // One that fired before may have taken this one away.
        world.app.write(fire_of(world, timer)).await.unwrap();
        if random.one_in(6) {
            // Whoever crashed after the commit does it again. It fires only if it was set anew and is due again.
            world.app.write(fire_of(world, timer)).await.unwrap();
        }
    }
    if random.one_in(10) {
        early(world).await;
    }
    next_alarm(world).await.is_none_or(|next| next > world.now())
}

/// A timer that is not due does not fire.
async fn early(world: &World) {
    let next = next_alarm(world).await;
    let Some(at) = next.filter(|next| *next > world.now()) else { return };
    let (due, _) = world.app.read(Due { now: at, limit: TIMERS }).await.unwrap();
    for timer in due.iter().filter(|timer| timer.due_at > world.now()) {
        assert!(!world.app.write(fire_of(world, timer)).await.unwrap(), "a timer fired early: {timer:?}");
    }
}

/// Does all that is due by now, and finds reviewers for whoever looks for them.
pub(crate) async fn finish(world: &World) {
    for _ in 0..100 {
        let (due, _) = world.app.read(Due { now: world.now(), limit: TIMERS }).await.unwrap();
        for timer in &due {
            // One may take others away.
            world.app.write(fire_of(world, timer)).await.unwrap();
        }
        let waits = !world.app.read(Waiting).await.unwrap().is_empty();
        if waits {
            pass(world).await;
        }
        if due.is_empty() && !waits {
            return;
        }
    }
    panic!("there is no end to what is due");
}
