//! Whom a «too many requests» concerns. Telegram does not say whether it means the chat or the whole bot: one chat
//! is taken at its word, several within a short time mean everybody.

use std::collections::{HashSet, VecDeque};

use chrono::{DateTime, TimeDelta, Utc};

use crate::domain::ids::ChatId;

const SHORT: TimeDelta = TimeDelta::seconds(10);
const SEVERAL: usize = 3;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Concerns {
    ThisChat,
    Everybody,
}

#[derive(Debug, Default)]
pub struct Flood {
    complaints: VecDeque<(DateTime<Utc>, ChatId)>,
}

impl Flood {
    pub fn complain(&mut self, chat: ChatId, now: DateTime<Utc>) -> Concerns {
        self.complaints.retain(|(at, _)| *at + SHORT > now);
        self.complaints.push_back((now, chat));
        let chats: HashSet<ChatId> = self.complaints.iter().map(|(_, chat)| *chat).collect();
        if chats.len() >= SEVERAL { Concerns::Everybody } else { Concerns::ThisChat }
    }
}

#[cfg(test)]
mod tests {
    use super::Concerns::{Everybody, ThisChat};
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000 + second, 0).unwrap()
    }

    #[test]
    fn several_chats_within_a_short_time_mean_everybody() {
        let mut flood = Flood::default();
        let chats = [(0, 1), (1, 1), (2, 2), (3, 3), (20, 4)];
        let told = chats.map(|(second, chat)| flood.complain(ChatId(chat), at(second)));
        assert_eq!(told, [ThisChat, ThisChat, ThisChat, Everybody, ThisChat]);
    }
}
