# Every word that people read, in English. Values come in escaped; nothing here holds markup.

## Statuses, roles, buttons

status-pending = ⏳ Awaiting assignment
status-assigned = 📋 Assigned
status-in-progress = 🔄 In progress
status-completed = ✅ Completed
status-cancelled = ❌ Cancelled

role-admin = 👑 Administrator
role-measurer = 👷 Measurer
role-manager = 💼 Manager

button-start = 🔄 Start
button-complete = ✅ Complete
button-reassign = 🔄 Change measurer
button-cancel = ❌ Cancel measurement
button-cancel-yes = Yes, cancel
button-cancel-no = Keep it
button-restore = ↩️ Restore
button-more = More ▸
button-back = ‹ Back
button-next = Next ›
button-menu = ⌂ Menu
button-open-list = ⏳ Open the list
button-invite = ➕ Invite
button-forward = 📤 Forward
button-link = 🔗 Link to AmoCRM
button-refresh = 🔄 Refresh
button-disable = ⛔ Disable access
button-disable-yes = Yes, disable
button-enable = ✅ Restore access
button-reset-filter = Reset the filter

## Names and times

number = No. { $id }
number-and-name = No. { $id } · { $name }
nameless = No name
who-and-when = { $who }, { $when }
deal-closed = the deal was closed in AmoCRM
deal-deleted = the deal was deleted in AmoCRM

today-at = today at { $time }
yesterday-at = yesterday at { $time }
tomorrow-at = tomorrow at { $time }
date-at = { $date } at { $time }
today-time = today { $time }
tomorrow-time = tomorrow { $time }
date-time = { $date } { $time }
date = { $day } { $month }
date-with-year = { $day } { $month } { $year }
month-1 = Jan
month-2 = Feb
month-3 = Mar
month-4 = Apr
month-5 = May
month-6 = Jun
month-7 = Jul
month-8 = Aug
month-9 = Sep
month-10 = Oct
month-11 = Nov
month-12 = Dec
minutes = { $count } min
hours = { $count } h
days = { $count } d

## Card

card-title = Measurement No. { $id } · { $status }
card-title-new = 🆕 Measurement No. { $id } · { $status }
card-title-closed = Measurement No. { $id } · { $status } · { $how }
card-moved-on = ⚠️ the deal is already in stage “{ $stage }”
card-provisional = ⚠️ data from the webhook, AmoCRM does not answer yet
card-deal = 📄 { $name }
card-order = 🔢 Order: { $number }
card-address = 📍 { $address } · { $map }
card-map = map
card-no-address = ⚠️ no address
card-zone = 🚚 Zone: { $zone }
card-client = 👤 { $name }
card-no-client = ⚠️ no contact
card-phones = 📞 { $phones }
card-no-phone = ⚠️ no phone
card-product = 🪟 { $product }
card-comment = 💬 { $comment }
card-manager = 👨‍💼 { $name }
card-manager-outside = 👨‍💼 { $name } · not in the bot
card-created = 🕒 { $when }
card-measurer = 👷 { $name }
card-assigned = ✅ Assigned by { $by }, { $when }
card-ask-cancel = Cancel measurement No. { $id }?
card-choose-measurer = Who will measure?
card-no-measurers = There are no measurers yet.
card-no-others = There are no other measurers yet.
card-hidden = This measurement is no longer available to you.
candidate = { $name } · { $count }

headline-back-in-queue = ⏳ A measurement needs a measurer again
headline-assigned-to-you = 📋 A new measurement is assigned to you!
headline-taken-off-you = ⚠️ You were taken off a measurement
headline-measurer-found = ✅ Your order has a measurer
headline-measurer-changed = 🔄 Your order has another measurer
headline-status-changed = 🔔 The status has changed
headline-cancelled-in-amocrm = ❌ Cancelled in AmoCRM
headline-facts-changed = ✏️ The details have changed
headline-now-yours = 💼 This order is yours now

## Short messages about one event

notice-new = 🆕 New measurement { $which }
notice-back-in-queue = ⏳ Measurement { $which } needs a measurer again
notice-lost-measurer = Access disabled: { $name }
notice-assigned-to-you = 📋 Assigned to you: measurement { $which }
notice-taken-off-you = ⚠️ You were taken off measurement { $which }
notice-measurer-found = ✅ Your order has a measurer · { $which }
notice-measurer-changed = 🔄 Your order has another measurer · { $which }
notice-measurer-before = ❌ { $name }
notice-measurer-after = ✅ { $name }
notice-status = Measurement { $which }: { $status }
notice-status-by = Measurement { $which }: { $status } ({ $who }, { $when })
notice-cancelled = ❌ Measurement { $which } cancelled: { $by }
notice-cancelled-by-nobody = ❌ Measurement { $which } cancelled
notice-now-yours = 💼 This order is yours now · { $which }
notice-facts = ✏️ Measurement No. { $id }: { $what }
notice-facts-some = the details have changed
notice-facts-many = changed: { $fields }

changed-name = the name of the deal has changed
changed-address = the address has changed
changed-client = the contact has changed
changed-phone = the phone has changed
changed-order-number = the order number has changed
changed-zone = the zone has changed
changed-product = the product has changed
changed-comment = the comment has changed
field-name = name of the deal
field-address = address
field-client = contact
field-phone = phone
field-order-number = order number
field-zone = zone
field-product = product
field-comment = comment

many-new = 🆕 New measurements: { $count }

## Lists

list-pending = ⏳ Awaiting assignment · { $total }
list-all = 📋 All measurements · { $total }
list-open = 📋 Open measurements · { $total }
list-status = 📋 Measurements: { $status } · { $total }
list-my = 📋 My active measurements · { $total }
list-my-completed = 🗂 Completed · { $total }
list-orders = 💼 My orders · { $total }
list-orders-closed = 🗂 Closed · { $total }
row-waits = waiting { $span }
list-ended = There is nothing more here.
filter-open = Open
filter-everything = All
filter-chosen = • { $filter }

empty-pending = No new measurements. A card will come here by itself.
empty-all = No measurements yet.
empty-filter = Nothing matches this filter.
empty-my = No active measurements. When one is assigned to you, it will come here.
empty-my-completed = No completed measurements yet.
empty-orders = No measurements for your deals yet.
empty-orders-closed = No closed orders yet.
empty-unlinked = You are not linked to AmoCRM yet, ask an administrator.

## Menu and commands

menu-title = ⌂ Menu
menu-person = { $name } · { $roles }
menu-pending = ⏳ New measurements
menu-all = 📋 All measurements
menu-measurers = 👷 Measurers
menu-people = 👥 People
menu-my = 📋 My active measurements
menu-my-completed = 🗂 Completed
menu-orders = 💼 My orders
menu-orders-closed = 🗂 Closed
menu-count = { $label } · { $count }

command-start = Start the bot
command-menu = Main menu
command-help = What the bot can do
command-pending = New measurements (awaiting assignment)
command-all = All measurements
command-measurers = List of measurers
command-my = My active measurements
command-orders = My orders

help-admin = 👑 New measurements come here as cards: press a measurer, and the measurement is his. The same card changes the measurer or cancels.
help-measurer = 👷 A measurement assigned to you comes as a card. Press “{ button-start }” when you start and “{ button-complete }” when you are done.
help-manager = 💼 The bot writes about the measurements of your deals by itself: who was assigned, when he started and finished.
help-commands = Commands:
help-command = /{ $command } · { $what }

## Invitations

invite-choose = Who is to be invited?
invite-for = Invitation: { $role }
invite-until = Works once, until { $when }.
invite-share = An invitation to the measurements bot
invite-accepted = Welcome, { $name }! Your role: { $role }.
invite-used = This link has been used already. Ask an administrator for a new one.
invite-expired = This link has expired. Ask an administrator for a new one.
invite-unknown = This link is not valid. Ask an administrator for a new one.
invite-member = You are in already: { $roles }.
disabled = Your access is disabled. Contact an administrator.
stranger = You have no access yet. Ask an administrator for an invite link.

## People

people-all = 👥 People
people-admins = 👑 Administrators
people-measurers = 👷 Measurers
people-managers = 💼 Managers
people-choose = Press a name to open the card.
people-empty = There are no people yet.
people-empty-admins = There are no administrators yet.
people-empty-measurers = There are no measurers yet.
people-empty-managers = There are no managers yet.
person-row = { $mark } { $name }
person-row-count = { $mark } { $name } · { $count }
person-row-disabled = ⛔ { $name }
person-row-unreachable = 📵 { $name }
person-open = { $count ->
    [one] { $count } open
   *[other] { $count } open
}
person-employee = 🔗 In AmoCRM: { $name }
person-no-employee = ⚠️ not linked to AmoCRM
person-disabled = ⛔ Access disabled
person-unreachable = 📵 Messages of the bot do not arrive
person-linked = ✅ { $name } is linked to “{ $employee }” in AmoCRM.
employees-who = Who is this in AmoCRM: { $name }?
employees-unknown = The list of AmoCRM users has not been received yet.
employees-none = There are no free AmoCRM users.
employee-same = ⭐ { $name }
ask-disable = Disable access: { $name }?
ask-disable-open = { $count ->
    [one] { $count } measurement goes back to the queue.
   *[other] { $count } measurements go back to the queue.
}

## Answers to presses

toast-assigned = ✅ Assigned to { $name }
toast-started = 🔄 Measurement started
toast-completed = ✅ Measurement completed
toast-cancelled = ❌ Measurement cancelled
toast-restored = ↩️ The measurement awaits assignment again
toast-disabled = ⛔ Access disabled: { $name }
toast-enabled = ✅ Access restored: { $name }
toast-refreshing = 🔄 The list is being refreshed, open it again in a minute
toast-already-done = Done already
alert-assigned-by-admin = ⛔ Not allowed: an administrator assigns
alert-admin-only = ⛔ Not allowed: an administrator does this
alert-measurer-only = ⛔ This is for measurers
alert-manager-only = ⛔ This is for managers
alert-not-yours = ⛔ Not allowed: this measurement is not yours
alert-no-access = ⛔ No access
alert-wrong-state = This cannot be done now. The card is updated.
alert-already-the-measurer = This measurer has it already
alert-assigned = Assigned already: { $by } → { $to }, { $when }
alert-assigned-to = Assigned already: { $to }, { $when }
alert-completed = Completed already: { $by }, { $when }
alert-cancelled = Cancelled already: { $by }, { $when }
alert-changed = The measurement has changed: now { $status }. The card is updated.
alert-facts-changed = The measurement has changed. The card is updated.
alert-measurer-unavailable = This measurer's access is disabled, choose another
alert-another-is-open = This deal has an open measurement already: No. { $id }
alert-unknown = This is gone, open /menu
alert-employee-taken = This AmoCRM user is linked already: { $name }
alert-protected = This person cannot be disabled
alert-outdated = This button is outdated, open /menu

## Hints and trouble

hint = I did not understand. Open /menu, everything you can do is there.
slow = One moment…
update-failed = Your message could not be processed. Open /menu and try again.

trouble-unreachable = 📵 { $name } has blocked the bot, messages do not reach them.
trouble-undelivered = 📵 { $name } has blocked the bot: measurement No. { $id } was not delivered.
trouble-admin-never-started = 📵 Administrator { $id } has not pressed /start yet: no message reaches him.
trouble-joined = { $mark } { $name } joined by invitation
trouble-amocrm-blocked = 🚫 AmoCRM refuses access (403). Measurements open from webhook data; write to AmoCRM's support.
trouble-amocrm-unblocked = ✅ AmoCRM answers again.
trouble-amocrm-token = 🔑 AmoCRM does not accept the token. Measurements open from webhook data; issue a new token and replace AMOCRM_ACCESS_TOKEN.
trouble-amocrm-refresh = 🔑 AmoCRM gives the integration no new tokens. Measurements open from webhook data; allow access anew and replace AMOCRM_REFRESH_TOKEN.
trouble-amocrm-token-ends = 🔑 AmoCRM's token is valid until { $when }. Issue a new one and replace AMOCRM_ACCESS_TOKEN.
trouble-webhook-off = 🔌 AmoCRM switched the webhook off: the server failed to take events too often. The bot is switching it on again; check that the server's address can be reached from outside.
trouble-webhook-rights = 🔌 AmoCRM's webhook cannot be set up: the token is not an administrator's (403). Issue a token as an administrator, or add the webhook by hand.
trouble-webhook-too-many = 🔌 AmoCRM's webhook cannot be added: the account has 100 webhooks already. Delete some: amoМаркет → WEB HOOKS.
trouble-webhook-not-paid = 🔌 AmoCRM's webhook cannot be set up: the account is not paid for, or its plan has no webhooks (402).
trouble-webhook-refused = 🔌 AmoCRM does not take the webhook ({ $status }). Check that WEBHOOK_HOST can be reached from the internet; the bot tries again every 10 minutes.
trouble-webhook-works = ✅ AmoCRM's webhook is set up.

trouble-missed = { $count ->
    [one] 🔎 The nightly comparison with AmoCRM found { $count } missed deal. It has been taken in.
   *[other] 🔎 The nightly comparison with AmoCRM found { $count } missed deals. They have been taken in.
}

## Deals that were in trigger stages before the first look

already-there = { $count ->
    [one] 📋 { $count } deal is in the measurement stages already. It opens no measurement by itself.
   *[other] 📋 { $count } deals are in the measurement stages already. They open no measurements by themselves.
}
already-there-opening = { $count ->
    [one] 📋 { $count } measurement is being opened. Its card will come here.
   *[other] 📋 { $count } measurements are being opened. Their cards will come here.
}
already-there-none = 📋 Deals that were in the measurement stages already open no measurements.
already-there-decided = 📋 Another administrator has decided about these deals.
button-open-recent = ▶️ Open those of 7 days
button-open-none = Open none
