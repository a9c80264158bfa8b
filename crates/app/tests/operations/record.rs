//! What the log tells: nothing twice, nothing out of order, nothing before its time.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use signoff_domain::{Timestamp, escalation::After, sla::Cycle, task::Priority};

use crate::world::World;

/// An entry of the log.
struct Told {
    seq: i64,
    what: String,
    task: String,
    /// The queue's key.
    queue: String,
    detail: Value,
}

/// What is known of a task from the log.
#[derive(Default)]
struct Known {
    submitted_at: Option<Timestamp>,
    priority: Option<Priority>,
    /// The alarms that were given: metric, stage, cycle, what.
    alarms: BTreeSet<(String, String, i64, String)>,
    /// The last step of each escalation: queue, version.
    steps: BTreeMap<(String, i64), (i64, i64)>,
    /// Until when offers stand.
    offers: BTreeMap<String, Timestamp>,
    raised_at: Option<Timestamp>,
}

/// The log as it was read so far.
#[derive(Default)]
pub(crate) struct Record {
    after: Option<i64>,
    /// A task of which was told that nobody can be found, by the last entry.
    unroutable: Option<String>,
    tasks: BTreeMap<String, Known>,
    counts: BTreeMap<String, usize>,
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

fn minutes_after(at: Timestamp, minutes: i64) -> Timestamp {
    at.checked_add(jiff::SignedDuration::from_mins(minutes)).unwrap()
}

impl Record {
    /// Reads what came since. All of it happened by now, and after the last reading.
    pub(crate) async fn read(&mut self, world: &World) {
        while world.app.store().seal().await.unwrap() > 0 {}
        let after = self.after.unwrap_or(-1);
        let sql = "SELECT e.seq, e.event_type, e.entry, q.key FROM events e LEFT JOIN queues q ON q.id = e.queue_id \
            WHERE e.organization_id = $1 AND e.seq > $2 ORDER BY e.seq";
        let entries = world
            .rows_after(sql, after, |row| {
                let entry: Value = serde_json::from_str(&row.get::<String>(2)?).unwrap();
                let queue = row.get::<Option<String>>(3)?.unwrap_or_default();
                Ok(Told { seq: row.get(0)?, what: row.get(1)?, task: text(&entry["task"]), queue, detail: entry["detail"].clone() })
            })
            .await;
        for told in entries {
            assert_eq!(told.seq, self.after.map_or(0, |seq| seq + 1), "the log has no gaps");
            self.after = Some(told.seq);
            self.one(world, &told).await;
        }
        assert_eq!(self.unroutable, None, "told as unroutable, and not escalated in the same transaction");
    }

    async fn one(&mut self, world: &World, told: &Told) {
        let now = world.now();
        *self.counts.entry(told.what.clone()).or_default() += 1;
        if let Some(task) = self.unroutable.take() {
            let escalated = told.what == "task.escalated" && told.task == task && told.detail["cause"] == "unroutable";
            assert!(escalated, "{task} is unroutable, and what follows is {} of {}", told.what, told.task);
        }
        let known = self.tasks.entry(told.task.clone()).or_default();
        let config = world.queues.get(&told.queue);
        match told.what.as_str() {
            "task.submitted" => {
                known.submitted_at = Some(now);
                known.priority = Priority::ALL.into_iter().find(|priority| told.detail["priority"] == priority.as_str());
            }
            "task.prioritized" => {
                if told.detail["cause"] == "ageing" {
                    let minutes = config.unwrap().routing.ageing_minutes.unwrap();
                    let due = minutes_after(known.submitted_at.unwrap(), minutes);
                    assert!(due <= now, "{} aged before {due}, at {now}", told.task);
                    assert_ne!(known.raised_at, Some(now), "{} aged twice at {now}", told.task);
                    known.raised_at = Some(now);
                }
                known.priority = Priority::ALL.into_iter().find(|priority| told.detail["priority"] == priority.as_str());
            }
            "task.unroutable" => self.unroutable = Some(told.task.clone()),
            "task.offered" => {
                known.offers.insert(text(&told.detail["offer_id"]), text(&told.detail["expires_at"]).parse().unwrap());
            }
            "offer.ended" => {
                let until = known.offers.remove(&text(&told.detail["offer_id"])).expect("an offer ends once");
                match told.detail["state"].as_str() {
                    Some("expired") => assert!(until <= now, "an offer of {} expired before {until}", told.task),
                    _ => assert!(now < until, "an offer of {} was declined when it was over", told.task),
                }
            }
            "task.overflowed" => {
                let minutes = config.unwrap().routing.overflow_after_minutes.unwrap();
                assert!(minutes_after(known.submitted_at.unwrap(), minutes) <= now, "{} overflowed early", told.task);
            }
            "task.escalated" if told.detail.get("step").is_some() => {
                let number = |name: &str| told.detail[name].as_i64().unwrap();
                let step = (number("loop"), number("step"));
                let key = (told.queue.clone(), number("policy_version"));
                let before = known.steps.insert(key, step);
                assert!(before.is_none_or(|before| before < step), "{} of {}: {step:?} after {before:?}", told.task, told.queue);
                let after = config.unwrap().escalation.as_ref().unwrap().steps[usize::try_from(step.1).unwrap()].after;
                if let (1, After::ElapsedMinutes(minutes)) = (step.0, after) {
                    assert!(minutes_after(known.submitted_at.unwrap(), minutes) <= now, "{} escalated early", told.task);
                }
            }
            "task.reviewed" | "task.expired" if told.detail["rule"].as_str().is_some_and(is_deadline) => {
                let deadlines = world
                    .rows_of_task("SELECT deadline FROM tasks WHERE organization_id = $1 AND id = $2", &told.task, |row| {
                        row.get::<Timestamp>(0)
                    })
                    .await;
                assert!(deadlines[0] <= now, "{} was at its deadline before {}", told.task, deadlines[0]);
            }
            "sla.warning" | "sla.breached" => self.alarm(world, told).await,
            _ => {}
        }
    }

    /// Once in a cycle, and not before so much of the budget is used up by the calendar.
    async fn alarm(&mut self, world: &World, told: &Told) {
        let now = world.now();
        let known = self.tasks.get_mut(&told.task).unwrap();
        let (metric, stage, cycle) = (text(&told.detail["metric"]), text(&told.detail["stage"]), told.detail["cycle"].as_i64().unwrap());
        let percent = told.detail["percent"].as_i64().unwrap_or(100);
        let fresh = known.alarms.insert((metric.clone(), stage.clone(), cycle, format!("{} {percent}", told.queue)));
        assert!(fresh, "{}: {metric} of {stage}, cycle {cycle}: {percent} % twice", told.task);
        let config = &world.queues[&told.queue];
        let sla = config.sla.as_ref().unwrap();
        let cycles = world
            .rows_of_task("SELECT cycle FROM sla_cycles WHERE organization_id = $1 AND task_id = $2", &told.task, |row| {
                row.json::<Cycle>(0)
            })
            .await;
        let stages = config.workflow().stages;
        let place = stages.iter().position(|one| one.key == stage).map_or(0, |at| i64::try_from(at).unwrap());
        let of =
            cycles.iter().find(|one| one.metric.as_str() == metric && one.number == cycle && (metric == "total" || one.stage == place));
        let of = of.unwrap_or_else(|| panic!("{}: no cycle {cycle} of {metric} at {stage}", told.task));
        // A priority that is not measured ends the cycle, under the budget that it had.
        let budget = sla.metric(of.metric, &stage).unwrap().budget(known.priority.unwrap()).unwrap_or(of.budget);
        let used = match &sla.calendar {
            Some(calendar) => world.business[calendar].elapsed(of.started_at, now),
            None => now.as_microsecond() - of.started_at.as_microsecond(),
        };
        let due = i64::try_from(budget.as_micros()).unwrap() * percent / 100;
        assert!(used >= due, "{}: {metric} of {stage}, cycle {cycle}: {percent} % told after {used} of {due} µs", told.task);
    }

    /// Says what happened, and that there was enough of everything.
    pub(crate) fn conclude(&self, world: &World, days: i64) {
        eprintln!("{days} days to {}: {} tasks, {:?}", world.now(), self.tasks.len(), self.counts);
        let least = [
            "task.submitted",
            "task.reviewed",
            "task.offered",
            "offer.ended",
            "task.unroutable",
            "task.escalated",
            "task.overflowed",
            "task.prioritized",
            "task.assigned",
            "task.claimed",
            "task.skipped",
            "task.expired",
            "task.revised",
            "sla.warning",
            "sla.breached",
            "stage.completed",
            "absence.created",
            "delegation.created",
        ];
        for what in least {
            assert!(days < 30 || self.counts.get(what).is_some_and(|count| *count > 10), "{what} was hardly tried");
        }
    }
}

fn is_deadline(rule: &str) -> bool {
    rule.starts_with("deadline") || rule == "returned_to_agent"
}
