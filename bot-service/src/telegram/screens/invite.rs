//! Invitations: choosing a role, the link, and what people read who open one.

use chrono::{DateTime, Utc};

use super::times::until;
use super::{Button, Context, Row, Screen, back_row, name_html};
use crate::domain::invite::InviteRefusal;
use crate::domain::user::{Role, Roles};
use crate::format;
use crate::telegram::callback::Callback;
use crate::telegram::words::say;

/// The roles in the order in which people are invited most.
const OFFERED: [Role; 3] = [Role::Measurer, Role::Manager, Role::Admin];

pub fn choose(context: &Context<'_>) -> Screen {
    let words = context.words;
    let roles = OFFERED.map(|role| vec![Button::press(words.role(role), Callback::InviteAs(role))]);
    let back = vec![Button::press(say!(words, "button-back"), Callback::Menu)];
    Screen::with(say!(words, "invite-choose"), roles.into_iter().chain([back]).collect())
}

/// `url` is the whole link, `expires_at` when it stops to work.
pub fn link(role: Role, url: &str, expires_at: DateTime<Utc>, context: &Context<'_>) -> Screen {
    let words = context.words;
    let text = [
        say!(words, "invite-for", role = words.role(role)),
        format::escape(url),
        say!(words, "invite-until", when = until(expires_at, context)),
    ];
    let share = format!(
        "https://t.me/share/url?url={}&text={}",
        format::percent_encode(url),
        format::percent_encode(&say!(words, "invite-share"))
    );
    let forward: Row = vec![Button::url(say!(words, "button-forward"), share)];
    Screen::with(text.join("\n"), vec![forward, back_row(Callback::Invite, words)])
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

    use super::super::testing::{at, hostile, picture, russian};
    use super::*;

    #[test]
    fn a_link_is_made_in_two_presses() {
        assert_snapshot!(picture(&choose(&russian())), @r"
        Кого пригласить?
        [👷 Замерщик]
        [💼 Менеджер]
        [👑 Администратор]
        [‹ Назад]
        ");
        let url = "https://t.me/zamer_bot?start=AAAA_BBBB-CCCC";
        let screen = link(Role::Measurer, url, at("2026-11-25T11:05:00Z"), &russian());
        assert_snapshot!(picture(&screen), @r"
        Приглашение: 👷 Замерщик
        https://t.me/zamer_bot?start=AAAA_BBBB-CCCC
        Одноразовая, до завтра 14:05.
        [📤 Переслать]
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
            member(Roles::NONE.with(Role::Measurer), &context),
            disabled(&context),
        ];
        assert_snapshot!(screens.map(|screen| picture(&screen)).join("\n"), @r"
        Добро пожаловать, Иван! Ваша роль: 👷 Замерщик.
        Ссылка уже использована. Попросите администратора прислать новую.
        Срок ссылки истёк. Попросите администратора прислать новую.
        Ссылка недействительна. Попросите администратора прислать новую.
        Вы уже в боте: 👷 Замерщик.
        Ваш доступ отключён. Обратитесь к администратору.
        ");
        picture(&accepted(&hostile(), Role::Admin, &context));
    }
}
