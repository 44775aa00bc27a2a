//! Presses on stages, fields and the time zone. Each carries what it sets, so that a second tap changes nothing more.

use std::fmt;

use chrono_tz::Tz;
use shared::ids::{PipelineId, Stage, StatusId};

use super::codes::{code, of};
use super::number;
use crate::domain::setup::{Fact, FieldChoice, StageRole};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SetupPress {
    /// The stages of one pipeline, or the pipelines to choose from.
    Stages(StageRole, Option<PipelineId>),
    SetStage(StageRole, Stage, bool),
    Fields,
    /// A page of the fields that a fact may stand in.
    Field(Fact, u32),
    SetField(Fact, FieldChoice),
    Timezones,
    SetTimezone(Tz),
}

const ROLES: [(StageRole, &str); 2] = [(StageRole::Opens, "o"), (StageRole::Ends, "e")];
const FACTS: [(Fact, &str); 6] = [
    (Fact::Address, "a"),
    (Fact::OrderNumber, "n"),
    (Fact::Zone, "z"),
    (Fact::Dealer, "d"),
    (Fact::Product, "p"),
    (Fact::Comment, "c"),
];

pub fn write(f: &mut fmt::Formatter<'_>, press: SetupPress) -> fmt::Result {
    match press {
        SetupPress::Stages(role, None) => write!(f, "p:{}", code(&ROLES, role)),
        SetupPress::Stages(role, Some(pipeline)) => write!(f, "s:{}:{pipeline}", code(&ROLES, role)),
        SetupPress::SetStage(role, stage, is_on) => {
            write!(f, "{}:{}:{stage}", if is_on { "a" } else { "r" }, code(&ROLES, role))
        }
        SetupPress::Fields => f.write_str("f"),
        SetupPress::Field(fact, page) => write!(f, "g:{}:{page}", code(&FACTS, fact)),
        SetupPress::SetField(fact, FieldChoice::Field(id)) => write!(f, "h:{}:{id}", code(&FACTS, fact)),
        SetupPress::SetField(fact, FieldChoice::Nothing) => write!(f, "n:{}", code(&FACTS, fact)),
        SetupPress::SetField(fact, FieldChoice::AsStarted) => write!(f, "u:{}", code(&FACTS, fact)),
        SetupPress::Timezones => f.write_str("z"),
        SetupPress::SetTimezone(to) => write!(f, "t:{}", to.name()),
    }
}

pub fn read<'a>(kind: &str, parts: &mut impl Iterator<Item = &'a str>) -> Option<SetupPress> {
    Some(match kind {
        "p" => SetupPress::Stages(of(&ROLES, parts.next()?)?, None),
        "s" => SetupPress::Stages(of(&ROLES, parts.next()?)?, Some(PipelineId(number(parts.next()?)?))),
        "a" | "r" => {
            let role = of(&ROLES, parts.next()?)?;
            let pipeline_id = PipelineId(number(parts.next()?)?);
            let stage = Stage { pipeline_id, status_id: StatusId(number(parts.next()?)?) };
            SetupPress::SetStage(role, stage, kind == "a")
        }
        "f" => SetupPress::Fields,
        "g" => SetupPress::Field(of(&FACTS, parts.next()?)?, number(parts.next()?)?),
        "h" => SetupPress::SetField(of(&FACTS, parts.next()?)?, FieldChoice::Field(number(parts.next()?)?)),
        "n" => SetupPress::SetField(of(&FACTS, parts.next()?)?, FieldChoice::Nothing),
        "u" => SetupPress::SetField(of(&FACTS, parts.next()?)?, FieldChoice::AsStarted),
        "z" => SetupPress::Timezones,
        "t" => SetupPress::SetTimezone(parts.next()?.parse().ok()?),
        _ => return None,
    })
}
