//! Presses on what is stuck.

use std::fmt;

use shared::ids::LeadId;

use super::number;
use crate::actions::views::{DealCursor, DealPlace, MessageCursor};
use crate::domain::ids::ParkedId;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailurePress {
    Overview,
    Decisions,
    Deals(DealCursor),
    Deal(LeadId),
    RepeatDeal(LeadId),
    AskSkipDeal(LeadId),
    SkipDeal {
        lead: LeadId,
        /// The events that the person has seen.
        seq: i64,
    },
    Messages(MessageCursor),
    Message(ParkedId),
    RepeatMessage(ParkedId),
    AskSkipMessage(ParkedId),
    SkipMessage {
        id: ParkedId,
        /// How often it had come when the person saw it.
        arrivals: i32,
    },
}

pub fn write(f: &mut fmt::Formatter<'_>, press: FailurePress) -> fmt::Result {
    match press {
        FailurePress::Overview => f.write_str("o"),
        FailurePress::Decisions => f.write_str("h"),
        FailurePress::Deals(DealCursor::First) => f.write_str("s"),
        FailurePress::Deals(DealCursor::After(place)) => write!(f, "a:{}:{}", place.since, place.lead_id.0),
        FailurePress::Deals(DealCursor::Before(place)) => write!(f, "b:{}:{}", place.since, place.lead_id.0),
        FailurePress::Deal(lead) => write!(f, "d:{}", lead.0),
        FailurePress::RepeatDeal(lead) => write!(f, "r:{}", lead.0),
        FailurePress::AskSkipDeal(lead) => write!(f, "q:{}", lead.0),
        FailurePress::SkipDeal { lead, seq } => write!(f, "x:{}:{seq}", lead.0),
        FailurePress::Messages(MessageCursor::First) => f.write_str("m"),
        FailurePress::Messages(MessageCursor::After(id)) => write!(f, "n:{id}"),
        FailurePress::Messages(MessageCursor::Before(id)) => write!(f, "p:{id}"),
        FailurePress::Message(id) => write!(f, "v:{id}"),
        FailurePress::RepeatMessage(id) => write!(f, "t:{id}"),
        FailurePress::AskSkipMessage(id) => write!(f, "k:{id}"),
        FailurePress::SkipMessage { id, arrivals } => write!(f, "z:{id}:{arrivals}"),
    }
}

pub fn read<'a>(kind: &str, parts: &mut impl Iterator<Item = &'a str>) -> Option<FailurePress> {
    Some(match kind {
        "o" => FailurePress::Overview,
        "h" => FailurePress::Decisions,
        "s" => FailurePress::Deals(DealCursor::First),
        "a" => FailurePress::Deals(DealCursor::After(place(parts)?)),
        "b" => FailurePress::Deals(DealCursor::Before(place(parts)?)),
        "d" => FailurePress::Deal(lead(parts)?),
        "r" => FailurePress::RepeatDeal(lead(parts)?),
        "q" => FailurePress::AskSkipDeal(lead(parts)?),
        "x" => FailurePress::SkipDeal { lead: lead(parts)?, seq: number(parts.next()?)? },
        "m" => FailurePress::Messages(MessageCursor::First),
        "n" => FailurePress::Messages(MessageCursor::After(parked(parts)?)),
        "p" => FailurePress::Messages(MessageCursor::Before(parked(parts)?)),
        "v" => FailurePress::Message(parked(parts)?),
        "t" => FailurePress::RepeatMessage(parked(parts)?),
        "k" => FailurePress::AskSkipMessage(parked(parts)?),
        "z" => FailurePress::SkipMessage { id: parked(parts)?, arrivals: number(parts.next()?)? },
        _ => return None,
    })
}

fn place<'a>(parts: &mut impl Iterator<Item = &'a str>) -> Option<DealPlace> {
    Some(DealPlace { since: number(parts.next()?)?, lead_id: lead(parts)? })
}

fn lead<'a>(parts: &mut impl Iterator<Item = &'a str>) -> Option<LeadId> {
    Some(LeadId(number(parts.next()?)?))
}

fn parked<'a>(parts: &mut impl Iterator<Item = &'a str>) -> Option<ParkedId> {
    Some(ParkedId(number(parts.next()?)?))
}
