//! Holidays of an iCalendar file become exceptions of a calendar.

use serde::{Deserialize, Serialize};
use signoff_domain::{
    Moment, Refusal,
    calendar::{Calendar, CalendarException, ical},
};
use signoff_store::{
    Command, Error, Tx,
    resources::{self, Resource},
};

use super::{Definition, put};
use crate::Caller;

/// What an import did.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Imported {
    /// The calendar as it is now.
    pub calendar: Resource<Calendar>,
    /// How many dates were closed that had no exception before.
    pub added: usize,
    /// How many dates had an exception already, which stays as it is.
    pub kept: usize,
    /// What was left out of the file.
    pub notices: Vec<ical::Notice>,
    /// How many more notices there would be.
    pub further_notices: usize,
}

/// Closes the days of a file's all-day events. A date that has an exception already keeps it.
pub struct ImportHolidays {
    /// Who.
    pub caller: Caller,
    /// When.
    pub moment: Moment,
    /// Into which calendar.
    pub key: String,
    /// The file.
    pub ical: String,
    /// In which years.
    pub years: Vec<i16>,
}

impl Command for ImportHolidays {
    type Out = Imported;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<Imported, Error> {
        self.caller.require(Calendar::WRITE)?;
        let found = resources::lock::<Calendar>(tx, self.caller.organization_id, Calendar::KIND, &self.key).await?;
        let mut calendar = found.ok_or_else(|| Refusal::not_found(Calendar::KIND, &self.key))?.definition;
        let (Some(first), Some(last)) = (self.years.iter().min(), self.years.iter().max()) else {
            return Err(Refusal::invalid("/years", "Must name at least one year.").into());
        };
        let range = 1900..=2200;
        if !range.contains(first) || !range.contains(last) || last - first >= ical::MAX_YEARS {
            let most = ical::MAX_YEARS;
            return Err(Refusal::invalid("/years", format!("Must be years from 1900 to 2200, all within {most} years.")).into());
        }
        let import = ical::import(&self.ical, *first..=*last).map_err(placed)?;
        let asked = |exception: &CalendarException| self.years.contains(&exception.date.year());
        let (kept, new): (Vec<_>, Vec<_>) = import
            .exceptions
            .into_iter()
            .filter(asked)
            .partition(|exception| calendar.exceptions.iter().any(|known| known.date == exception.date));
        let added = new.len();
        calendar.exceptions.extend(new);
        calendar.exceptions.sort_by_key(|exception| exception.date);
        let (calendar, _) = put(tx, &self.caller, &self.moment, &mut self.moment.ids(), &self.key, &calendar).await?;
        Ok(Imported { calendar, added, kept: kept.len(), notices: import.notices, further_notices: import.further_notices })
    }
}

/// The refusal of a file, with the place in the request.
fn placed(refusal: Refusal) -> Refusal {
    if refusal.places.is_empty() { Refusal::at(refusal.code, "/ical", refusal.detail) } else { refusal }
}
