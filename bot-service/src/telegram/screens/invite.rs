//! Invitations: choosing a role, the link, those that were made, and what people read who open one.

use chrono::{DateTime, Utc};

use super::times::{moment, until};
use super::{Button, Context, Row, Screen, back_row, bold, name_html, onward};
use crate::actions::views::{InviteRow, InviteView, InvitesView};
use crate::domain::ids::InviteId;
use crate::domain::invite::{InviteRefusal, Terms};
use crate::domain::user::{Role, Roles};
use crate::format;
use crate::telegram::callback::{Callback, InvitePress};
use crate::telegram::words::{Words, say};

/// The roles in the order in which people are invited most.
const OFFERED: [Role; 5] = [Role::Measurer, Role::Manager, Role::Observer, Role::Supervisor, Role::Admin];

/// `offered`: what this person may invite.
pub fn choose(offered: impl Fn(Role) -> bool, context: &Context<'_>) -> Screen {
    let words = context.words;
    let roles = OFFERED.into_iter().filter(|role| offered(*role));
    let roles = roles.map(|role| vec![Button::press(words.role(role), Callback::InviteAs(role))]);
    let made = Callback::Invites(InvitePress::List { before: None });
    let made = vec![Button::press(say!(words, "button-invites"), made)];
    let back = vec![Button::press(say!(words, "button-back"), Callback::Menu)];
    Screen::with(say!(words, "invite-choose"), roles.chain([made, back]).collect())
}

/// A link that was just made. Its address is shown this once: the code is not stored.
#[derive(Debug, Clone, Copy)]
pub struct Link<'a> {
    pub id: InviteId,
    pub role: Role,
    pub terms: Terms,
    pub url: &'a str,
    pub expires_at: DateTime<Utc>,
}

/// The link, with the other terms on which it can be had instead.
pub fn link(link: &Link<'_>, context: &Context<'_>) -> Screen {
    let words = context.words;
    let when = until(link.expires_at, context);
    let text = [
        say!(words, "invite-for", role = words.role(link.role)),
        format::escape(link.url),
        match link.terms.max_uses {
            Some(1) => say!(words, "invite-once-until", when = when),
            Some(uses) => say!(words, "invite-several-until", uses = i64::from(uses), when = when),
            None => say!(words, "invite-open-until", when = when),
        },
    ];
    let share = format!(
        "https://t.me/share/url?url={}&text={}",
        format::percent_encode(link.url),
        format::percent_encode(&say!(words, "invite-share"))
    );
    let forward: Row = vec![Button::url(say!(words, "button-forward"), share)];
    let rows = vec![forward, uses(link, words), days(link, words), back_row(Callback::Invite, words)];
    Screen::with(text.join("\n"), rows)
}

fn uses(link: &Link<'_>, words: &Words) -> Row {
    let choice = |max_uses| {
        let label = match max_uses {
            Some(uses) => say!(words, "invite-uses", uses = i64::from(uses)),
            None => say!(words, "invite-uses-any"),
        };
        choice(link, label, Terms { max_uses, ..link.terms }, words)
    };
    Terms::USES.map(choice).to_vec()
}

fn days(link: &Link<'_>, words: &Words) -> Row {
    let choice = |days: i64| {
        choice(link, say!(words, "invite-days", days = days), Terms { days, ..link.terms }, words)
    };
    Terms::DAYS.map(choice).to_vec()
}

fn choice(link: &Link<'_>, label: String, terms: Terms, words: &Words) -> Button {
    if terms == link.terms {
        return Button::press(
            say!(words, "filter-chosen", filter = label),
            Callback::Invites(InvitePress::Open(link.id)),
        );
    }
    let instead = InvitePress::Instead { role: link.role, terms, of: link.id };
    Button::press(label, Callback::Invites(instead))
}

/// The invites that were made, the newest first.
pub fn list(view: &InvitesView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let title = bold(&say!(words, "invites-title"));
    let text = if view.rows.is_empty() { say!(words, "invites-none") } else { title };
    let mut rows: Vec<Row> = Vec::new();
    for row in &view.rows {
        let open = Callback::Invites(InvitePress::Open(row.id));
        let label = say!(words, "invite-row", role = words.role(row.role), state = state(row, context));
        rows.push(vec![Button::press(label, open)]);
    }
    let turn = |before| Callback::Invites(InvitePress::List { before });
    let start = (!view.is_first).then(|| turn(None));
    rows.extend(onward(start, view.next.map(Some), turn, words));
    rows.push(back_row(Callback::Invite, words));
    Screen::with(text, rows)
}

/// One invite: how far it is used up, by whom, and the button that ends it.
pub fn one(view: &InviteView, context: &Context<'_>) -> Screen {
    let words = context.words;
    let row = &view.row;
    let mut lines = vec![bold(&say!(words, "invite-for", role = words.role(row.role))), state(row, context)];
    let made = moment(view.created_at, context);
    lines.extend(
        view.created_by
            .as_ref()
            .map(|name| say!(words, "invite-made", name = name_html(&name.full(), words), when = made)),
    );
    lines.extend(view.used_by.iter().map(|(name, at)| {
        say!(words, "invite-used-by", name = name_html(&name.full(), words), when = moment(*at, context))
    }));
    let mut rows: Vec<Row> = Vec::new();
    if view.can_be_revoked {
        let revoke = Callback::Invites(InvitePress::Revoke(row.id));
        rows.push(vec![Button::press(say!(words, "button-revoke"), revoke)]);
    }
    rows.push(back_row(Callback::Invites(InvitePress::List { before: None }), words));
    Screen::with(lines.join("\n"), rows)
}

/// «2 из 5 · до завтра 14:05».
fn state(row: &InviteRow, context: &Context<'_>) -> String {
    let words = context.words;
    let used = match row.max_uses {
        Some(max) => say!(words, "invite-used-of", used = row.uses.to_string(), max = max.to_string()),
        None => say!(words, "invite-used-any", used = row.uses.to_string()),
    };
    let when = until(row.expires_at, context);
    let state = match row.over {
        None => say!(words, "invite-until", when = when),
        Some(InviteRefusal::Used) => say!(words, "invite-state-used"),
        Some(InviteRefusal::Revoked) => say!(words, "invite-state-revoked"),
        Some(InviteRefusal::Expired | InviteRefusal::Unknown) => say!(words, "invite-state-expired"),
    };
    say!(words, "invite-state", used = used, state = state)
}

/// The greeting; the menu's buttons go under it.
pub fn accepted(name: &str, role: Role, context: &Context<'_>) -> Screen {
    let words = context.words;
    Screen::text(say!(words, "invite-accepted", name = name_html(name, words), role = words.role(role)))
}

pub fn refused(refusal: InviteRefusal, context: &Context<'_>) -> Screen {
    Screen::text(match refusal {
        InviteRefusal::Unknown => say!(context.words, "invite-unknown"),
        InviteRefusal::Used => say!(context.words, "invite-used"),
        InviteRefusal::Expired => say!(context.words, "invite-expired"),
        InviteRefusal::Revoked => say!(context.words, "invite-revoked"),
    })
}

/// He has access already; the link is not spent.
pub fn member(roles: Roles, context: &Context<'_>) -> Screen {
    Screen::text(say!(context.words, "invite-member", roles = context.words.roles(roles)))
}

/// A link does not give back an access that was taken.
pub fn disabled(context: &Context<'_>) -> Screen {
    super::texts::disabled(context)
}

#[cfg(test)]
mod tests {
    use insta::assert_snapshot;

    use super::super::testing::{at, hostile, name, picture, russian};
    use super::*;

    #[test]
    fn a_link_is_made_in_two_presses() {
        assert_snapshot!(picture(&choose(|_| true, &russian())), @"
        Кого пригласить?
        [👷 Замерщик]
        [💼 Менеджер]
        [👀 Наблюдатель]
        [👔 Руководитель]
        [👑 Администратор]
        [🔗 Приглашения]
        [‹ Назад]
        ");
        let url = "https://t.me/zamer_bot?start=AAAA_BBBB-CCCC";
        let (role, expires_at) = (Role::Measurer, at("2026-11-25T11:05:00Z"));
        let made = Link { id: InviteId(3), role, terms: Terms::USUAL, url, expires_at };
        let screen = link(&made, &russian());
        assert_snapshot!(picture(&screen), @"
        Приглашение: 👷 Замерщик
        https://t.me/zamer_bot?start=AAAA_BBBB-CCCC
        Одноразовая, до завтра 14:05.
        [📤 Переслать]
        [• 1 чел.] [5 чел.] [сколько угодно]
        [• 1 день] [7 дней] [30 дней]
        [‹ Назад] [⌂ Меню]
        ");
        assert_snapshot!(format!("{:?}", screen.rows[0][0].target), @r#"Url("https://t.me/share/url?url=https%3A%2F%2Ft.me%2Fzamer_bot%3Fstart%3DAAAA_BBBB-CCCC&text=%D0%9F%D1%80%D0%B8%D0%B3%D0%BB%D0%B0%D1%88%D0%B5%D0%BD%D0%B8%D0%B5%20%D0%B2%20%D0%B1%D0%BE%D1%82%20%D0%B7%D0%B0%D0%BC%D0%B5%D1%80%D0%BE%D0%B2")"#);
    }

    #[test]
    fn who_opens_a_link_reads_what_came_of_it() {
        let context = russian();
        let screens = [
            accepted("Иван", Role::Measurer, &context),
            refused(InviteRefusal::Used, &context),
            refused(InviteRefusal::Expired, &context),
            refused(InviteRefusal::Unknown, &context),
            refused(InviteRefusal::Revoked, &context),
            member(Roles::NONE.with(Role::Measurer), &context),
            disabled(&context),
        ];
        assert_snapshot!(screens.map(|screen| picture(&screen)).join("\n"), @"
        Добро пожаловать, Иван! Ваша роль: 👷 Замерщик.
        Ссылка уже использована. Попросите администратора прислать новую.
        Срок ссылки истёк. Попросите администратора прислать новую.
        Ссылка недействительна. Попросите администратора прислать новую.
        Ссылка отозвана. Попросите администратора прислать новую.
        Вы уже в боте: 👷 Замерщик.
        Ваш доступ отключён. Обратитесь к администратору.
        ");
        picture(&accepted(&hostile(), Role::Admin, &context));
    }

    #[test]
    fn an_invite_shows_who_came_in_by_it() {
        let row = InviteRow {
            id: InviteId(3),
            role: Role::Measurer,
            uses: 1,
            max_uses: Some(5),
            expires_at: at("2026-11-25T11:05:00Z"),
            over: None,
        };
        let over = InviteRow { uses: 2, max_uses: None, over: Some(InviteRefusal::Revoked), ..row };
        let view = InvitesView { rows: vec![row, over], is_first: false, next: Some(InviteId(3)) };
        assert_snapshot!(picture(&list(&view, &russian())), @"
        🔗 Приглашения
        [👷 Замерщик · 1 из 5 · до завтра 14:05]
        [👷 Замерщик · вошло 2 · отозвано]
        [« В начало] [Дальше ›]
        [‹ Назад] [⌂ Меню]
        ");
        assert_snapshot!(picture(&list(&InvitesView { rows: vec![], is_first: true, next: None }, &russian())), @"
        Приглашений пока нет.
        [‹ Назад] [⌂ Меню]
        ");
        let view = InviteView {
            row,
            created_by: Some(name("Анна", "Серова")),
            created_at: at("2026-11-24T11:05:00Z"),
            used_by: vec![(name("Иван", "Петров"), at("2026-11-24T12:05:00Z"))],
            can_be_revoked: true,
        };
        assert_snapshot!(picture(&one(&view, &russian())), @"
        Приглашение: 👷 Замерщик
        1 из 5 · до завтра 14:05
        От кого: Анна Серова, 14:05
        ✅ Иван Петров, 15:05
        [⛔ Отозвать]
        [‹ Назад] [⌂ Меню]
        ");
    }
}
