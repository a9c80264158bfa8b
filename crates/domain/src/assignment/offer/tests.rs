//! The life of an offer, and what comes too late.

use proptest::prelude::*;
use uuid::Uuid;

use super::*;

fn at(seconds: i64) -> Timestamp {
    Timestamp::from_second(1_800_000_000 + seconds).unwrap()
}

fn offer() -> Offer {
    Offer::new(OfferId(Uuid::from_u128(1)), TaskId(Uuid::from_u128(2)), 0, MemberId(Uuid::from_u128(3)), 120, at(0))
}

/// The whole table, written out: every state against every move.
#[test]
fn the_legal_moves_are_exactly_these() {
    use OfferMove::{Accept, Decline, Expire, Revoke};
    use OfferState::{Accepted, Declined, Expired, Offered, Revoked};
    let legal = [(Offered, Accept, Accepted), (Offered, Decline, Declined), (Offered, Expire, Expired), (Offered, Revoke, Revoked)];
    for from in OfferState::ALL {
        for by in OfferMove::ALL {
            let expected = legal.iter().find(|row| row.0 == from && row.1 == by).map(|row| row.2);
            assert_eq!(transition(from, by).ok(), expected, "{from:?} by {by:?}");
        }
    }
}

#[test]
fn states_are_read_as_they_are_written() {
    for state in OfferState::ALL {
        assert_eq!(OfferState::parse(state.as_str()), Some(state));
        assert_eq!(serde_json::to_value(state).unwrap(), state.as_str());
    }
    assert_eq!(OfferState::parse("leased"), None);
}

#[test]
fn an_offer_is_accepted_before_its_end_and_expires_from_then_on() {
    let offer = offer();
    assert!(offer.stands(at(119)) && !offer.stands(at(120)));
    assert_eq!(offer.moved(OfferMove::Accept, at(119)).unwrap().state, OfferState::Accepted);
    assert_eq!(offer.moved(OfferMove::Expire, at(119)).unwrap_err().code, Code::IllegalTransition);
    assert_eq!(offer.moved(OfferMove::Accept, at(120)).unwrap_err().code, Code::IllegalTransition);
    assert_eq!(offer.moved(OfferMove::Expire, at(120)).unwrap().state, OfferState::Expired);
    assert_eq!(offer.moved(OfferMove::Decline, at(500)).unwrap().state, OfferState::Declined);
    assert_eq!(offer.moved(OfferMove::Revoke, at(500)).unwrap().state, OfferState::Revoked);
}

#[test]
fn an_answer_is_final() {
    let accepted = offer().moved(OfferMove::Accept, at(1)).unwrap();
    assert!(!accepted.stands(at(2)));
    for by in OfferMove::ALL {
        assert_eq!(accepted.moved(by, at(500)).unwrap_err().code, Code::IllegalTransition);
    }
}

#[test]
fn slots_are_wanted_less_promised_and_never_negative() {
    assert_eq!(free_slots(3, 1, 1, 0), 1);
    assert_eq!(free_slots(3, 1, 1, 1), 0);
    assert_eq!(free_slots(1, 0, 2, 3), 0, "an administrator may have named more than are wanted");
}

#[test]
fn late_work_counts_while_a_slot_is_open_and_is_kept_otherwise() {
    assert_eq!(late(true, 1, 0, 0), Late::Counts);
    assert_eq!(late(true, 1, 1, 0), Late::Surplus, "another submitted");
    assert_eq!(late(true, 1, 0, 1), Late::Surplus, "another is at it");
    assert_eq!(late(true, 3, 1, 1), Late::Counts);
    assert_eq!(late(false, 3, 0, 0), Late::Surplus, "the stage is over");
}

proptest! {
    /// However offers, claims, endings and submissions follow each other, never more reviews count than are wanted, and none is lost.
    #[test]
    fn a_stage_never_counts_more_reviews_than_it_wants(wanted in 1_usize..4, steps in prop::collection::vec(0_u8..4, 0..40)) {
        let (mut offered, mut leased, mut lapsed) = (0_usize, 0_usize, 0_usize);
        let (mut counted, mut surplus, mut worked) = (0_usize, 0_usize, 0_usize);
        for step in steps {
            match step {
                0 => if free_slots(wanted, 0, offered, leased + counted) > 0 { offered += 1 },
                // An offer gives way when late work has taken its slot.
                1 => if offered > 0 {
                    offered -= 1;
                    if leased + counted < wanted { leased += 1 }
                },
                2 => if leased > 0 { leased -= 1; lapsed += 1 },
                _ => if lapsed > 0 {
                    (lapsed, worked) = (lapsed - 1, worked + 1);
                    match late(true, wanted, counted, leased) {
                        Late::Counts => counted += 1,
                        Late::Surplus => surplus += 1,
                    }
                } else if leased > 0 {
                    (leased, counted, worked) = (leased - 1, counted + 1, worked + 1);
                },
            }
            prop_assert!(counted + leased <= wanted);
            prop_assert_eq!(counted + surplus, worked);
        }
    }
}
