# Every word that people read, in English. Values come in escaped; nothing here holds markup.

## Statuses, roles, buttons

status-pending = ⏳ Awaiting assignment
status-assigned = 📋 Assigned
status-in-progress = 🔄 In progress
status-completed = ✅ Completed
status-cancelled = ❌ Cancelled

role-admin = 👑 Administrator
role-supervisor = 👔 Supervisor
role-measurer = 👷 Measurer
role-manager = 💼 Manager
role-observer = 👀 Observer

button-start = 🔄 Start
button-accept = 👌 Accept
button-complete = ✅ Complete
button-reassign = 🔄 Change measurer
button-cancel = ❌ Cancel measurement
button-history = 📜 History
button-comment = 💬 Comment
button-answer = 💬 Answer
button-files = 📎 Files
button-older-files = 📎 Older ones
button-open-card = 📋 Open the card
button-decline = 🙅 I cannot
button-problem = ⚠️ Problem
button-clear-problem = 🔁 Go again
button-another-visit = ➕ One more visit
button-follow-up = ➕ Visit again
button-follow-up-yes = Yes, one more
button-follow-up-no = Not needed
button-undo = ↩️ Undo
button-cancel-no = Keep it
button-skip-reason = Skip
button-restore = ↩️ Restore
button-restore-yes = Yes, restore
button-restore-no = Leave it
button-more = More ▸
button-confirm = ✅ Confirm: { $name } · { $count }
button-other = 👷 Choose another ▸
button-away = 🏖 Days off
button-zone-measurers = 👷 Who measures here
button-rename = ✏️ Rename
button-spell = 🔤 Another spelling
button-merge = 🔗 Merge
button-delete = 🗑 Delete
button-delete-yes = Yes, delete
button-unknown = ❓ { $name }
button-import = ➕ Add all from deals
button-new-zone = ➕ New zone
button-new-dealer = ➕ New dealer
button-adopt-zone = ➕ New zone “{ $name }”
button-same-zone = This is “{ $name }”
button-dismiss = 🙈 This is no zone
button-decide = ❓ Decide what it is
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
button-disable-to-queue = Disable, measurements to the queue
button-disable-to-other = Disable and hand over…
button-hand-over = 🔁 Hand over
button-to-queue = ⏳ Back to the queue
button-person = 👤 Open the card
button-share-phone = 📱 Send my number
button-not-now = Not now
button-find = 🔎 Find by name
button-roles = 🎭 Roles
button-changes = 📜 Changes
button-invites = 🔗 Invitations
button-revoke = ⛔ Revoke
button-to-start = « To the start
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
card-problem = ⚠️ Problem: { $why } · { $who }, { $when }
card-follows = 🔁 Another visit after measurement No. { $id }
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
card-accepted = 👌 Accepted { $when }
card-not-accepted = ⏳ Not accepted yet
card-said = 💬 { $who }, { $when }: { $what }
card-ask-decline = Why can you not? The measurement goes back to the queue.
card-ask-cancel = Cancel measurement No. { $id }? Choose the reason.
card-ask-restore = Put measurement No. { $id } back into the queue?
card-ask-problem = What is in the way? An administrator hears of it at once and decides.
card-ask-follow-up = Open one more measurement of the same deal? No. { $id } stays open too.
card-ask-reassigned = Why another measurer? You may skip this.
card-choose-measurer = Who will measure?
card-no-measurers = There are no measurers yet.
card-no-others = There are no other measurers yet.
card-hidden = This measurement is no longer available to you.
card-dealer = 🏢 Dealer: { $name }
card-assigned-by-rule = ✅ Assigned automatically, { $when }
card-proposed = ⚡️ Proposed: { $name }
card-proposed-anew = ⚡️ Now proposed: { $name } (before: { $before })
card-passed = Not proposed: { $names }
passed-one = { $name } ({ $why })
because-dealer = 🏢 Dealer “{ $name }”
because-zone = 🗺 Zone “{ $name }”
because-turn = 🔄 By turn
because-last = last time { $when }
because-first = first time
why-not-away = day off
why-not-disabled = access disabled
why-not-declined = cannot go
candidate-away = 🏖 { $name } · { $count }
candidate-declined = 🙅 { $name } · { $count }
candidate = { $name } · { $count }

headline-back-in-queue = ⏳ A measurement needs a measurer again
headline-assigned-to-you = 📋 A new measurement is assigned to you!
headline-taken-off-you = ⚠️ You were taken off a measurement
headline-measurer-found = ✅ Your order has a measurer
headline-measurer-changed = 🔄 Your order has another measurer
headline-status-changed = 🔔 The status has changed
headline-cancelled-in-amocrm = ❌ Cancelled in AmoCRM
headline-facts-changed = ✏️ The details have changed
headline-problem = ⚠️ A measurement has a problem
headline-problem-cleared = 🔁 The problem is settled
headline-now-yours = 💼 This order is yours now

## Short messages about one event

notice-new = 🆕 New measurement { $which }
notice-back-in-queue = ⏳ Measurement { $which } needs a measurer again
notice-declined = 🙅 { $name } cannot: { $why }
notice-lost-measurer = Taken off: { $name }
notice-assigned-to-you = 📋 Assigned to you: measurement { $which }
notice-taken-off-you = ⚠️ You were taken off measurement { $which }
notice-reopened = ↩️ Measurement { $which } is open again: { $by }
notice-measurer-found = ✅ Your order has a measurer · { $which }
notice-measurer-changed = 🔄 Your order has another measurer · { $which }
notice-measurer-before = ❌ { $name }
notice-measurer-after = ✅ { $name }
notice-status = Measurement { $which }: { $status }
notice-status-of = { $status } · { $name }
notice-status-by = Measurement { $which }: { $status } ({ $who }, { $when })
notice-cancelled = ❌ Measurement { $which } cancelled: { $by }
notice-cancelled-by-nobody = ❌ Measurement { $which } cancelled
notice-problem = ⚠️ Measurement { $which }: { $why } ({ $who }, { $when })
notice-problem-cleared = 🔁 Measurement { $which }: the problem is settled, the visit stands ({ $who }, { $when })
notice-undone = ↩️ Measurement { $which }: undone, now { $status } ({ $who }, { $when })
notice-now-yours = 💼 This order is yours now · { $which }
notice-facts = ✏️ Measurement No. { $id }: { $what }
notice-facts-some = the details have changed
notice-facts-many = changed: { $fields }
notice-comment = 💬 { $who } · { $which }

changed-name = the name of the deal has changed
changed-address = the address has changed
changed-client = the contact has changed
changed-phone = the phone has changed
changed-order-number = the order number has changed
changed-zone = the zone has changed
changed-dealer = the dealer has changed
changed-product = the product has changed
changed-comment = the comment has changed
field-name = name of the deal
field-address = address
field-client = contact
field-phone = phone
field-order-number = order number
field-zone = zone
field-dealer = dealer
field-product = product
field-comment = comment

decline-busy = busy
decline-far = too far
decline-not-mine = not what I measure
decline-client-moved = the client postponed
reason-other = something else…
because = Reason: { $why }
problem-client-absent = the client is not there
problem-not-ready = the site is not ready
problem-wrong-address = wrong address
problem-why = Write what is in the way at measurement No. { $id }. Changed your mind? /menu
cancel-client-refused = the client refused
cancel-no-answer = no answer by phone
cancel-duplicate = duplicate
cancel-mistake = mistake
cancel-why = Write why measurement No. { $id } is cancelled. Changed your mind? /menu
reassign-unable = the former one cannot go
reassign-overloaded = the former one is overloaded
reassign-client-asked = the client asked for it
reassign-mistake = mistake
reassign-why = Write why somebody else goes to measurement No. { $id }. Changed your mind? /menu
decline-why = Write why you cannot go to measurement No. { $id }. Changed your mind? /menu

comment-author = { $name } ({ $role })
comment-files = { $count ->
    [one] 📎 { $count } file
   *[other] 📎 { $count } files
}
comment-files-short = 📎 { $count }
comment-place = 📍 place on the map
comment-place-short = 📍 place
comment-ask = 💬 What is to be said of measurement No. { $id }? Write it, or send a photo, a video, a voice message, a file or a place. Changed your mind? /menu
comment-kept = 💬 The comment on measurement No. { $id } is kept.
comment-cut = The first { $count } characters are kept: a comment holds no more.
comment-too-big = ⚠️ The file is larger than 20 MB: the bot cannot download it, so we will have no copy. For now it is in Telegram alone.
comment-nothing = This cannot be added to a measurement. Text, photos, videos, voice messages, files and places can.
comment-about-what = Which measurement is this about? Send it again as a reply to its card, or after the button “💬 Comment” on it.
files-title = 📎 Files · { $which }
files-none = There are no files yet.
files-waiting = ⏳ being copied: { $count }
files-failed = ⚠️ files not copied: { $count }
files-lost = ⚠️ This file of measurement No. { $id } cannot be sent: Telegram does not give it, and we have no usable copy.
files-away = ⏳ The files of measurement No. { $id } cannot be sent at the moment. Please try again in a few minutes.

history-title = 📜 History · { $which }
history-amocrm = AmoCRM
history-opened = new measurement
history-assigned = assigned to { $to }
history-assigned-instead = assigned to { $to } instead of the proposed: { $from }
history-proposed = proposal: { $to } · { $why }
history-reassigned = { $from } → { $to }
history-accepted = 👌 accepted
history-started = measurement started
history-completed = measurement completed
history-cancelled = measurement cancelled
history-cancelled-because = measurement cancelled: { $why }
history-problem = ⚠️ problem: { $why }
history-problem-cleared = 🔁 the problem is settled
history-undone = ↩️ undone: { $what }
history-explained = reason for the change: { $why }
history-restored = measurement back in the queue
history-returned = { $from } taken off, measurement in the queue
history-declined = 🙅 cannot: { $why }
history-responsible = another responsible employee of the deal
history-commented = 💬 { $what }
history-changed = { $what }: { $from } → { $to }
history-nothing = nothing
told-sent = ✓ { $name }
told-waiting = ⏳ { $name }
told-unreachable = 📵 { $name }
told-failed = ⚠️ { $name }
told-superseded = – { $name }

language = 🇬🇧 English
language-choose = Which language shall I write?
command-language = Language

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
button-filter = 🔎 Filter
sieve-title = 🔎 Filter
sieve-measurer = 👷 { $name }
sieve-any-measurer = 👷 Measurer: any
sieve-all-measurers = 👥 Any measurer
sieve-whose = Whose measurements?
sieve-zone = 🗺 { $name }
sieve-any-zone = 🗺 Zone: any
sieve-all-zones = 🗺 Any zone
sieve-where = Measurements of which zone?
sieve-period = 🗓 { $period }
period-today = Today
period-week = 7 days
period-thirty-days = 30 days
period-month = This month
period-always = All time
filter-chosen = • { $filter }

find-title = { $count ->
    [one] 🔎 { $count } measurement found
   *[other] 🔎 { $count } measurements found
}
find-title-pages = 🔎 Many found, the newest first
find-none = Nothing found. Try less: the end of a phone, a last name or a street.
find-too-much = Too many match. Add a street, a last name or the end of a phone.
find-hint = 🔎 Type what to find: the last digits of a phone, a name, part of an address, an order number, No. 12 or a link to a deal.

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
menu-failures = ⚠️ Failures
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
command-zones = Zones and who measures there
command-dealers = Dealers and their measurers
command-settings = Settings: rules, stages, fields
command-failures = Failures: what is stuck
command-my = My active measurements
command-orders = My orders
command-find = Find a measurement

help-admin = 👑 New measurements come here as cards: press a measurer, and the measurement is his. The same card changes the measurer or cancels.
help-supervisor = 👔 New measurements come here as cards: press a measurer, and the measurement is his. People and invitations are yours too, except administrators.
help-measurer = 👷 A measurement assigned to you comes as a card. Press “{ button-start }” when you start and “{ button-complete }” when you are done.
help-manager = 💼 The bot writes about the measurements of your deals by itself: who was assigned, when he started and finished.
help-observer = 👀 You see all measurements: the bot writes of new, assigned, completed and cancelled ones by itself.
help-commands = Commands:
help-command = /{ $command } · { $what }

## Invitations

invite-choose = Who is to be invited?
invite-for = Invitation: { $role }
invite-once-until = Works once, until { $when }.
invite-several-until = For { $uses ->
    [one] { $uses } person
   *[other] { $uses } people
}, until { $when }.
invite-open-until = For any number of people, until { $when }.
invite-uses = { $uses ->
    [one] { $uses } person
   *[other] { $uses } people
}
invite-uses-any = any number
invite-days = { $days ->
    [one] { $days } day
   *[other] { $days } days
}
invites-title = 🔗 Invitations
invites-none = There are no invitations yet.
invite-row = { $role } · { $state }
invite-state = { $used } · { $state }
invite-used-of = { $used } of { $max }
invite-used-any = { $used } came in
invite-until = until { $when }
invite-state-used = used up
invite-state-revoked = revoked
invite-state-expired = expired
invite-made = Made by { $name }, { $when }
invite-used-by = ✅ { $name }, { $when }
invite-share = An invitation to the measurements bot
invite-accepted = Welcome, { $name }! Your role: { $role }.
invite-used = This link has been used already. Ask an administrator for a new one.
invite-expired = This link has expired. Ask an administrator for a new one.
invite-revoked = This link has been revoked. Ask an administrator for a new one.
invite-unknown = This link is not valid. Ask an administrator for a new one.
invite-member = You are in already: { $roles }.
contact-ask = 📱 Send your number: an administrator finds you in AmoCRM by it. Clients will not see it.
contact-thanks = Thank you, the number is kept.
contact-declined = All right, you can work without it, too.
contact-unreadable = This number could not be read. Never mind, you can work without it, too.
contact-not-yours = This is somebody else's number. Send yours by “{ button-share-phone }”.
disabled = Your access is disabled. Contact an administrator.
stranger = You have no access yet. Ask an administrator for an invite link.

## People

people-all = 👥 People
people-admins = 👑 Administrators
people-supervisors = 👔 Supervisors
people-measurers = 👷 Measurers
people-managers = 💼 Managers
people-observers = 👀 Observers
people-choose = Press a name to open the card.
people-empty = There are no people yet.
people-empty-admins = There are no administrators yet.
people-empty-supervisors = There are no supervisors yet.
people-empty-measurers = There are no measurers yet.
people-empty-managers = There are no managers yet.
people-empty-observers = There are no observers yet.
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
person-phone = 📞 { $phone }
person-zones = 🗺 Zones: { $names }
person-dealers = 🏢 Dealers: { $names }
person-away = 🏖 Days off until: { $until }
person-disabled = ⛔ Access disabled
person-unreachable = 📵 Messages of the bot do not arrive
person-linked = ✅ { $name } is linked to “{ $employee }” in AmoCRM.
employees-who = Who is this in AmoCRM: { $name }?
employees-unknown = The list of AmoCRM users has not been received yet.
employees-none = There are no free AmoCRM users.
employees-find = Write a part of the name or e-mail, as it is in AmoCRM.
employee-same = ⭐ { $name }
roles-of = 🎭 Roles: { $name }
roles-choose = Press a role to give or to take it.
role-has = ✅ { $role }
roles-yours = 🔔 Your roles have changed: { $roles }
successors = { $count ->
    [one] Who takes over { $count } measurement: { $name }?
   *[other] Who takes over { $count } measurements: { $name }?
}
successors-leaving = Access will be disabled.
changes-title = 📜 Changes
changes-none = There are no changes yet.
changes-system = The system
changes-queue = the queue
changes-line = { $when } · { $who }: { $what }
change-invite-made = invitation { $role } for { $uses ->
    [one] { $uses } person
   *[other] { $uses } people
}
change-invite-made-open = invitation { $role } without a limit
change-invite-revoked = invitation { $role } revoked
change-joined = came in by an invitation, { $role }
change-role-given = { $whom } — role { $role } given
change-role-taken = { $whom } — role { $role } taken
change-linked = { $whom } — is { $employee } in AmoCRM
change-disabled = { $whom } — access disabled
change-disabled-with = { $whom } — access disabled, { $count ->
    [one] { $count } measurement
   *[other] { $count } measurements
} → { $to }
change-enabled = { $whom } — access restored
change-handed-over = { $whom } — { $count ->
    [one] { $count } measurement
   *[other] { $count } measurements
} handed over → { $to }
change-zone-made = new zone “{ $name }”
change-zone-renamed = the zone “{ $from }” is now “{ $name }”
change-zone-spelled = the zone “{ $zone }” is also “{ $name }”
change-zone-merged = the zone “{ $from }” became part of “{ $into }”
change-zone-deleted = the zone “{ $name }” was deleted
change-zone-given = { $whom } got the zone “{ $zone }”
change-zone-taken = { $whom } lost the zone “{ $zone }”
change-dealer-given = { $whom } gets the customers of “{ $dealer }”
change-dealer-renamed = the dealer “{ $from }” is now “{ $name }”
change-dealer-merged = the dealer “{ $from }” became part of “{ $into }”
change-dealer-taken = the dealer “{ $dealer }” was deleted
change-away = { $whom } has days off until: { $until }
change-away-over = { $whom } is back at work
ask-disable = Disable access: { $name }?
ask-disable-open = { $count ->
    [one] { $count } measurement is his.
   *[other] { $count } measurements are his.
}

## Answers to presses

toast-assigned = ✅ Assigned to { $name }
toast-accepted = 👌 Accepted
toast-started = 🔄 Measurement started
toast-completed = ✅ Measurement completed
toast-cancelled = ❌ Measurement cancelled
toast-problem-reported = ⚠️ The administrators hear of the problem
toast-problem-cleared = 🔁 The problem is settled, the visit stands
toast-opened = ➕ Measurement No. { $id } is open
toast-undone = ↩️ Undone
toast-explained = The reason is noted
toast-restored = ↩️ The measurement awaits assignment again
toast-disabled = ⛔ Access disabled: { $name }
toast-enabled = ✅ Access restored: { $name }
toast-roles-changed = ✅ Roles changed: { $name }
toast-declined = 🙅 The measurement is back in the queue
toast-done = ✅ Done
toast-handed-over = { $count ->
    [one] ✅ { $count } measurement handed over
   *[other] ✅ { $count } measurements handed over
}
toast-refreshing = 🔄 The list is being refreshed, open it again in a minute
toast-already-done = Done already
alert-assigned-by-admin = ⛔ Not allowed: an administrator assigns
alert-admin-only = ⛔ Not allowed: an administrator does this
alert-admins-by-admin = ⛔ Administrators are up to an administrator
alert-measurer-only = ⛔ This is for measurers
alert-manager-only = ⛔ This is for managers
alert-not-yours = ⛔ Not allowed: this measurement is not yours
alert-not-your-move = ⛔ Only who did it can undo it
alert-too-late = It could be undone for 10 minutes
alert-no-access = ⛔ No access
alert-wrong-state = This cannot be done now. The card is updated.
alert-already-the-measurer = This measurer has it already
alert-assigned = Assigned already: { $by } → { $to }, { $when }
alert-assigned-to = Assigned already: { $to }, { $when }
alert-completed = Completed already: { $by }, { $when }
alert-cancelled = Cancelled already: { $by }, { $when }
alert-changed = The measurement has changed: now { $status }. The card is updated.
alert-problem = The measurement has changed: a problem, { $why }. The card is up to date.
alert-facts-changed = The measurement has changed. The card is updated.
alert-measurer-unavailable = This measurer's access is disabled, choose another
alert-another-is-open = This deal has an open measurement already: No. { $id }
alert-unknown = This is gone, open /menu
alert-employee-taken = This AmoCRM user is linked already: { $name }
alert-protected = This person cannot be disabled
alert-last-role = This is the last role. To close the access press “{ button-disable }”.
alert-has-visits = { $count ->
    [one] { $count } measurement is his: hand it over first.
   *[other] { $count } measurements are his: hand them over first.
}
alert-search-over = This search is over: type once more what to find
alert-outdated = This button is outdated, open /menu

## Hints and trouble

hint = I did not understand. Open /menu, everything you can do is there.
slow = One moment…
update-failed = Your message could not be processed. Open /menu and try again.

trouble-unreachable = 📵 { $name } has blocked the bot, messages do not reach them.
trouble-undelivered = 📵 { $name } has blocked the bot: measurement No. { $id } was not delivered.
trouble-admin-never-started = 📵 Administrator { $id } has not pressed /start yet: no message reaches him.
trouble-employee-suggested = 🔗 { $name } seems to be { $employee } in AmoCRM: the phone number is the same.
trouble-joined = { $mark } { $name } joined by invitation
trouble-amocrm-blocked = 🚫 AmoCRM refuses access (403). Measurements open from webhook data; write to AmoCRM's support.
trouble-amocrm-unblocked = ✅ AmoCRM answers again.
trouble-amocrm-token = 🔑 AmoCRM does not accept the token. Measurements open from webhook data; issue a new token and replace AMOCRM_ACCESS_TOKEN.
trouble-amocrm-refresh = 🔑 AmoCRM gives the integration no new tokens. Measurements open from webhook data; allow access anew and replace AMOCRM_REFRESH_TOKEN.
trouble-amocrm-token-ends = 🔑 AmoCRM's token is valid until { $when }. Issue a new one and replace AMOCRM_ACCESS_TOKEN.
trouble-unaccepted = ⏳ Measurement No. { $id } has not been accepted for { $span }: { $name }.
trouble-unaccepted-many = ⏳ Not accepted for { $span }:
trouble-webhook-off = 🔌 AmoCRM switched the webhook off: the server failed to take events too often. The bot is switching it on again; check that the server's address can be reached from outside.
trouble-webhook-rights = 🔌 AmoCRM's webhook cannot be set up: the token is not an administrator's (403). Issue a token as an administrator, or add the webhook by hand.
trouble-webhook-too-many = 🔌 AmoCRM's webhook cannot be added: the account has 100 webhooks already. Delete some: amoМаркет → WEB HOOKS.
trouble-webhook-not-paid = 🔌 AmoCRM's webhook cannot be set up: the account is not paid for, or its plan has no webhooks (402).
trouble-webhook-refused = 🔌 AmoCRM does not take the webhook ({ $status }). Check that WEBHOOK_HOST can be reached from the internet; the bot tries again every 10 minutes.
trouble-webhook-works = ✅ AmoCRM's webhook is set up.
trouble-reception-foreign = 🔌 The bot does not hear people: presses and messages go to another program, to the webhook { $host }. Stop it and call deleteWebhook.
trouble-reception-refused = 🔌 The bot does not hear people: Telegram does not take TELEGRAM_WEBHOOK_URL ({ $reason }). Correct the address, or go back to TELEGRAM_MODE=polling.
trouble-reception-undelivered = 🔌 The bot does not hear people: Telegram cannot deliver presses and messages ({ $reason }). Check that TELEGRAM_WEBHOOK_URL can be reached from the internet.
trouble-reception-works = ✅ The bot hears people again; what they wrote meanwhile is being handled.

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

## What is stuck

failures-title = ⚠️ Failures
failures-none = No failures: deals are read, messages are understood.
failures-deals = Deals that cannot be read: { $count }
failures-messages = Messages not understood: { $count }
failures-unsent = Messages of the bot that are not delivered: { $count }. The bot tries again.
failures-given-up = Messages of people that the bot gave up in 2 days: { $count }
button-failures = ⚠️ Failures
button-stuck-deals = 📄 Deals
button-parked = 📨 Messages
button-decisions = 🗒 Who decided what
button-repeat = 🔁 Repeat
button-skip = ⏭ Skip
button-skip-yes = Yes, skip

deal-number = Deal { $id }
deal-open = open in AmoCRM
stuck-title = 📄 Deals that cannot be read · { $total }
stuck-none = All deals are read.
stuck-event = Event: { $event }
stuck-for = Failing for: { $span }
stuck-why = Reason: { $why }
stuck-next = Next attempt: { $when }
stuck-from-hook = Taken from its webhook for now.
event-entry = the deal came into a stage
event-deletion = the deal was deleted
event-change = the deal changed
event-look = the deal is to be read again
stuck-not-shown = AmoCRM does not show this deal
stuck-behind = AmoCRM shows the deal as it was before
stuck-no-contact = AmoCRM does not show the deal's contact
stuck-not-deleted = AmoCRM still shows a deleted deal
stuck-unreadable = AmoCRM's answer about the deal makes no sense
stuck-away = AmoCRM does not answer
stuck-blocked = AmoCRM refuses access (403)
stuck-token = AmoCRM does not accept the token
stuck-no-right = the token has no right to deals
stuck-ours = the bot could not store the deal
ask-skip-deal = Skip: { $name }?
ask-skip-entry = No measurement opens from this event. The deal's next event is read as usual.
ask-skip-deletion = The deal's measurement stays open. The deal's next event is read as usual.
ask-skip-change = The bot ignores this change. The deal's next event is read as usual.
ask-skip-from-hook = The facts stay as the webhook gave them. The deal's next event is read as usual.

message-number = Message No. { $id }
parked-title = 📨 Messages not understood · { $total }
parked-none = All messages are understood.
parked-event = event of a deal
parked-webhook = AmoCRM webhook
parked-when = Received: { $when }
parked-size = Bytes: { $size }
parked-sending = being sent again
parked-times = { $count ->
    [one] came { $count } time
   *[other] came { $count } times
}
parked-not-an-event = it is no event of a deal
parked-newer = written by a newer version
parked-not-stored = the database refused the event
parked-returned = the bot failed with it many times
parked-content-type = neither a form nor JSON
parked-json = damaged JSON
parked-not-a-hook = does not look like an AmoCRM webhook
parked-too-large = too much data
parked-layout = data arranged in an unusual way
parked-no-id = no number of a deal
parked-number = something else instead of a number
parked-unknown = no reason given
resent-came-back = repeating did not help: still not understood
resent-no-answer = repeating failed: no answer from the server
resent-refused = repeating failed: the server answered { $status }
ask-skip-message = Skip message No. { $id }? Its text will be erased.

decisions-title = 🗒 Who decided what
decisions-none = Nobody has decided anything yet.
decided-repeated = 🔁 Repeated
decided-skipped = ⏭ Skipped

toast-deal-again = 🔁 The bot reads the deal again
toast-understood = ✅ The message is understood
toast-sent-again = 🔁 The message is being sent to be read again
toast-skipped = ⏭ Skipped
alert-repeated = Already sent again: { $by }, { $when }
alert-skipped = Already skipped: { $by }, { $when }
alert-not-stuck = ✅ The deal has been read already
alert-moved-on = A new event came. Please look again.
alert-still-unreadable = Repeating did not help: { $why }
alert-is-sending = It is being sent already
alert-nowhere-to-send = Nowhere to send it: WEBHOOK_HOST and WEBHOOK_SECRET are not set on the server

trouble-zone-unknown = 🗺 Measurement No. { $id } has the zone “{ $name }”, which the bot does not know. Decide what it is, and its measurer will be found.
trouble-dealer-unknown = 🏢 Measurement No. { $id } has the dealer “{ $name }”, whom the bot does not know. Decide who measures for his customers.
trouble-zone-empty = 🗺 Nobody measures in the zone “{ $name }” (measurement No. { $id }).
trouble-still-waiting = { $count ->
    [one] ⏰ { $count } measurement has waited for more than { $minutes } min: { $numbers }
   *[other] ⏰ { $count } measurements have waited for more than { $minutes } min: { $numbers }
}
trouble-parked = 📨 The bot did not understand messages
trouble-parked-events = Events of deals: { $count } · { $why }
trouble-parked-webhooks = AmoCRM webhooks: { $count } · { $why }
trouble-stuck = { $count ->
    [one] ⚠️ { $count } deal could not be read for more than an hour: { $why }.
   *[other] ⚠️ { $count } deals could not be read for more than an hour: { $why }.
}
trouble-unstuck = ✅ Deals are read again.

## Zones, dealers, and how work is given out

zones-title = 🗺 Zones
zones-none = There are no zones yet. With them the bot proposes a measurer by the deal's zone or address.
zones-choose = Press a zone to open it.
zones-unknown = ❓ Seen in deals: { $names }
zone-title = 🗺 Zone “{ $name }”
zone-empty = ⚠️ { $name }
zone-nobody = ⚠️ Nobody measures here.
zone-measurers = 👷 { $names }
zone-spellings = 🔤 Also written: { $names }
zone-who = Press a name to add or remove a measurer.
zone-merge = Merge “{ $name }” into which zone?
zone-delete = Delete the zone “{ $name }”?
zone-unknown = ❓ Deals have the zone “{ $name }”. What is it?
zone-ask-name = Write the name of the new zone.
zone-ask-rename = Write the new name of the zone.
zone-ask-spelling = Write how else deals call this zone.
dealers-title = 🏢 Dealers
dealers-none = There are no dealers yet. To a dealer's customers the bot proposes his measurer.
dealers-choose = Press a dealer to choose the measurer.
dealer-row = { $name } · { $measurer }
dealer-title = 🏢 Dealer “{ $name }”
dealer-who = Who measures for the customers of this dealer?
dealer-merge = Merge “{ $name }” into which dealer?
dealer-ask-name = Write the dealer's name as in deals.
away-choose = 🏖 Until which day should nothing be proposed: { $name }?
away-today = Today
away-tomorrow = Today and tomorrow
away-week = 7 days
away-two-weeks = 14 days
away-month = 30 days
away-over = ✅ Back at work
settings-title = ⚙️ Settings
settings-rules = The rules work in order: the first that finds a measurer decides. Press to change.
setting-rule = { $rule }: { $mode }
rule-dealer = 🏢 Dealer
rule-zone = 🗺 Zone
rule-turn = 🔄 By turn
mode-off = off
mode-propose = propose
mode-assign = assign at once
setting-remind = ⏰ Remind: after { $minutes } min
setting-remind-never = ⏰ Remind: never
setting-quiet = 🌙 Quiet: { $from }–{ $until }
setting-quiet-none = 🌙 Quiet: never
setting-accept = 👌 To accept within: { $minutes } min
setting-accept-never = 👌 To accept: no reminder
setup-opens = 🎯 Stages that open
setup-ends = 🚫 Stages that cancel
setup-fields = 🧩 Deal's fields
setup-timezone = 🕒 Time zone
setup-nothing-yet = AmoCRM has not sent its lists yet. Look again in a minute.
setup-opens-any = Now a deal's first stage, whichever it is, opens a measurement. Choose a stage, and only that one will.
setup-ends-lost = Now “Closed and lost” cancels a measurement.
setup-chosen = Now: { $names }. Press a stage to add it or to take it away.
stage-of = { $pipeline } → { $name }
stage-gone = ⚠️ { $stage }: there is no such stage, take it away
button-pipelines = ⬅️ Pipelines
setup-sample = For example: the deal “{ $name }”.
setup-choose-field = Which field is it in? Beside each field is what stands in it now.
fact-address = 📍 Address
fact-order-number = 🧾 Order number
fact-zone = 🗺 Zone
fact-dealer = 🏢 Dealer
fact-product = 🪟 Product
fact-comment = 💬 Comment
fact-filled = { $name }: { $value } (field “{ $field }”)
fact-empty = { $name }: empty (field “{ $field }”)
fact-nowhere = { $name }: not read
field-with-value = { $name } · { $value }
button-field-nothing = Do not read
button-field-started = ↺ As before: { $names }
timezone-now = { $city } · { $time }
city-kaliningrad = Kaliningrad
city-moscow = Moscow
city-samara = Samara
city-yekaterinburg = Yekaterinburg
city-omsk = Omsk
city-novosibirsk = Novosibirsk
city-irkutsk = Irkutsk
city-yakutsk = Yakutsk
city-vladivostok = Vladivostok
city-magadan = Magadan
city-kamchatka = Kamchatka
city-minsk = Minsk
city-almaty = Almaty
city-tashkent = Tashkent
city-bishkek = Bishkek
city-dushanbe = Dushanbe
city-yerevan = Yerevan
city-baku = Baku
city-tbilisi = Tbilisi
city-chisinau = Chișinău
change-stage-on = { $what }: added “{ $name }”
change-stage-off = { $what }: took away “{ $name }”
change-field = { $fact }: from the field “{ $name }”
change-field-nothing = { $fact }: not read any more
change-field-started = { $fact }: as at the start again
change-timezone = time zone: { $city }
alert-stage-is-used = This stage is chosen for the other: it cannot both open a measurement and cancel it.
alert-last-stage = This is the last stage. Add another one first: without any, every deal would open a measurement.
command-status = How the system is
status-title = 📊 Status
status-ingest = ✅ Webhooks are taken
status-ingest-full = ❌ Webhooks cannot be taken: the queue is away and the disk is full. Call whoever runs the server.
status-ingest-away = ❌ The intake of webhooks does not answer. AmoCRM will send them again and the bot compares by itself, but new measurements come later.
status-bot = ✅ The bot works: { $count ->
    [one] { $count } replica
   *[other] { $count } replicas
}, version { $versions }
status-bot-headless = ⚠️ The bot works, but no replica leads yet (version { $versions }). That usually passes within 10 seconds.
status-bot-starts = ⚠️ The bot has just started, refresh in half a minute
status-database = ✅ The database answers
status-broker = ✅ The message queue is connected
status-broker-blocked = ⚠️ The message queue is full: webhooks wait on the disk
status-broker-away = ❌ The message queue is away: webhooks wait on the disk and are not lost
status-amocrm = ✅ AmoCRM answers ({ $ago })
status-amocrm-silent = ❌ AmoCRM does not answer (last { $ago }). Measurements open by webhooks; the bot reads the rest later.
status-amocrm-unknown = ⚠️ AmoCRM has not answered since the start
status-amocrm-none = ℹ️ AmoCRM: there is no token, measurements open by webhooks alone
status-token = ✅ AmoCRM's token is valid until: { $date }
status-token-ends = ⚠️ AmoCRM's token ends: { $date }. Make a new one and put it into AMOCRM_ACCESS_TOKEN.
status-webhook = ✅ AmoCRM's webhook is connected
status-webhook-unseen = ⚠️ AmoCRM's webhook was connected, but nobody could look for a while
status-webhook-off = ❌ AmoCRM's webhook is not connected: the bot compares with AmoCRM by itself every 10 minutes
status-compared = 🔁 Compared with AmoCRM: { $ago }
status-telegram = ✅ Telegram answers ({ $ago })
status-telegram-silent = ❌ Telegram does not answer (last { $ago })
status-telegram-foreign = ❌ What people send goes to another program: { $host }
status-telegram-trouble = ❌ Telegram does not deliver what people send: { $reason }
status-telegram-unknown = ⚠️ Telegram has not answered since the start
status-messages = ✅ Messages go out in time, waiting: { $count }
status-messages-late = ⚠️ Messages waiting: { $count }, the oldest for { $waits }
status-deals = ✅ Deals are read, waiting: { $count }
status-deals-stuck = ⚠️ Cannot be read for more than an hour: { $count }. Press “Failures”.
status-files = ⚠️ Files that were not copied: { $count }
just-now = just now
ago = { $time } ago
alert-proposal-changed = The proposal has changed to: { $name }. The card is up to date.
alert-proposal-gone = There is no proposal any more. The card is up to date.
alert-name-taken = The zone “{ $name }” is called so already.
alert-dealer-taken = The dealer “{ $name }” is called so already.
alert-no-name = This name will not do: letters or digits are needed, 80 characters at most.
alert-settings-by-admin = ⛔ Not allowed: settings are an administrator's
