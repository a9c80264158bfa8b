//! Who else uses the machine. A measurement begins when nobody does, and says how much of the processors others took meanwhile.

use std::{collections::HashMap, fs, time::Duration};

/// Idle share at which a machine counts as quiet.
const QUIET: f64 = 0.9;
/// Longest wait for that. What is measured then says how busy the machine was.
const PATIENCE: Duration = Duration::from_secs(20);
const GLANCE: Duration = Duration::from_millis(400);

/// Ticks of all processors, and those of this program and what it started.
#[derive(Clone, Copy)]
pub(crate) struct Ticks {
    all: u64,
    busy: u64,
    own: u64,
}

impl Ticks {
    pub(crate) fn now() -> anyhow::Result<Self> {
        let stat = fs::read_to_string("/proc/stat")?;
        let fields: Vec<u64> = stat.lines().next().unwrap_or_default().split_whitespace().filter_map(|field| field.parse().ok()).collect();
        let of = |index: usize| fields.get(index).copied().unwrap_or(0);
        // user, nice, system, idle, iowait, irq, softirq, steal: interrupts serve the load itself.
        let busy = of(0) + of(1) + of(2) + of(7);
        Ok(Self { all: fields.iter().take(8).sum(), busy, own: own_ticks(std::process::id())? })
    }

    /// The share of the processors that others took since then.
    pub(crate) fn others_since(self) -> anyhow::Result<f64> {
        let now = Self::now()?;
        let others = (now.busy - self.busy).saturating_sub(now.own.saturating_sub(self.own));
        Ok(others as f64 / (now.all - self.all).max(1) as f64)
    }
}

/// Ticks of a process, its children that ended, and its descendants.
pub(crate) fn own_ticks(root: u32) -> anyhow::Result<u64> {
    let mut children: HashMap<u32, Vec<u32>> = HashMap::new();
    let mut ticks = HashMap::new();
    for entry in fs::read_dir("/proc")? {
        let Some(id) = entry?.file_name().to_str().and_then(|name| name.parse::<u32>().ok()) else { continue };
        // A process that ends while it is looked at has nothing to say.
        let Ok(stat) = fs::read_to_string(format!("/proc/{id}/stat")) else { continue };
        let fields: Vec<&str> = stat.rsplit_once(") ").map_or("", |(_, rest)| rest).split_whitespace().collect();
        let of = |index: usize| fields.get(index).and_then(|field| field.parse::<u64>().ok()).unwrap_or(0);
        let parent = u32::try_from(of(1)).unwrap_or(0);
        children.entry(parent).or_default().push(id);
        // utime, stime, cutime, cstime.
        ticks.insert(id, of(11) + of(12) + of(13) + of(14));
    }
    let (mut sum, mut open) = (0, vec![root]);
    while let Some(id) = open.pop() {
        sum += ticks.get(&id).copied().unwrap_or(0);
        open.extend(children.remove(&id).unwrap_or_default());
    }
    Ok(sum)
}

/// Waits until the machine is quiet.
pub(crate) async fn wait() -> anyhow::Result<()> {
    let until = tokio::time::Instant::now() + PATIENCE;
    loop {
        let before = Ticks::now()?;
        tokio::time::sleep(GLANCE).await;
        if before.others_since()? < 1.0 - QUIET || tokio::time::Instant::now() > until {
            return Ok(());
        }
    }
}
