//! Calendars, groups and on-call schedules.

use signoff_wire::{
    Timestamp,
    resource::{
        Calendar, CalendarDefinition, Group, GroupDefinition, ImportHolidays, ImportedHolidays, OnCall, Schedule, ScheduleDefinition,
    },
};

use crate::{Client, Error, call::segment};

impl Client {
    /// All calendars, by key.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn calendars(&self) -> Result<Vec<Calendar>, Error> {
        self.get("/calendar").read().await
    }

    /// A calendar.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn calendar(&self, key: &str) -> Result<Calendar, Error> {
        self.get(format!("/calendar/{}", segment(key))).read().await
    }

    /// Makes or changes a calendar.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn put_calendar(&self, key: &str, definition: &CalendarDefinition) -> Result<Calendar, Error> {
        self.put(format!("/calendar/{}", segment(key)), definition)?.read().await
    }

    /// Closes the days of an iCalendar file's all-day events.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn import_holidays(&self, key: &str, file: &ImportHolidays) -> Result<ImportedHolidays, Error> {
        self.post(format!("/calendar/{}/import", segment(key)), file)?.read().await
    }

    /// Takes a calendar away.
    ///
    /// # Errors
    /// Any of [`Error`]; `in_use` while something names it.
    pub async fn delete_calendar(&self, key: &str) -> Result<(), Error> {
        self.delete(format!("/calendar/{}", segment(key))).send().await.map(drop)
    }

    /// All groups, by key.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn groups(&self) -> Result<Vec<Group>, Error> {
        self.get("/group").read().await
    }

    /// Makes or changes a group.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn put_group(&self, key: &str, definition: &GroupDefinition) -> Result<Group, Error> {
        self.put(format!("/group/{}", segment(key)), definition)?.read().await
    }

    /// Takes a group away.
    ///
    /// # Errors
    /// Any of [`Error`]; `in_use` while something names it.
    pub async fn delete_group(&self, key: &str) -> Result<(), Error> {
        self.delete(format!("/group/{}", segment(key))).send().await.map(drop)
    }

    /// All on-call schedules, by key.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn schedules(&self) -> Result<Vec<Schedule>, Error> {
        self.get("/schedule").read().await
    }

    /// Makes or changes an on-call schedule.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn put_schedule(&self, key: &str, definition: &ScheduleDefinition) -> Result<Schedule, Error> {
        self.put(format!("/schedule/{}", segment(key)), definition)?.read().await
    }

    /// Takes an on-call schedule away.
    ///
    /// # Errors
    /// Any of [`Error`]; `in_use` while something names it.
    pub async fn delete_schedule(&self, key: &str) -> Result<(), Error> {
        self.delete(format!("/schedule/{}", segment(key))).send().await.map(drop)
    }

    /// Who is on call at an instant, or now.
    ///
    /// # Errors
    /// Any of [`Error`].
    pub async fn on_call(&self, key: &str, at: Option<Timestamp>) -> Result<OnCall, Error> {
        self.get(format!("/schedule/{}/on-call", segment(key))).query("at", at).read().await
    }
}
