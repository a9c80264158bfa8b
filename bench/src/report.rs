//! What a measurement came to, and the lines of the table.

use std::fmt;

use hdrhistogram::Histogram;

/// What a measurement came to.
#[derive(Clone)]
pub(crate) struct Report {
    pub(crate) what: String,
    pub(crate) clients: usize,
    pub(crate) per_second: f64,
    /// Microseconds.
    pub(crate) times: Histogram<u64>,
    /// Processor time of the measured process for each answer, if it was measured.
    pub(crate) cpu_micros: Option<f64>,
    /// The share of the processors that others took meanwhile.
    pub(crate) others: f64,
}

/// A share of others above which a repeat counts only when there is no better one.
const DISTURBED: f64 = 0.1;

impl Report {
    /// The one with the median rate, among those that were not disturbed if there are any.
    pub(crate) fn median(mut reports: Vec<Self>) -> Self {
        if reports.iter().any(|report| report.others <= DISTURBED) {
            reports.retain(|report| report.others <= DISTURBED);
        }
        reports.sort_by(|a, b| a.per_second.total_cmp(&b.per_second));
        let middle = reports.len() / 2;
        reports.swap_remove(middle)
    }

    /// The line with how the rate compares to another's.
    pub(crate) fn beside(&self, other: &Self) -> String {
        format!("{self} {:.0} % |", 100.0 * self.per_second / other.per_second)
    }

    /// The line alone.
    pub(crate) fn alone(&self) -> String {
        format!("{self} |")
    }
}

pub(crate) const HEAD: &str =
    "| what | clients | a second | p50 ms | p99 ms | process µs each | others | ratio |\n|---|---|---|---|---|---|---|---|";

impl fmt::Display for Report {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let millis = |quantile| self.times.value_at_quantile(quantile) as f64 / 1e3;
        let Self { what, clients, per_second, .. } = self;
        let cpu = self.cpu_micros.map(|cpu| format!("{cpu:.0}")).unwrap_or_default();
        let others = self.others * 100.0;
        write!(out, "| {what} | {clients} | {per_second:.0} | {:.2} | {:.2} | {cpu} | {others:.0} % |", millis(0.5), millis(0.99))
    }
}

/// A line with one figure.
pub(crate) fn figure(what: &str, figure: impl fmt::Display) -> String {
    format!("| {what} | | | | | | | {figure} |")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::histogram;

    fn report(per_second: f64, others: f64) -> Report {
        Report { what: "w".into(), clients: 1, per_second, times: histogram().unwrap(), cpu_micros: None, others }
    }

    #[test]
    fn disturbed_repeats_count_only_when_there_are_no_others() {
        let median = |reports: &[Report]| Report::median(reports.to_vec()).per_second;
        assert_eq!(median(&[report(1.0, 0.5), report(9.0, 0.0), report(8.0, 0.05), report(7.0, 0.1), report(2.0, 0.9)]), 8.0);
        assert_eq!(median(&[report(3.0, 0.5), report(1.0, 0.9), report(2.0, 0.4)]), 2.0);
    }
}
