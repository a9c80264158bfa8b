//! Everybody who could be asked, loaded once for many tasks: what is known of each member, and how they stand to the task that is looked at.

use std::collections::{BTreeMap, BTreeSet};

use signoff_domain::{
    Timestamp,
    assignment::Candidate,
    availability::Availability,
    calendar::Hours,
    delegation::{Absence, Delegation, is_absent},
    group::{Group, Reviewers},
    hold::{Holders, Standing},
    id::{MemberId, OrganizationId},
    member::{Member, MemberState},
    permission::Action,
    queue::Queue,
    task::Task,
};
use signoff_store::{Error, Tx, absences, assignments, members, offers, queues, resources, routing_facts, workloads};

use crate::{
    clocks,
    tasks::{audience::GROUP, holders::holders},
};

/// Everybody who could be asked.
pub(crate) struct Roster {
    candidates: Vec<Candidate>,
    /// Places in the list, by member.
    places: BTreeMap<MemberId, usize>,
    groups: BTreeMap<MemberId, Vec<String>>,
    absences: Vec<Absence>,
    delegations: Vec<Delegation>,
    /// The queue and audience of which `may_review` is set.
    asked: Option<(Queue, String)>,
    /// For whom each would act who is asked only in another's place.
    on_behalf_of: BTreeMap<MemberId, MemberId>,
    /// Whom the task that was looked at last left marked.
    marked: BTreeSet<usize>,
}

impl Roster {
    /// Loads what is known of the members of an organization at this moment.
    pub(crate) async fn load(tx: &mut Tx<'_>, organization: OrganizationId, now: Timestamp) -> Result<Self, Error> {
        let absences = absences::all::<Absence>(tx, organization, now).await?;
        let delegations = absences::delegations::<Delegation>(tx, organization, now).await?;
        let mut groups = BTreeMap::<MemberId, Vec<String>>::new();
        for group in resources::all::<Group>(tx, organization, GROUP).await? {
            for member in group.definition.member_ids {
                groups.entry(member).or_default().push(group.key.clone());
            }
        }
        let known: BTreeMap<MemberId, Availability> = workloads::availabilities(tx, organization).await?.into_iter().collect();
        let loads: BTreeMap<_, _> = workloads::all(tx, organization).await?.into_iter().collect();
        let hours = all_hours(tx, organization, known.values()).await?;
        let today = now.as_second().div_euclid(86_400);
        let usual = Availability::default();
        let candidate = |member: &Member| {
            let availability = known.get(&member.id).unwrap_or(&usual);
            let load = loads.get(&member.id).copied().unwrap_or_default();
            let at_work = availability.calendar.as_ref().and_then(|key| hours.get(key)).is_none_or(|hours| hours.is_open(now));
            Candidate {
                identity: availability.person.clone().map(Into::into),
                enabled: member.state == MemberState::Active && Action::TaskReview.is_allowed_to(member.role),
                presence: availability.presence,
                inside_hours: at_work && !is_absent(&absences, member.id, now),
                may_review: false,
                skills: availability.skills.clone(),
                capacity_units: availability.capacity.units,
                load_units: load.units,
                assigned_today: if load.day == today { load.assigned_that_day } else { 0 },
                max_per_day: availability.capacity.max_per_day,
                last_assigned_at: load.last_assigned_at,
                ..Candidate::present(member.id)
            }
        };
        let candidates: Vec<Candidate> = members::all(tx, organization).await?.iter().map(candidate).collect();
        let places = candidates.iter().enumerate().map(|(place, candidate)| (candidate.member_id, place)).collect();
        let (asked, on_behalf_of, marked) = (None, BTreeMap::new(), BTreeSet::new());
        Ok(Self { candidates, places, groups, absences, delegations, asked, on_behalf_of, marked })
    }

    /// The members as they stand to the task that was looked at last.
    pub(crate) fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// Marks how everybody stands to a locked task. Who let an offer of it pass counts as having declined: see [`Roster::ask_again`].
    pub(crate) async fn look_at(&mut self, tx: &mut Tx<'_>, task: &Task, now: Timestamp) -> Result<(), Error> {
        self.set_access(tx, task, now).await?;
        for place in std::mem::take(&mut self.marked) {
            let plain = &mut self.candidates[place];
            plain.is_requester = false;
            plain.reviewed_earlier_stage = false;
            plain.voted = false;
            plain.declined = false;
            plain.excluded = false;
            plain.holds = false;
            plain.reviewed_thread_at = None;
        }
        let holders = holders(tx, task).await?;
        let earlier = earlier_reviewers(tx, task, &holders).await?;
        for (member, standing) in &holders.standings {
            self.mark(*member, |candidate| match standing {
                // Why somebody is kept out is told as exactly as it is known.
                Standing::Excluded if task.created_by.id == member.to_string() => candidate.is_requester = true,
                Standing::Excluded if earlier.contains(member) => candidate.reviewed_earlier_stage = true,
                Standing::Submitted => candidate.voted = true,
                Standing::Declined => candidate.declined = true,
                Standing::Excluded => candidate.excluded = true,
                Standing::Accepted => candidate.holds = true,
                Standing::Revoked => {}
            });
        }
        for member in holders.places(now) {
            self.mark(member, |candidate| candidate.holds = true);
        }
        // A delegate is not asked where whom they would act for may not review, or has declined: see `delegation::check`.
        let barred = |standing| matches!(standing, Standing::Excluded | Standing::Submitted | Standing::Declined);
        let acting = self.on_behalf_of.iter().filter(|(_, principal)| holders.standing_of(**principal).is_some_and(barred));
        for delegate in acting.map(|(delegate, _)| *delegate).collect::<Vec<_>>() {
            self.mark(delegate, |candidate| candidate.excluded = true);
        }
        for member in offers::passed_by(tx, task).await? {
            self.mark(member, |candidate| candidate.declined = true);
        }
        if let Some(thread) = thread(task) {
            for (member, at) in routing_facts::thread(tx, task.queue_id, thread).await? {
                self.mark(member, |candidate| candidate.reviewed_thread_at = Some(at));
            }
        }
        Ok(())
    }

    /// Lets those be asked again who let an offer of the task pass: nobody else is left. Answers whether there is anybody.
    pub(crate) async fn ask_again(&mut self, tx: &mut Tx<'_>, task: &Task) -> Result<bool, Error> {
        let declined = assignments::at_stage(tx, task).await?;
        let mut passed_by = offers::passed_by(tx, task).await?;
        passed_by.retain(|member| declined.iter().all(|assigned| assigned.member_id != *member || assigned.standing != Standing::Declined));
        for member in &passed_by {
            self.mark(*member, |candidate| candidate.declined = false);
        }
        Ok(!passed_by.is_empty())
    }

    /// Counts what was given to a member.
    pub(crate) fn assigned(&mut self, member: MemberId, weight: i64, now: Timestamp) {
        if let Some(place) = self.places.get(&member) {
            let candidate = &mut self.candidates[*place];
            candidate.load_units = candidate.load_units.saturating_add(weight);
            candidate.assigned_today = candidate.assigned_today.saturating_add(1);
            candidate.last_assigned_at = Some(now);
        }
    }

    /// For whom a member acts who is asked only in another's place.
    pub(crate) fn on_behalf_of(&self, member: MemberId) -> Option<MemberId> {
        self.on_behalf_of.get(&member).copied()
    }

    fn mark(&mut self, member: MemberId, mark: impl FnOnce(&mut Candidate)) {
        if let Some(place) = self.places.get(&member) {
            self.marked.insert(*place);
            mark(&mut self.candidates[*place]);
        }
    }

    /// Sets who may review the task: kept from task to task while queue and audience are the same.
    async fn set_access(&mut self, tx: &mut Tx<'_>, task: &Task, now: Timestamp) -> Result<(), Error> {
        if self.asked.as_ref().is_some_and(|(queue, audience)| queue.id == task.queue_id && *audience == task.audience) {
            return Ok(());
        }
        let queue = queues::current(tx, task.queue_id).await?;
        let named = Reviewers::parse(&task.audience);
        let none = Vec::new();
        let asks = |member: MemberId| match (&named, task.audience.is_empty()) {
            (_, true) => queue.config.lets_review(member),
            (Some(reviewers), false) => reviewers.asks(member, self.groups.get(&member).unwrap_or(&none)),
            (None, false) => false,
        };
        let absent = |member: MemberId| is_absent(&self.absences, member, now);
        let in_force =
            |delegation: &&Delegation| delegation.in_force(&queue.key, queue.config.review_type, absent, now) && asks(delegation.from);
        let in_force: Vec<&Delegation> = self.delegations.iter().filter(in_force).collect();
        let acts_for = |member: MemberId| {
            let groups = self.groups.get(&member).unwrap_or(&none);
            let reaches = |delegation: &&&Delegation| delegation.reaches(member, |group| groups.iter().any(|own| own == group));
            in_force.iter().find(reaches).map(|delegation| delegation.from)
        };
        let mut on_behalf_of = BTreeMap::new();
        let mut access = Vec::with_capacity(self.candidates.len());
        for candidate in &self.candidates {
            let own = asks(candidate.member_id);
            let principal = if own { None } else { acts_for(candidate.member_id) };
            on_behalf_of.extend(principal.map(|principal| (candidate.member_id, principal)));
            access.push(own || principal.is_some());
        }
        for (candidate, may_review) in self.candidates.iter_mut().zip(access) {
            candidate.may_review = may_review;
        }
        self.on_behalf_of = on_behalf_of;
        self.asked = Some((queue, task.audience.clone()));
        Ok(())
    }
}

/// Who reviewed an earlier stage of the task, themself or by another; looked up only where somebody is kept out.
async fn earlier_reviewers(tx: &mut Tx<'_>, task: &Task, holders: &Holders) -> Result<BTreeSet<MemberId>, Error> {
    if task.stage == 0 || holders.standings.iter().all(|(_, standing)| *standing != Standing::Excluded) {
        return Ok(BTreeSet::new());
    }
    let all = assignments::of_task(tx, task.id).await?.into_iter().filter(|assigned| assigned.standing == Standing::Submitted);
    Ok(all.flat_map(|assigned| std::iter::once(assigned.member_id).chain(assigned.on_behalf_of)).collect())
}

/// The thread that a task belongs to, if it says so in its metadata.
pub(crate) fn thread(task: &Task) -> Option<&str> {
    task.metadata.get("thread").and_then(|thread| thread.as_str()).filter(|thread| !thread.is_empty())
}

async fn all_hours<'a>(
    tx: &mut Tx<'_>,
    organization: OrganizationId,
    availabilities: impl Iterator<Item = &'a Availability>,
) -> Result<BTreeMap<String, Hours>, Error> {
    let keys: BTreeSet<&String> = availabilities.filter_map(|availability| availability.calendar.as_ref()).collect();
    let mut hours = BTreeMap::new();
    for key in keys {
        hours.insert(key.clone(), clocks::hours(tx, organization, Some(key)).await?);
    }
    Ok(hours)
}
