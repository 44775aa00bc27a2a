//! The words of each language. Every text a person reads comes from `locales/` through `say!`, which checks
//! its id and its arguments while compiling.

use std::borrow::Cow;
use std::sync::LazyLock;

use i18n_embed::fluent::FluentLanguageLoader;
use i18n_embed::{I18nAssets, LanguageLoader as _};

use crate::domain::facts::Field;
use crate::domain::failures::{NotSent, WhyParked, WhyStuck};
use crate::domain::measurement::{
    CancelReason, DealEnd, DeclineReason, ProblemReason, ReassignReason, StatusKind,
};
use crate::domain::proposal::{Mode, Rule, WhyNot};
use crate::domain::user::{Language, Role, Roles};

const RU: &str = include_str!("../../locales/ru/bot.ftl");
const EN: &str = include_str!("../../locales/en/bot.ftl");

static RUSSIAN: LazyLock<Words> = LazyLock::new(|| Words::load(Language::Ru));
static ENGLISH: LazyLock<Words> = LazyLock::new(|| Words::load(Language::En));

/// A text of `locales/`: `say!(words, "card-deal", name = name)`. Numbers that decide a plural are `i64`.
macro_rules! say {
    ($words:expr, $($text:tt)+) => { i18n_embed_fl::fl!($words.loader(), $($text)+) };
}
pub(in crate::telegram) use say;

/// One language, built once.
pub struct Words {
    loader: FluentLanguageLoader,
}

impl Words {
    pub fn of(language: Language) -> &'static Self {
        match language {
            Language::Ru => &RUSSIAN,
            Language::En => &ENGLISH,
        }
    }

    fn load(language: Language) -> Self {
        let tag: unic_langid::LanguageIdentifier =
            language.as_str().parse().expect("the code of a language is a language tag");
        let loader = FluentLanguageLoader::new("bot", tag.clone());
        loader.load_languages(&Locales, &[tag]).expect("the locales are part of the program");
        // Isolation marks around values would break phone numbers, links and copying.
        loader.set_use_isolating(false);
        Self { loader }
    }

    pub(in crate::telegram) fn loader(&self) -> &FluentLanguageLoader {
        &self.loader
    }

    pub fn status(&self, status: StatusKind) -> String {
        match status {
            StatusKind::Pending => say!(self, "status-pending"),
            StatusKind::Assigned => say!(self, "status-assigned"),
            StatusKind::InProgress => say!(self, "status-in-progress"),
            StatusKind::Completed => say!(self, "status-completed"),
            StatusKind::Cancelled => say!(self, "status-cancelled"),
        }
    }

    pub fn role(&self, role: Role) -> String {
        match role {
            Role::Admin => say!(self, "role-admin"),
            Role::Supervisor => say!(self, "role-supervisor"),
            Role::Observer => say!(self, "role-observer"),
            Role::Measurer => say!(self, "role-measurer"),
            Role::Manager => say!(self, "role-manager"),
        }
    }

    /// «👑 Администратор, 👷 Замерщик».
    pub fn roles(&self, roles: Roles) -> String {
        roles.iter().map(|role| self.role(role)).collect::<Vec<_>>().join(", ")
    }

    /// What stands before the name of a person with these roles: «👷».
    pub fn mark(&self, roles: Roles) -> String {
        roles.main().map(|role| first_word(&self.role(role))).unwrap_or_default()
    }

    /// «⏳».
    pub fn status_mark(&self, status: StatusKind) -> String {
        first_word(&self.status(status))
    }

    pub fn deal_end(&self, end: DealEnd) -> String {
        match end {
            DealEnd::Closed => say!(self, "deal-closed"),
            DealEnd::Deleted => say!(self, "deal-deleted"),
        }
    }

    /// Why a measurer cannot go, as on his button.
    pub fn decline(&self, reason: DeclineReason) -> String {
        match reason {
            DeclineReason::Busy => say!(self, "decline-busy"),
            DeclineReason::Far => say!(self, "decline-far"),
            DeclineReason::NotMine => say!(self, "decline-not-mine"),
            DeclineReason::ClientMoved => say!(self, "decline-client-moved"),
            DeclineReason::Other => say!(self, "reason-other"),
        }
    }

    /// What keeps a measurer from measuring, as on his button.
    pub fn problem(&self, reason: ProblemReason) -> String {
        match reason {
            ProblemReason::ClientAbsent => say!(self, "problem-client-absent"),
            ProblemReason::NotReady => say!(self, "problem-not-ready"),
            ProblemReason::WrongAddress => say!(self, "problem-wrong-address"),
            ProblemReason::Other => say!(self, "reason-other"),
        }
    }

    /// Why the office cancels, as on its button.
    pub fn cancel(&self, reason: CancelReason) -> String {
        match reason {
            CancelReason::ClientRefused => say!(self, "cancel-client-refused"),
            CancelReason::NoAnswer => say!(self, "cancel-no-answer"),
            CancelReason::Duplicate => say!(self, "cancel-duplicate"),
            CancelReason::Mistake => say!(self, "cancel-mistake"),
            CancelReason::Other => say!(self, "reason-other"),
        }
    }

    /// Why the office changes the measurer, as on its button.
    pub fn reassign(&self, reason: ReassignReason) -> String {
        match reason {
            ReassignReason::Unable => say!(self, "reassign-unable"),
            ReassignReason::Overloaded => say!(self, "reassign-overloaded"),
            ReassignReason::ClientAsked => say!(self, "reassign-client-asked"),
            ReassignReason::Mistake => say!(self, "reassign-mistake"),
            ReassignReason::Other => say!(self, "reason-other"),
        }
    }

    /// How a measurer is found.
    pub fn rule(&self, rule: Rule) -> String {
        match rule {
            Rule::Dealer => say!(self, "rule-dealer"),
            Rule::Zone => say!(self, "rule-zone"),
            Rule::Turn => say!(self, "rule-turn"),
        }
    }

    /// Why a measurer was found; `name`, escaped, is the dealer's or the zones'.
    pub fn because(&self, rule: Rule, name: String) -> String {
        match rule {
            Rule::Dealer => say!(self, "because-dealer", name = name),
            Rule::Zone => say!(self, "because-zone", name = name),
            Rule::Turn => say!(self, "because-turn"),
        }
    }

    pub fn mode(&self, mode: Mode) -> String {
        match mode {
            Mode::Off => say!(self, "mode-off"),
            Mode::Propose => say!(self, "mode-propose"),
            Mode::Assign => say!(self, "mode-assign"),
        }
    }

    /// Why somebody is not proposed.
    pub fn why_not(&self, why: WhyNot) -> String {
        match why {
            WhyNot::Away => say!(self, "why-not-away"),
            WhyNot::Disabled => say!(self, "why-not-disabled"),
            WhyNot::Declined => say!(self, "why-not-declined"),
        }
    }

    pub fn field(&self, field: Field) -> String {
        match field {
            Field::Name => say!(self, "field-name"),
            Field::Address => say!(self, "field-address"),
            Field::Client => say!(self, "field-client"),
            Field::Phone => say!(self, "field-phone"),
            Field::OrderNumber => say!(self, "field-order-number"),
            Field::Zone => say!(self, "field-zone"),
            Field::Dealer => say!(self, "field-dealer"),
            Field::Product => say!(self, "field-product"),
            Field::Comment => say!(self, "field-comment"),
        }
    }

    /// «изменён адрес»: a phrase, because the verb agrees with the noun.
    pub fn changed(&self, field: Field) -> String {
        match field {
            Field::Name => say!(self, "changed-name"),
            Field::Address => say!(self, "changed-address"),
            Field::Client => say!(self, "changed-client"),
            Field::Phone => say!(self, "changed-phone"),
            Field::OrderNumber => say!(self, "changed-order-number"),
            Field::Zone => say!(self, "changed-zone"),
            Field::Dealer => say!(self, "changed-dealer"),
            Field::Product => say!(self, "changed-product"),
            Field::Comment => say!(self, "changed-comment"),
        }
    }

    /// Why a deal cannot be read.
    pub fn stuck(&self, why: WhyStuck) -> String {
        match why {
            WhyStuck::NotShown => say!(self, "stuck-not-shown"),
            WhyStuck::Behind => say!(self, "stuck-behind"),
            WhyStuck::NoContact => say!(self, "stuck-no-contact"),
            WhyStuck::NotDeleted => say!(self, "stuck-not-deleted"),
            WhyStuck::Unreadable => say!(self, "stuck-unreadable"),
            WhyStuck::AmoCrmAway => say!(self, "stuck-away"),
            WhyStuck::AmoCrmBlocked => say!(self, "stuck-blocked"),
            WhyStuck::TokenRefused => say!(self, "stuck-token"),
            WhyStuck::NoRight => say!(self, "stuck-no-right"),
            WhyStuck::Ours => say!(self, "stuck-ours"),
        }
    }

    /// Why a message could not be read.
    pub fn parked(&self, why: WhyParked) -> String {
        match why {
            WhyParked::NotAnEvent => say!(self, "parked-not-an-event"),
            WhyParked::Newer => say!(self, "parked-newer"),
            WhyParked::NotStored => say!(self, "parked-not-stored"),
            WhyParked::Returned => say!(self, "parked-returned"),
            WhyParked::ContentType => say!(self, "parked-content-type"),
            WhyParked::Json => say!(self, "parked-json"),
            WhyParked::NotAHook => say!(self, "parked-not-a-hook"),
            WhyParked::TooLarge => say!(self, "parked-too-large"),
            WhyParked::Layout => say!(self, "parked-layout"),
            WhyParked::NoId => say!(self, "parked-no-id"),
            WhyParked::Number => say!(self, "parked-number"),
            WhyParked::Unknown => say!(self, "parked-unknown"),
        }
    }

    /// What came of sending a message again.
    pub fn not_sent(&self, why: NotSent) -> String {
        match why {
            NotSent::CameBack => say!(self, "resent-came-back"),
            NotSent::NoAnswer | NotSent::Unknown => say!(self, "resent-no-answer"),
            NotSent::Refused(status) => say!(self, "resent-refused", status = status.to_string()),
        }
    }

    /// Short name of a month, from 1.
    pub fn month(&self, month: u32) -> String {
        match month {
            1 => say!(self, "month-1"),
            2 => say!(self, "month-2"),
            3 => say!(self, "month-3"),
            4 => say!(self, "month-4"),
            5 => say!(self, "month-5"),
            6 => say!(self, "month-6"),
            7 => say!(self, "month-7"),
            8 => say!(self, "month-8"),
            9 => say!(self, "month-9"),
            10 => say!(self, "month-10"),
            11 => say!(self, "month-11"),
            _ => say!(self, "month-12"),
        }
    }
}

fn first_word(label: &str) -> String {
    label.split(' ').next().unwrap_or_default().to_owned()
}

/// The files inside the program.
struct Locales;

impl I18nAssets for Locales {
    fn get_files(&self, path: &str) -> Vec<Cow<'_, [u8]>> {
        match path {
            "ru/bot.ftl" => vec![Cow::Borrowed(RU.as_bytes())],
            "en/bot.ftl" => vec![Cow::Borrowed(EN.as_bytes())],
            _ => vec![],
        }
    }

    fn filenames_iter(&self) -> Box<dyn Iterator<Item = String> + '_> {
        Box::new(["ru/bot.ftl", "en/bot.ftl"].into_iter().map(str::to_owned))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::{BTreeMap, BTreeSet, HashMap};

    use i18n_embed::fluent::FluentLanguageLoader;

    use super::*;
    use crate::telegram::screens::testing::shown;

    /// Every message of a file with the names of its arguments.
    fn messages(file: &str) -> BTreeMap<String, BTreeSet<String>> {
        let mut messages = BTreeMap::new();
        let mut current = String::new();
        for line in file.lines().filter(|line| !line.starts_with('#')) {
            if let Some((id, _)) = line.split_once(" = ").filter(|_| line.starts_with(char::is_alphabetic)) {
                current = id.to_owned();
            }
            let used = line.split('$').skip(1).map(|rest| {
                rest.chars().take_while(|c| c.is_ascii_lowercase() || *c == '_').collect::<String>()
            });
            if !current.is_empty() {
                messages.entry(current.clone()).or_insert_with(BTreeSet::new).extend(used);
            }
        }
        messages
    }

    #[test]
    fn both_languages_say_the_same_things_with_the_same_values() {
        assert_eq!(messages(RU), messages(EN));
        assert!(messages(RU).len() > 150);
    }

    #[test]
    fn every_text_survives_hostile_values() {
        let hostile = crate::format::html("<b>&\"{ $x } \u{202E}🔥</a>", 99);
        for (language, file) in [(Language::Ru, RU), (Language::En, EN)] {
            let loader: &FluentLanguageLoader = Words::of(language).loader();
            for (id, arguments) in messages(file) {
                let values: HashMap<&str, &str> =
                    arguments.iter().map(|name| (name.as_str(), hostile.as_str())).collect();
                let text = loader.get_args(&id, values);
                let text = shown(&text).unwrap_or_else(|error| panic!("{id}: {error}"));
                assert!(!text.contains("No localization") && !text.is_empty(), "{id}: {text}");
                assert!(!text.contains(['\u{2068}', '\u{2069}', '\u{202E}']), "{id} isolates its values");
                let expected = arguments.len();
                assert!(text.matches("<b>&\"").count() >= expected.min(1), "{id}: {text}");
            }
        }
    }

    #[test]
    fn numbers_agree_with_their_nouns() {
        let words = Words::of(Language::Ru);
        let open = |count: i64| say!(words, "person-open", count = count);
        assert_eq!(
            [open(0), open(1), open(2), open(5), open(11), open(21), open(112)],
            [
                "0 открытых",
                "1 открытый",
                "2 открытых",
                "5 открытых",
                "11 открытых",
                "21 открытый",
                "112 открытых"
            ]
        );
        let back = |count: i64| say!(words, "ask-disable-open", count = count);
        assert_eq!(back(1), "У него 1 открытый замер.");
        assert_eq!(back(3), "У него 3 открытых замера.");
        assert_eq!(back(12), "У него 12 открытых замеров.");
    }

    #[test]
    fn statuses_and_roles_are_labelled_as_agreed() {
        let labels = |language| {
            let words = Words::of(language);
            let statuses = StatusKind::ALL.map(|status| words.status(status)).join(" · ");
            (statuses, words.roles(Role::ALL.into_iter().collect()))
        };
        let (statuses, roles) = labels(Language::Ru);
        assert_eq!(
            statuses,
            "⏳ Ожидает назначения · 📋 Назначен · 🔄 В процессе · ✅ Выполнен · ❌ Отменен"
        );
        assert_eq!(roles, "👑 Администратор, 👔 Руководитель, 👷 Замерщик, 💼 Менеджер, 👀 Наблюдатель");
        let (statuses, roles) = labels(Language::En);
        assert_eq!(
            statuses,
            "⏳ Awaiting assignment · 📋 Assigned · 🔄 In progress · ✅ Completed · ❌ Cancelled"
        );
        assert_eq!(roles, "👑 Administrator, 👔 Supervisor, 👷 Measurer, 💼 Manager, 👀 Observer");
    }

    #[test]
    fn the_buttons_of_a_card_are_labelled_as_agreed() {
        let labels = |language| {
            let words = Words::of(language);
            [
                say!(words, "button-start"),
                say!(words, "button-complete"),
                say!(words, "button-reassign"),
                say!(words, "button-cancel"),
                say!(words, "button-restore"),
            ]
            .join(" · ")
        };
        assert_eq!(
            labels(Language::Ru),
            "🔄 Начать выполнение · ✅ Завершить · 🔄 Сменить замерщика · ❌ Отменить замер · ↩️ Вернуть"
        );
        assert_eq!(
            labels(Language::En),
            "🔄 Start · ✅ Complete · 🔄 Change measurer · ❌ Cancel measurement · ↩️ Restore"
        );
    }
}
