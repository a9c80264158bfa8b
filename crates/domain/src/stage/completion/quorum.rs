//! So many of each group, where somebody in several groups counts for one of them: a maximum matching of people to places.

use std::collections::VecDeque;

use super::{Ballot, Eligible, GroupCount, Rule, Standing};

pub(super) fn evaluate(ballot: &Ballot<'_>, rule: &Rule, groups: &[GroupCount], eligible: &Eligible) -> Standing {
    let places = rule.most_reviews();
    let first = ballot.votes.first().map(|(_, vote)| vote.answer.as_str());
    if let Some(first) = first
        && ballot.votes.iter().any(|(_, vote)| vote.answer != first)
    {
        return ballot.disagreement(rule, None);
    }
    let mut filled = Matching::new(groups);
    for (_, vote) in &ballot.votes {
        filled.seat(&vote.groups);
    }
    match first {
        Some(first) if filled.seated() == places => return ballot.complete(rule, first, None),
        _ => {}
    }
    let mut reach = filled.clone();
    for (of, count) in &eligible.by_groups {
        // Once one of several equal people finds no place, none of the others does.
        for _ in 0..(*count).min(places) {
            if !reach.seat(of) {
                break;
            }
        }
    }
    if reach.seated() < places || places == 0 {
        return Standing::Impossible { missing: (places - reach.seated()).max(1) };
    }
    let from = |group: &GroupCount| {
        let (mut filled, of) = (filled.clone(), std::slice::from_ref(&group.group));
        let count = (0..group.count).take_while(|_| filled.seat(of)).count();
        GroupCount { group: group.group.clone(), count }
    };
    let from_groups = groups.iter().map(from).filter(|group| group.count > 0).collect();
    Standing::Open { wanted: places - filled.seated(), from_groups }
}

/// People at the places of a quorum, as many as find one.
#[derive(Clone)]
struct Matching<'a> {
    groups: &'a [GroupCount],
    /// Of each group, the people at its places: each as the groups that they could sit for.
    seats: Vec<Vec<Vec<usize>>>,
}

impl<'a> Matching<'a> {
    fn new(groups: &'a [GroupCount]) -> Self {
        Self { groups, seats: vec![Vec::new(); groups.len()] }
    }

    fn seated(&self) -> usize {
        self.seats.iter().map(Vec::len).sum()
    }

    /// Seats one more person, moving others where that makes room (a shortest augmenting path). Those seated stay seated.
    fn seat(&mut self, of: &[String]) -> bool {
        let person: Vec<usize> = (0..self.groups.len()).filter(|i| of.contains(&self.groups[*i].group)).collect();
        // From which group, and by moving whom, each group was reached.
        let mut reached: Vec<Option<Option<(usize, usize)>>> = vec![None; self.groups.len()];
        let mut next = VecDeque::new();
        for group in &person {
            reached[*group] = Some(None);
            next.push_back(*group);
        }
        while let Some(group) = next.pop_front() {
            if self.seats[group].len() < self.groups[group].count {
                self.shift(person, group, &reached);
                return true;
            }
            for (seat, seated) in self.seats[group].iter().enumerate() {
                for other in seated {
                    if reached[*other].is_none() {
                        reached[*other] = Some(Some((group, seat)));
                        next.push_back(*other);
                    }
                }
            }
        }
        false
    }

    /// Moves people along the path that ends at the free place of `group`, and seats `person` at its start.
    fn shift(&mut self, person: Vec<usize>, mut group: usize, reached: &[Option<Option<(usize, usize)>>]) {
        while let Some(Some((from, seat))) = reached[group] {
            let moved = self.seats[from].swap_remove(seat);
            self.seats[group].push(moved);
            group = from;
        }
        self.seats[group].push(person);
    }
}
