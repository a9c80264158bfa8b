//! Queues that help each other out: a task must not go round in circles.

use std::collections::HashMap;

use crate::Refusal;

/// Checks that overflow leads somewhere from every queue. An edge is the key of a queue and that of the one that helps it; a queue has one
/// at most, and of several the last holds.
///
/// # Errors
/// [`crate::Code::ValidationError`] at `/overflow_queue` that names a cycle.
pub fn check_overflow<K: AsRef<str>>(edges: &[(K, K)]) -> Result<(), Refusal> {
    let next: HashMap<&str, &str> = edges.iter().map(|(from, to)| (from.as_ref(), to.as_ref())).collect();
    // On which walk a queue was met first.
    let mut met: HashMap<&str, usize> = HashMap::new();
    for (walk, (start, _)) in edges.iter().enumerate() {
        let mut at = start.as_ref();
        while let Some(to) = next.get(at) {
            match met.get(at) {
                Some(earlier) if *earlier == walk => return Err(cycle(&next, at)),
                Some(_) => break,
                None => met.insert(at, walk),
            };
            at = to;
        }
    }
    Ok(())
}

/// The refusal of the cycle on which `start` lies.
fn cycle(next: &HashMap<&str, &str>, start: &str) -> Refusal {
    let rest = std::iter::successors(next.get(start), |at| next.get(*at)).take_while(|at| **at != start);
    let path: String = std::iter::once(&start).chain(rest).map(|key| format!("'{key}' → ")).collect();
    Refusal::invalid("/overflow_queue", format!("The overflow queues form a cycle: {path}'{start}'."))
        .hint("Let one of them overflow into no other queue, or into one outside the cycle.")
}
