//! Trying conditions and times, and the clocks of a task.

use signoff_wire::{
    escalation::{DryRunEscalation, PlannedStep},
    policy::{TestPolicy, TestedCondition},
    sla::{SimulateSla, SlaSimulation, TaskSla},
};

use crate::{Client, Error, call::segment};

impl Client {
    /// What each condition says of each task. Changes nothing.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn test_policy(&self, test: &TestPolicy) -> Result<Vec<TestedCondition>, Error> {
        self.ask("/policy/test", test)?.read().await
    }

    /// When a task would be due. Changes nothing.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn simulate_sla(&self, simulate: &SimulateSla) -> Result<SlaSimulation, Error> {
        self.ask("/sla/simulate", simulate)?.read().await
    }

    /// What the escalation of a queue would do, and when. Changes nothing.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn dry_run_escalation(&self, ask: &DryRunEscalation) -> Result<Vec<PlannedStep>, Error> {
        self.ask("/escalation/dry-run", ask)?.read().await
    }

    /// How the clocks of a task stand.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn task_sla(&self, id: &str) -> Result<TaskSla, Error> {
        self.get(format!("/task/{}/sla", segment(id))).read().await
    }
}
