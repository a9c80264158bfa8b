//! Who acts for whom, and who must not.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;
use crate::{
    Code,
    assignment::{Requirement, Routing, Taken},
    id::AbsenceId,
};

fn at(day: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + day * 86_400).unwrap()
}

fn member(n: u128) -> MemberId {
    MemberId(Uuid::from_u128(n))
}

fn delegation(id: u128, from: u128, to: u128) -> Delegation {
    Delegation {
        id: DelegationId(Uuid::from_u128(id)),
        from: member(from),
        to: To::Member(member(to)),
        starts_at: at(0),
        ends_at: at(10),
        mode: Mode::Always,
        scope: Scope::default(),
        include_existing: false,
        reason: None,
        revoked_at: None,
    }
}

fn absence(who: u128, starts: i64, ends: i64) -> Absence {
    Absence {
        id: AbsenceId(Uuid::from_u128(1)),
        member_id: member(who),
        starts_at: at(starts),
        ends_at: at(ends),
        open_work: OpenWork::Keep,
        reason: None,
    }
}

fn pointers(result: Result<(), Refusal>) -> Vec<String> {
    result.err().map(|refusal| refusal.places.into_iter().map(|place| place.pointer).collect()).unwrap_or_default()
}

/// The id of the delegation by which somebody acts for member 1 on this day.
fn by(delegations: &[Delegation], absences: &[Absence], day: i64) -> Option<u128> {
    let absent = |who| is_absent(absences, who, at(day));
    acting(delegations, member(1), "gate", ReviewType::Approval, absent, at(day)).map(|delegation| delegation.id.0.as_u128())
}

mod validation {
    use super::*;

    #[test]
    fn nobody_delegates_to_themself() {
        let refusal = delegation(1, 1, 1).validate([]).unwrap_err();
        assert_eq!((refusal.code, refusal.places[0].pointer.as_str()), (Code::ValidationError, "/to"));
        assert_eq!(pointers(delegation(1, 1, 2).validate([])), Vec::<String>::new());
    }

    #[test]
    fn every_wrong_place_is_named() {
        let wrong = Delegation {
            to: To::Group("Not a key".into()),
            ends_at: at(0),
            scope: Scope { queue_keys: Some(vec!["gate".into(), "gate".into(), "no key".into()]), review_types: Some(Vec::new()) },
            reason: Some("a\0".into()),
            ..delegation(1, 1, 2)
        };
        let expected = ["/to/group", "/ends_at", "/scope/queue_keys", "/scope/queue_keys/2", "/scope/review_types", "/reason"];
        assert_eq!(pointers(wrong.validate([])), expected);
    }

    #[test]
    fn a_period_is_positive_and_a_year_at_most() {
        for (days, fits) in [(-1, false), (0, false), (1, true), (LONGEST_DAYS, true), (LONGEST_DAYS + 1, false)] {
            assert_eq!(Delegation { ends_at: at(days), ..delegation(1, 1, 2) }.validate([]).is_ok(), fits, "{days} days");
            assert_eq!(absence(1, 0, days).validate().is_ok(), fits, "{days} days");
        }
    }

    #[test]
    fn a_second_one_to_the_same_may_not_overlap() {
        let first = delegation(1, 1, 2);
        let second = |change: fn(&mut Delegation)| {
            let mut second = Delegation { starts_at: at(9), ends_at: at(20), ..delegation(2, 1, 2) };
            change(&mut second);
            pointers(second.validate([&first]))
        };
        assert_eq!(second(|_| ()), ["/starts_at"]);
        assert!(second(|it| it.starts_at = at(10)).is_empty(), "after the first");
        assert!(second(|it| it.to = To::Member(member(3))).is_empty(), "to another");
        assert!(second(|it| it.from = member(3)).is_empty(), "from another");
        assert!(second(|it| it.id = DelegationId(Uuid::from_u128(1))).is_empty(), "the first itself, changed");
        let revoked = Delegation { revoked_at: Some(at(1)), ..first.clone() };
        assert!(Delegation { id: DelegationId(Uuid::from_u128(2)), ..first.clone() }.validate([&revoked]).is_ok());
    }

    #[test]
    fn scopes_without_anything_in_common_do_not_overlap() {
        let queues = |id, keys: &[&str]| {
            let scope = Scope { queue_keys: Some(keys.iter().map(ToString::to_string).collect()), review_types: None };
            Delegation { scope, ..delegation(id, 1, 2) }
        };
        assert!(queues(1, &["a", "b"]).validate([&queues(2, &["c"])]).is_ok());
        assert!(queues(1, &["a", "b"]).validate([&queues(2, &["b"])]).is_err());
        assert!(queues(1, &["a", "b"]).validate([&delegation(2, 1, 2)]).is_err(), "everything");
    }
}

mod effect {
    use super::*;

    #[test]
    fn it_has_effect_in_its_period_until_it_is_revoked() {
        let mut all = [delegation(1, 1, 2)];
        assert_eq!([-1, 0, 9, 10].map(|day| by(&all, &[], day)), [None, Some(1), Some(1), None]);
        all[0].revoked_at = Some(at(5));
        assert_eq!([4, 5].map(|day| by(&all, &[], day)), [Some(1), None]);
    }

    #[test]
    fn while_absent_is_while_absent() {
        let all = [Delegation { mode: Mode::WhileAbsent, ..delegation(1, 1, 2) }];
        assert_eq!([2, 3, 5].map(|day| by(&all, &[absence(1, 3, 5)], day)), [None, Some(1), None]);
    }

    #[test]
    fn it_covers_its_queues_and_review_types() {
        let scoped = |keys: Option<&str>, types: Option<ReviewType>| {
            let scope = Scope { queue_keys: keys.map(|key| vec![key.into()]), review_types: types.map(|one| vec![one]) };
            by(&[Delegation { scope, ..delegation(1, 1, 2) }], &[], 1)
        };
        assert_eq!(scoped(None, None), Some(1));
        assert_eq!(scoped(Some("gate"), Some(ReviewType::Approval)), Some(1));
        assert_eq!(scoped(Some("other"), Some(ReviewType::Approval)), None);
        assert_eq!(scoped(Some("gate"), Some(ReviewType::Scoring)), None);
    }

    #[test]
    fn of_several_the_last_that_started_holds_and_an_absent_delegate_is_passed_over() {
        let all = [Delegation { starts_at: at(2), ..delegation(1, 1, 2) }, delegation(9, 1, 3)];
        assert_eq!([1, 2].map(|day| by(&all, &[], day)), [Some(9), Some(1)]);
        assert_eq!(by(&all, &[absence(2, 2, 5)], 2), Some(9));
        assert_eq!(by(&all, &[absence(2, 2, 5), absence(3, 2, 5)], 2), None);
    }

    #[test]
    fn an_absent_delegate_does_not_pass_it_on() {
        let chain = [delegation(1, 1, 2), delegation(2, 2, 3)];
        assert_eq!(by(&chain, &[], 1), Some(1));
        assert_eq!(by(&chain, &[absence(2, 0, 5)], 1), None);
    }

    #[test]
    fn a_group_acts_by_its_members_and_never_for_one_of_them_by_themself() {
        let to_group = Delegation { to: To::Group("finance".into()), ..delegation(1, 1, 2) };
        let in_finance = |key: &str| key == "finance";
        assert_eq!(by(std::slice::from_ref(&to_group), &[], 1), Some(1));
        assert!(to_group.reaches(member(5), in_finance));
        assert!(!to_group.reaches(member(5), |_| false));
        assert!(!to_group.reaches(member(1), in_finance), "the one who delegates");
        assert!(delegation(1, 1, 2).reaches(member(2), |_| false) && !delegation(1, 1, 2).reaches(member(3), in_finance));
    }

    #[test]
    fn it_is_written_in_plain_words() {
        let to = [To::Member(member(2)), To::Group("finance".into())].map(|to| serde_json::to_value(to).unwrap());
        assert_eq!(to, [serde_json::json!({"member": member(2)}), serde_json::json!({"group": "finance"})]);
        assert_eq!(serde_json::to_value(Mode::WhileAbsent).unwrap(), "while_absent");
    }

    #[test]
    fn open_work_goes_where_the_absence_says() {
        let leaves = |open_work, delegation: Option<&Delegation>| on_start(&Absence { open_work, ..absence(1, 0, 5) }, delegation);
        let new_only = delegation(1, 1, 2);
        let all = Delegation { include_existing: true, ..new_only.clone() };
        for delegation in [None, Some(&new_only), Some(&all)] {
            assert_eq!(leaves(OpenWork::Keep, delegation), Handover::Keep);
            assert_eq!(leaves(OpenWork::Return, delegation), Handover::Return);
        }
        assert_eq!(leaves(OpenWork::Delegate, None), Handover::Return);
        assert_eq!(leaves(OpenWork::Delegate, Some(&new_only)), Handover::Keep);
        assert_eq!(leaves(OpenWork::Delegate, Some(&all)), Handover::Delegate(To::Member(member(2))));
    }
}

mod duties {
    use super::*;
    use crate::capacity::Presence;

    fn check_with(requirement: &Requirement, actor: &Candidate, principal: &Candidate) -> Result<(), Filter> {
        let routing = Routing::default();
        check(&Eligibility::new(&routing, requirement, at(0)), actor, principal)
    }

    #[test]
    fn separation_of_duties_holds_for_the_actor_and_for_the_principal() {
        let plain = Requirement::since(at(0));
        let fine = [Candidate::present(member(1)), Candidate::present(member(2))];
        assert_eq!(check_with(&plain, &fine[0], &fine[1]), Ok(()));
        type Bar = (fn(&mut Candidate), Filter);
        let bars: [Bar; 7] = [
            (|it| it.enabled = false, Filter::Enabled),
            (|it| it.may_review = false, Filter::Access),
            (|it| it.is_requester = true, Filter::Requester),
            (|it| it.reviewed_earlier_stage = true, Filter::EarlierStage),
            (|it| it.voted = true, Filter::Voted),
            (|it| it.declined = true, Filter::Declined),
            (|it| it.excluded = true, Filter::Excluded),
        ];
        for (bar, filter) in bars {
            for barred in 0..2 {
                let mut both = fine.clone();
                bar(&mut both[barred]);
                assert_eq!(check_with(&plain, &both[0], &both[1]), Err(filter), "{}", ["actor", "principal"][barred]);
            }
        }
    }

    #[test]
    fn that_the_principal_is_away_or_busy_or_has_the_task_keeps_nobody_from_acting() {
        let actor = Candidate::present(member(1));
        let principal = Candidate {
            presence: Presence::Offline,
            inside_hours: false,
            capacity_units: 0,
            max_per_day: Some(0),
            holds: true,
            ..Candidate::present(member(2))
        };
        let plain = Requirement::since(at(0));
        assert_eq!(check_with(&plain, &actor, &principal), Ok(()));
        assert_eq!(check_with(&plain, &principal, &actor), Err(Filter::Presence), "but not the other way round");
    }

    #[test]
    fn another_membership_of_the_principal_counts_as_the_principal() {
        let named = |n, identity: &str| Candidate { identity: Some(identity.into()), ..Candidate::present(member(n)) };
        let voted = Requirement { taken: vec![Taken { member_id: member(3), identity: "ann".into() }], ..Requirement::since(at(0)) };
        assert_eq!(check_with(&voted, &named(1, "bob"), &named(2, "ann")), Err(Filter::SamePerson));
        assert_eq!(check_with(&voted, &named(1, "ann"), &named(2, "bob")), Err(Filter::SamePerson));
        assert_eq!(check_with(&voted, &named(1, "bob"), &named(3, "ann")), Ok(()), "their own part");
    }
}

prop_compose! {
    fn any_delegation()(
        (id, from, to) in (0_u128..50, 1_u128..5, prop::option::weighted(0.8, 1_u128..5)),
        (starts, days) in (0_i64..8, 1_i64..6),
        always: bool,
        queue in prop::option::of(prop::sample::select(vec!["gate", "other"])),
        revoked in prop::option::weighted(0.2, 0_i64..8),
    ) -> Delegation {
        Delegation {
            to: to.map_or_else(|| To::Group("finance".into()), |to| To::Member(member(to))),
            starts_at: at(starts),
            ends_at: at(starts + days),
            mode: if always { Mode::Always } else { Mode::WhileAbsent },
            scope: Scope { queue_keys: queue.map(|key| vec![key.into()]), review_types: None },
            revoked_at: revoked.map(at),
            ..delegation(id, from, 0)
        }
    }
}

proptest! {
    /// What others delegate changes nothing about who acts for a member, and whoever acts is there and was named by that member.
    #[test]
    fn delegations_do_not_cascade(
        delegations in prop::collection::vec(any_delegation(), 0..12),
        away in prop::collection::vec((1_u128..5, 0_i64..8, 1_i64..5), 0..5), day in 0_i64..12,
    ) {
        let absences: Vec<_> = away.into_iter().map(|(who, starts, days)| absence(who, starts, starts + days)).collect();
        let is_away = |n: u128| absences.iter().any(|absence| absence.member_id == member(n) && (absence.starts_at..absence.ends_at).contains(&at(day)));
        let own: Vec<_> = delegations.iter().filter(|delegation| delegation.from == member(1)).cloned().collect();
        let found = by(&delegations, &absences, day);
        prop_assert_eq!(found, by(&own, &absences, day));
        let holds = |delegation: &&Delegation| {
            let to = (1..5).find(|n| delegation.to == To::Member(member(*n)));
            let in_time = (delegation.starts_at..delegation.ends_at).contains(&at(day)) && delegation.revoked_at.is_none_or(|end| end > at(day));
            let in_scope = delegation.scope.queue_keys.as_ref().is_none_or(|keys| keys[0] == "gate");
            in_time && in_scope && (delegation.mode == Mode::Always || is_away(1)) && to.is_none_or(|to| to != 1 && !is_away(to))
        };
        let mut in_force: Vec<_> = own.iter().filter(holds).map(|delegation| (delegation.starts_at, delegation.id.0.as_u128())).collect();
        in_force.sort_unstable();
        prop_assert_eq!(found, in_force.last().map(|(_, id)| *id));
    }
}
