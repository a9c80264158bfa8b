//! The rules of who reviews a task, each against a reference that is written another way.

use proptest::prelude::{any, prop, prop_assert, prop_assert_eq, proptest};

use super::samples::{at, candidate, candidates, member, person, requirement, routing, strategy};
use super::*;
use crate::{
    Code, Timestamp,
    capacity::Presence,
    id::{MemberId, TaskId},
    refusal::Places,
    skill::{Skill, SkillRequirement},
    task::Priority,
};
use jiff::SignedDuration;
use uuid::Uuid;

const NOW: i64 = 0;

fn pick(strategy: Strategy, candidates: &[Candidate]) -> Decision {
    choose(strategy, &Routing::default(), &Requirement::since(at(NOW)), candidates, at(NOW))
}

fn pointers(routing: &Routing) -> Vec<String> {
    let mut places = Places::default();
    routing.validate(&mut places, "/routing");
    places.finish().err().map(|refusal| refusal.places.into_iter().map(|place| place.pointer).collect()).unwrap_or_default()
}

mod configuration {
    use super::*;

    #[test]
    fn an_empty_object_is_a_valid_routing() {
        let routing: Routing = serde_json::from_str("{}").unwrap();
        assert_eq!(routing, Routing::default());
        assert_eq!(routing.offer_timeout_seconds, 120);
        assert_eq!(pointers(&routing), Vec::<String>::new());
    }

    #[test]
    fn every_strategy_is_a_plain_string() {
        for strategy in Strategy::ALL {
            assert_eq!(serde_json::to_value(strategy).unwrap(), strategy.as_str());
        }
        assert_eq!(serde_json::from_str::<Routing>("{}").unwrap(), Routing::default());
        assert_eq!(Routing::default().then, Ranking::LoadBalanced);
    }

    #[test]
    fn every_wrong_place_is_named() {
        let routing = Routing {
            sticky_seconds: 0,
            offer_timeout_seconds: 9,
            weight: 0,
            ageing_minutes: Some(0),
            skills: vec![SkillRequirement { skill: "a".into(), min_level: -1, mandatory: true, drop_after_seconds: None }],
            overflow_queue: Some("Not a key".into()),
            excluded_member_ids: vec![member(1), member(1)],
            ..Routing::default()
        };
        let expected = [
            "/routing/sticky_seconds",
            "/routing/offer_timeout_seconds",
            "/routing/weight",
            "/routing/ageing_minutes",
            "/routing/skills/0/min_level",
            "/routing/overflow_queue",
            "/routing/overflow_after_minutes",
            "/routing/excluded_member_ids",
        ];
        assert_eq!(pointers(&routing), expected);
        assert_eq!(pointers(&Routing { overflow_after_minutes: Some(5), ..Routing::default() }), ["/routing/overflow_after_minutes"]);
    }

    #[test]
    fn overflow_helps_after_its_time() {
        let routing = Routing { overflow_queue: Some("spare".into()), overflow_after_minutes: Some(5), ..Routing::default() };
        assert_eq!(pointers(&routing), Vec::<String>::new());
        assert_eq!(routing.overflows_at(at(0)), Some(at(300)));
        assert_eq!(Routing::default().overflows_at(at(0)), None);
    }

    #[test]
    fn a_cycle_of_overflow_queues_is_named() {
        assert!(check_overflow::<&str>(&[]).is_ok());
        assert!(check_overflow(&[("a", "b"), ("b", "c"), ("d", "b")]).is_ok(), "several may lead to one");
        let refusal = check_overflow(&[("x", "a"), ("a", "b"), ("b", "c"), ("c", "a")]).unwrap_err();
        assert_eq!(refusal.code, Code::ValidationError);
        assert_eq!(refusal.detail, "The overflow queues form a cycle: 'a' → 'b' → 'c' → 'a'.");
        assert_eq!(check_overflow(&[("a", "a")]).unwrap_err().detail, "The overflow queues form a cycle: 'a' → 'a'.");
    }

    proptest! {
        #[test]
        fn overflow_is_refused_exactly_when_a_queue_leads_back_to_itself(next in prop::collection::vec(prop::option::of(0_usize..8), 8)) {
            let edges: Vec<_> = next.iter().enumerate().filter_map(|(from, to)| Some((from.to_string(), to.as_ref()?.to_string()))).collect();
            let leads_back = (0..8).any(|start| {
                std::iter::successors(next[start], |at| next[*at]).take(8).any(|at| at == start)
            });
            prop_assert_eq!(check_overflow(&edges).is_err(), leads_back);
        }
    }
}

mod filters {
    use super::*;

    #[test]
    fn they_are_counted_in_the_order_in_which_they_are_listed() {
        for (i, filter) in Filter::ALL.into_iter().enumerate() {
            assert_eq!(filter as usize, i);
            assert_eq!(serde_json::to_value(filter).unwrap(), filter.as_str());
            assert!(filter.sentence().ends_with('.'));
        }
    }

    /// One candidate for every filter, who fails that one alone.
    fn failing(filter: Filter) -> Candidate {
        let fine = Candidate { skills: vec![Skill { skill: "french".into(), level: 50, valid_until: None }], ..person(1) };
        match filter {
            Filter::Enabled => Candidate { enabled: false, ..fine },
            Filter::Presence => Candidate { presence: Presence::Away, ..fine },
            Filter::Hours => Candidate { inside_hours: false, ..fine },
            Filter::Access => Candidate { may_review: false, ..fine },
            Filter::Skills => Candidate { skills: Vec::new(), ..fine },
            Filter::Capacity => Candidate { load_units: 9, ..fine },
            Filter::DailyLimit => Candidate { assigned_today: 3, max_per_day: Some(3), ..fine },
            Filter::Requester => Candidate { is_requester: true, ..fine },
            Filter::EarlierStage => Candidate { reviewed_earlier_stage: true, ..fine },
            Filter::Voted => Candidate { voted: true, ..fine },
            Filter::SamePerson => Candidate { identity: Some("ann".into()), ..fine },
            Filter::Declined => Candidate { declined: true, ..fine },
            Filter::Excluded => Candidate { member_id: member(66), ..fine },
            Filter::Holds => Candidate { holds: true, ..fine },
        }
    }

    fn task() -> (Routing, Requirement) {
        let need = SkillRequirement { skill: "french".into(), min_level: 50, mandatory: true, drop_after_seconds: None };
        let routing = Routing { skills: vec![need], weight: 2, excluded_member_ids: vec![member(99), member(66)], ..Routing::default() };
        let taken = vec![Taken { member_id: member(2), identity: "ann".into() }];
        (routing, Requirement { taken, ..Requirement::since(at(NOW)) })
    }

    #[test]
    fn each_keeps_away_whom_it_names_and_says_so() {
        let (routing, requirement) = task();
        let eligibility = Eligibility::new(&routing, &requirement, at(NOW));
        for filter in Filter::ALL {
            let alone = failing(filter);
            assert_eq!(eligibility.explain_one(&alone), Err(filter));
            let decision = choose(Strategy::RoundRobin, &routing, &requirement, [&alone], at(NOW));
            assert_eq!(decision.chosen, None);
            assert_eq!(decision.explanation.reason, Some(Nobody::EmptiedBy { filter }));
            assert!(Nobody::EmptiedBy { filter }.is_unroutable());
        }
    }

    #[test]
    fn by_hand_work_may_be_given_to_the_busy_and_never_to_those_who_must_not_decide() {
        let (routing, requirement) = task();
        let eligibility = Eligibility::new(&routing, &requirement, at(NOW));
        for filter in Filter::ALL {
            let expected = if filter.binds() { Err(filter) } else { Ok(vec![filter]) };
            assert_eq!(eligibility.explain_by_hand(&failing(filter)), expected);
        }
    }

    #[test]
    fn ones_own_part_in_a_task_is_not_that_of_another_membership() {
        let requirement =
            Requirement { taken: vec![Taken { member_id: member(1), identity: "ann".into() }], ..Requirement::since(at(NOW)) };
        let routing = Routing::default();
        let eligibility = Eligibility::new(&routing, &requirement, at(NOW));
        let named = |n, identity: &str| Candidate { identity: Some(identity.into()), ..person(n) };
        assert_eq!(eligibility.explain_one(&named(1, "ann")), Ok(()));
        assert_eq!(eligibility.explain_one(&named(2, "ann")), Err(Filter::SamePerson));
        assert_eq!(eligibility.explain_one(&named(2, "bob")), Ok(()));
        assert_eq!(eligibility.explain_one(&person(2)), Ok(()), "unknown");
    }

    #[test]
    fn no_capacity_is_no_work() {
        let none = Candidate { capacity_units: 0, ..person(1) };
        assert_eq!(pick(Strategy::LoadBalanced, &[none]).explanation.reason, Some(Nobody::EmptiedBy { filter: Filter::Capacity }));
    }

    /// The filters as a sentence each, without their order.
    fn reference(candidate: &Candidate, routing: &Routing, requirement: &Requirement, now: Timestamp) -> Vec<Filter> {
        let waited = now.duration_since(requirement.opened_at).as_secs();
        let needed = routing.skills.iter().chain(&requirement.skills).filter(|need| need.drop_after_seconds.is_none_or(|end| waited < end));
        let has = |need: &SkillRequirement| {
            let fitting = candidate.skills.iter().filter(|skill| skill.skill == need.skill && skill.level >= need.min_level);
            fitting.filter(|skill| skill.valid_until.unwrap_or(Timestamp::MAX) > now).count() > 0
        };
        let same = |taken: &Taken| taken.member_id != candidate.member_id && Some(taken.identity.as_str()) == candidate.identity.as_deref();
        let stopped = [
            (!candidate.enabled, Filter::Enabled),
            (candidate.presence != Presence::Online, Filter::Presence),
            (!candidate.inside_hours, Filter::Hours),
            (!candidate.may_review, Filter::Access),
            (!needed.into_iter().all(has), Filter::Skills),
            (candidate.capacity_units - candidate.load_units < routing.weight, Filter::Capacity),
            (candidate.max_per_day.unwrap_or(i64::MAX) <= candidate.assigned_today, Filter::DailyLimit),
            (candidate.is_requester, Filter::Requester),
            (candidate.reviewed_earlier_stage, Filter::EarlierStage),
            (candidate.voted, Filter::Voted),
            (requirement.taken.iter().any(same), Filter::SamePerson),
            (candidate.declined, Filter::Declined),
            (candidate.excluded || routing.excluded_member_ids.contains(&candidate.member_id), Filter::Excluded),
            (candidate.holds, Filter::Holds),
        ];
        stopped.into_iter().filter(|(stops, _)| *stops).map(|(_, filter)| filter).collect()
    }

    proptest! {
        #[test]
        fn one_member_is_told_what_the_reference_says(
            mut candidate in candidate(), n in 1_u128..31, routing in routing(), requirement in requirement(),
        ) {
            candidate.member_id = member(n);
            let missed = reference(&candidate, &routing, &requirement, at(NOW));
            let eligibility = Eligibility::new(&routing, &requirement, at(NOW));
            prop_assert_eq!(eligibility.explain_one(&candidate).err(), missed.first().copied());
            let binding = missed.iter().copied().find(|filter| filter.binds());
            prop_assert_eq!(eligibility.explain_by_hand(&candidate), binding.map_or(Ok(missed), Err));
        }

        /// Applied one after the other to what the one before left, as a person would.
        #[test]
        fn the_counts_are_those_of_filtering_step_by_step(
            candidates in candidates(), routing in routing(), requirement in requirement(), strategy in strategy(),
        ) {
            let decision = choose(strategy, &routing, &requirement, &candidates, at(NOW));
            let mut rest: Vec<_> = candidates.iter().collect();
            let mut expected = Vec::new();
            let mut emptied_by = None;
            for filter in Filter::ALL {
                let before = rest.len();
                rest.retain(|candidate| !reference(candidate, &routing, &requirement, at(NOW)).contains(&filter));
                expected.push((filter, rest.len()));
                if before > 0 && rest.is_empty() {
                    emptied_by = Some(Nobody::EmptiedBy { filter });
                }
            }
            let explanation = &decision.explanation;
            prop_assert_eq!(&explanation.left, &expected);
            prop_assert_eq!(explanation.eligible(), rest.len());
            prop_assert_eq!(explanation.candidates, candidates.len());
            prop_assert_eq!(decision.chosen.is_some(), !rest.is_empty() && strategy.names_reviewer());
            prop_assert!(decision.chosen.is_none_or(|chosen| rest.iter().any(|candidate| candidate.member_id == chosen)));
            prop_assert_eq!(decision.chosen.is_some(), explanation.score.is_some());
            if rest.is_empty() {
                prop_assert_eq!(explanation.reason, Some(emptied_by.unwrap_or(Nobody::NoCandidates)));
            } else {
                prop_assert_eq!(explanation.reason, (!strategy.names_reviewer()).then_some(Nobody::LeftToPeople));
            }
            let stored = serde_json::to_string(&decision).unwrap();
            prop_assert_eq!(serde_json::from_str::<Decision>(&stored).unwrap(), decision);
        }
    }
}

mod strategies {
    use super::*;

    #[test]
    fn manual_and_pull_leave_it_to_people_and_say_when_there_is_nobody() {
        for strategy in [Strategy::Manual, Strategy::Pull] {
            let decision = pick(strategy, &[person(1)]);
            assert_eq!((decision.chosen, decision.explanation.reason), (None, Some(Nobody::LeftToPeople)));
            assert!(!Nobody::LeftToPeople.is_unroutable());
            assert_eq!(pick(strategy, &[]).explanation.reason, Some(Nobody::NoCandidates));
        }
    }

    #[test]
    fn round_robin_takes_whoever_never_had_a_task_first() {
        let had = |n, seconds| Candidate { last_assigned_at: Some(at(seconds)), ..person(n) };
        let decision = pick(Strategy::RoundRobin, &[had(1, -10), person(3), person(2)]);
        assert_eq!(decision.chosen, Some(member(2)));
        assert_eq!(decision.explanation.score, Some(Score::LeastRecent { last_assigned_at: None }));
        assert_eq!(pick(Strategy::RoundRobin, &[had(1, -10), had(2, -20)]).chosen, Some(member(2)));
    }

    #[test]
    fn load_is_compared_as_a_share_and_ties_go_to_the_least_recent() {
        let busy = |n, load_units, capacity_units| Candidate { load_units, capacity_units, ..person(n) };
        let decision = pick(Strategy::LoadBalanced, &[busy(1, 4, 10), busy(2, 1, 3), busy(3, 1, 2)]);
        assert_eq!(decision.chosen, Some(member(2)), "2/3 is more than 6/10 and 1/2");
        assert_eq!(decision.explanation.score, Some(Score::SpareShare { spare_units: 2, capacity_units: 3 }));
        let tie =
            [Candidate { last_assigned_at: Some(at(-5)), ..busy(1, 1, 3) }, Candidate { last_assigned_at: Some(at(-9)), ..busy(2, 2, 6) }];
        assert_eq!(pick(Strategy::LoadBalanced, &tie).chosen, Some(member(2)));
    }

    #[test]
    fn skill_based_filters_and_then_ranks_as_told() {
        let able = |n, load_units, last| {
            let skills = vec![Skill { skill: "french".into(), level: 80, valid_until: None }];
            Candidate { skills, load_units, last_assigned_at: Some(at(last)), ..person(n) }
        };
        let all = [person(1), able(2, 5, -20), able(3, 0, -10)];
        let need = SkillRequirement { skill: "french".into(), min_level: 50, mandatory: true, drop_after_seconds: None };
        for (then, expected) in [(Ranking::RoundRobin, 2), (Ranking::LoadBalanced, 3)] {
            let routing = Routing { then, skills: vec![need.clone()], ..Routing::default() };
            let decision = choose(Strategy::SkillBased, &routing, &Requirement::since(at(NOW)), &all, at(NOW));
            assert_eq!(decision.chosen, Some(member(expected)));
        }
    }

    #[test]
    fn a_dropped_skill_is_named_in_the_account() {
        let need = SkillRequirement { skill: "french".into(), min_level: 0, mandatory: false, drop_after_seconds: Some(60) };
        let routing = Routing { skills: vec![need], ..Routing::default() };
        let after = |seconds| choose(Strategy::SkillBased, &routing, &Requirement::since(at(0)), &[person(1)], at(seconds));
        assert_eq!(after(59).explanation.reason, Some(Nobody::EmptiedBy { filter: Filter::Skills }));
        assert_eq!((after(60).chosen, after(60).explanation.dropped_skills), (Some(member(1)), vec!["french".to_owned()]));
    }

    #[test]
    fn sticky_takes_the_last_reviewer_of_the_thread_and_falls_through_to_load() {
        let knows = |n, seconds| Candidate { reviewed_thread_at: Some(at(seconds)), load_units: 9, ..person(n) };
        let decision = pick(Strategy::Sticky, &[person(1), knows(2, -200), knows(3, -100)]);
        assert_eq!(decision.chosen, Some(member(3)));
        assert_eq!(decision.explanation.score, Some(Score::SameThread { reviewed_at: at(-100) }));
        let long_ago = pick(Strategy::Sticky, &[person(1), knows(2, -3_601)]);
        assert_eq!(long_ago.chosen, Some(member(1)));
        assert_eq!(long_ago.explanation.score, Some(Score::SpareShare { spare_units: 10, capacity_units: 10 }));
        let away = pick(Strategy::Sticky, &[person(1), Candidate { presence: Presence::Away, ..knows(2, -1) }]);
        assert_eq!(away.chosen, Some(member(1)), "away");
    }

    proptest! {
        /// The choice against a reference that sorts all who are eligible.
        #[test]
        fn the_choice_is_the_first_of_the_sorted(
            candidates in candidates(), routing in routing(), requirement in requirement(), strategy in strategy(),
        ) {
            let eligibility = Eligibility::new(&routing, &requirement, at(NOW));
            let mut eligible: Vec<_> = candidates.iter().filter(|candidate| eligibility.explain_one(candidate).is_ok()).collect();
            let recency = |of: &Candidate| (of.last_assigned_at.map_or(i64::MIN, Timestamp::as_second), of.assigned_today, of.member_id);
            // Capacities are below 6: 60 is a common denominator.
            let share = |of: &Candidate| -(60 * (of.capacity_units - of.load_units) / of.capacity_units);
            let thread = |of: &Candidate| {
                let since = at(NOW).as_second() - routing.sticky_seconds;
                of.reviewed_thread_at.map(Timestamp::as_second).filter(|second| *second >= since).map_or(i64::MAX, |second| -second)
            };
            let load_balanced = match strategy {
                Strategy::RoundRobin => false,
                Strategy::SkillBased => routing.then == Ranking::LoadBalanced,
                _ => true,
            };
            let sticky = strategy == Strategy::Sticky;
            eligible.sort_by_key(|of| (if sticky { thread(of) } else { 0 }, if load_balanced { share(of) } else { 0 }, recency(of)));
            let expected = eligible.first().filter(|_| strategy.names_reviewer()).map(|of| of.member_id);
            prop_assert_eq!(choose(strategy, &routing, &requirement, &candidates, at(NOW)).chosen, expected);
        }

        #[test]
        fn round_robin_never_differs_by_more_than_one_between_equals(
            people in 1_u128..8, pauses in prop::collection::vec(0_i64..3, 1..60), same_skill: bool,
        ) {
            let strategy = if same_skill { Strategy::SkillBased } else { Strategy::RoundRobin };
            let routing = Routing { then: Ranking::RoundRobin, ..Routing::default() };
            let mut all: Vec<_> = (1..=people).map(|n| Candidate { capacity_units: 1_000, ..person(n) }).collect();
            let mut now = NOW;
            // A pause of 0: several tasks in one instant.
            for pause in pauses {
                now += pause;
                let chosen = choose(strategy, &routing, &Requirement::since(at(now)), &all, at(now)).chosen.unwrap();
                let candidate = all.iter_mut().find(|candidate| candidate.member_id == chosen).unwrap();
                candidate.last_assigned_at = Some(at(now));
                candidate.assigned_today += 1;
                candidate.load_units += 1;
                let counts = || all.iter().map(|candidate| candidate.assigned_today);
                prop_assert!(counts().max().unwrap() - counts().min().unwrap() <= 1);
            }
        }

        /// Tasks of any weight come and go: nobody ever has more than they take on, and a task waits only when nobody has room for it.
        #[test]
        fn load_balancing_never_exceeds_capacity(
            capacities in prop::collection::vec(0_i64..12, 1..8),
            steps in prop::collection::vec((1_i64..4, any::<prop::sample::Index>(), any::<bool>()), 1..60),
        ) {
            let mut all: Vec<_> = capacities.iter().zip(1..).map(|(units, n)| Candidate { capacity_units: *units, ..person(n) }).collect();
            let mut given: Vec<(MemberId, i64)> = Vec::new();
            for (second, (weight, which, ends)) in (0..).zip(steps) {
                if ends && !given.is_empty() {
                    let (who, weight) = given.swap_remove(which.index(given.len()));
                    all.iter_mut().find(|candidate| candidate.member_id == who).unwrap().load_units -= weight;
                }
                let routing = Routing { weight, ..Routing::default() };
                let decision = choose(Strategy::LoadBalanced, &routing, &Requirement::since(at(second)), &all, at(second));
                match decision.chosen {
                    Some(chosen) => {
                        let candidate = all.iter_mut().find(|candidate| candidate.member_id == chosen).unwrap();
                        candidate.load_units += weight;
                        candidate.last_assigned_at = Some(at(second));
                        prop_assert!(candidate.load_units <= candidate.capacity_units);
                        given.push((chosen, weight));
                    }
                    None => prop_assert!(all.iter().all(|candidate| candidate.load_units + weight > candidate.capacity_units)),
                }
            }
        }
    }
}

mod turns {
    use super::*;

    fn mins(minutes: i64) -> SignedDuration {
        SignedDuration::from_mins(minutes)
    }

    #[test]
    fn waiting_gains_a_step_for_every_ageing_time_and_none_past_urgent() {
        let low_after = |minutes| effective_rank(Priority::Low, Some(30), mins(minutes));
        assert_eq!([0, 29, 30, 59, 60, 90, 1_000_000].map(low_after), [3, 3, 2, 2, 1, 0, 0]);
        assert_eq!(effective_rank(Priority::Low, None, mins(1_000_000)), 3);
        assert_eq!(effective_rank(Priority::Normal, Some(30), mins(-90)), 2, "a clock that went back takes nothing away");
    }

    #[test]
    fn turns_go_by_rank_then_due_then_age_then_id() {
        let turn = |rank, deadline: Option<i64>, created, id| Turn {
            rank,
            deadline: deadline.map(at),
            created_at: at(created),
            id: TaskId(Uuid::from_u128(id)),
        };
        let in_order = [
            turn(0, None, 9, 9),
            turn(1, Some(1), 9, 9),
            turn(1, Some(2), 1, 9),
            turn(1, Some(2), 2, 1),
            turn(1, Some(2), 2, 2),
            turn(1, None, 0, 0),
        ];
        assert!(in_order.is_sorted());
        let mut turned = in_order;
        turned.reverse();
        turned.sort();
        assert_eq!(turned, in_order);
    }

    proptest! {
        #[test]
        fn the_next_rise_is_the_first_moment_with_a_better_rank(
            priority in prop::sample::select(Priority::ALL.to_vec()), ageing in 1_i64..40, waited in 0_i64..9_000,
        ) {
            let rank = |second: i64| effective_rank(priority, Some(ageing), SignedDuration::from_secs(second));
            match next_rise(priority, Some(ageing), at(0), at(waited)) {
                Some(next) => {
                    let second = next.duration_since(at(0)).as_secs();
                    prop_assert!(second > waited);
                    prop_assert_eq!(rank(second - 1), rank(waited));
                    prop_assert_eq!(rank(second), rank(waited) - 1);
                }
                None => prop_assert_eq!(rank(waited), 0),
            }
            prop_assert_eq!(next_rise(priority, None, at(0), at(waited)), None);
        }
    }
}
