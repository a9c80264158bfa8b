//! Who is on call.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};
use signoff_domain::{
    Refusal, Timestamp,
    delegation::{Absence, is_absent},
    schedule::{OnCall, Rota, Schedule, Shift},
};
use signoff_store::{Error, Query, Tx, absences, resources};

use super::Definition;
use crate::Caller;

/// How far ahead shifts are told.
const AHEAD: SignedDuration = SignedDuration::from_hours(7 * 24);
/// How many of them.
const SHIFTS: usize = 50;

/// Who is on call at an instant, and who is next.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OnDuty {
    /// The instant.
    pub at: Timestamp,
    /// Who is on call then. Whoever is known to be absent is passed over.
    pub on_call: OnCall,
    /// The shifts of the week from then on, as planned: 50 at the most.
    pub shifts: Vec<Shift>,
}

/// Asks who is on call.
pub struct GetOnCall {
    /// Who asks.
    pub caller: Caller,
    /// When it is.
    pub now: Timestamp,
    /// By which schedule.
    pub key: String,
    /// At which instant; now when left out.
    pub at: Option<Timestamp>,
}

impl Query for GetOnCall {
    type Out = OnDuty;

    async fn run(&self, tx: &mut Tx<'_>) -> Result<OnDuty, Error> {
        self.caller.require(Schedule::READ)?;
        let found = resources::get::<Schedule>(tx, self.caller.organization_id, Schedule::KIND, &self.key).await?;
        let schedule = found.ok_or_else(|| Refusal::not_found(Schedule::KIND, &self.key))?;
        let at = self.at.unwrap_or(self.now);
        let rota = Rota::of(&schedule.definition)?;
        let absences = absences::all::<Absence>(tx, self.caller.organization_id, self.now).await?;
        let until = at.checked_add(AHEAD).map_err(|_| Refusal::invalid("at", "Too far ahead."))?;
        let mut shifts = rota.shifts(at, until)?;
        shifts.truncate(SHIFTS);
        Ok(OnDuty { at, on_call: rota.on_call(at, |member| is_absent(&absences, member, at)), shifts })
    }
}
