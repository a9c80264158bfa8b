//! Groups of members, and whom a stage asks.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::{
    Refusal,
    id::MemberId,
    refusal::Places,
    text::{self, Limit},
};

/// Members that queues, stages and escalations name together.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// What people call it.
    pub name: Option<String>,
    /// Who belongs to it.
    pub member_ids: Vec<MemberId>,
}

impl Group {
    /// # Errors
    /// [`crate::Code::ValidationError`] for a bad name, somebody named twice, or more than 10,000 members.
    pub fn validate(&self) -> Result<(), Refusal> {
        let mut places = Places::default();
        text::check_opt(&mut places, "/name", self.name.as_deref(), Limit::line(1, 120));
        places.require(self.member_ids.len() <= 10_000, "/member_ids", "At most 10000 members.");
        let distinct: HashSet<_> = self.member_ids.iter().collect();
        places.require(distinct.len() == self.member_ids.len(), "/member_ids", "A member is named twice.");
        places.finish()
    }
}

/// Whom a stage asks: anybody who is named or belongs to one of the groups.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Reviewers {
    /// Keys of groups.
    pub groups: Vec<String>,
    /// Members beside those of the groups.
    pub member_ids: Vec<MemberId>,
}

impl Reviewers {
    /// The text under which tasks are kept that wait for these reviewers: the same for the same reviewers in any order.
    #[must_use]
    pub fn audience(&self) -> String {
        let mut sorted = self.clone();
        sorted.groups.sort();
        sorted.groups.dedup();
        sorted.member_ids.sort();
        sorted.member_ids.dedup();
        // Two lists of texts always serialize.
        serde_json::to_string(&sorted).unwrap_or_default()
    }

    /// The reviewers of a text that [`Reviewers::audience`] wrote.
    #[must_use]
    pub fn parse(audience: &str) -> Option<Self> {
        serde_json::from_str(audience).ok()
    }

    /// Whether a member of these groups is asked.
    #[must_use]
    pub fn asks(&self, member: MemberId, groups: &[String]) -> bool {
        self.member_ids.contains(&member) || self.groups.iter().any(|group| groups.contains(group))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    #[test]
    fn the_same_reviewers_in_another_order_are_one_audience() {
        let (ann, bob) = (MemberId(Uuid::from_u128(1)), MemberId(Uuid::from_u128(2)));
        let one = Reviewers { groups: vec!["legal".into(), "finance".into()], member_ids: vec![ann, bob] };
        let other = Reviewers { groups: vec!["finance".into(), "legal".into(), "legal".into()], member_ids: vec![bob, ann] };
        assert_eq!(one.audience(), other.audience());
        assert!(Reviewers::parse(&one.audience()).unwrap().asks(ann, &[]));
        assert!(!one.asks(MemberId(Uuid::from_u128(3)), &["support".into()]));
        assert!(one.asks(MemberId(Uuid::from_u128(3)), &["legal".into()]));
    }
}
