# Every word that people read, in Russian. Values come in escaped; nothing here holds markup.

## Statuses, roles, buttons

status-pending = ⏳ Ожидает назначения
status-assigned = 📋 Назначен
status-in-progress = 🔄 В процессе
status-completed = ✅ Выполнен
status-cancelled = ❌ Отменен

role-admin = 👑 Администратор
role-measurer = 👷 Замерщик
role-manager = 💼 Менеджер

button-start = 🔄 Начать выполнение
button-complete = ✅ Завершить
button-reassign = 🔄 Сменить замерщика
button-cancel = ❌ Отменить замер
button-cancel-yes = Да, отменить
button-cancel-no = Не отменять
button-restore = ↩️ Вернуть
button-more = Ещё ▸
button-back = ‹ Назад
button-next = Дальше ›
button-menu = ⌂ Меню
button-open-list = ⏳ Открыть список
button-invite = ➕ Пригласить
button-forward = 📤 Переслать
button-link = 🔗 Привязать к AmoCRM
button-refresh = 🔄 Обновить
button-disable = ⛔ Отключить доступ
button-disable-yes = Да, отключить
button-enable = ✅ Вернуть доступ
button-reset-filter = Сбросить фильтр

## Names and times

number = №{ $id }
number-and-name = №{ $id } · { $name }
nameless = Без имени
who-and-when = { $who }, { $when }
deal-closed = сделка закрыта в AmoCRM
deal-deleted = сделка удалена в AmoCRM

today-at = сегодня в { $time }
yesterday-at = вчера в { $time }
tomorrow-at = завтра в { $time }
date-at = { $date } в { $time }
today-time = сегодня { $time }
tomorrow-time = завтра { $time }
date-time = { $date } { $time }
date = { $day } { $month }
date-with-year = { $day } { $month } { $year }
month-1 = янв.
month-2 = февр.
month-3 = мар.
month-4 = апр.
month-5 = мая
month-6 = июн.
month-7 = июл.
month-8 = авг.
month-9 = сент.
month-10 = окт.
month-11 = нояб.
month-12 = дек.
minutes = { $count } мин
hours = { $count } ч
days = { $count } дн

## Card

card-title = Замер №{ $id } · { $status }
card-title-new = 🆕 Замер №{ $id } · { $status }
card-title-closed = Замер №{ $id } · { $status } · { $how }
card-moved-on = ⚠️ сделка уже на этапе «{ $stage }»
card-provisional = ⚠️ данные из вебхука, AmoCRM пока не отвечает
card-deal = 📄 { $name }
card-order = 🔢 Заказ: { $number }
card-address = 📍 { $address } · { $map }
card-map = карта
card-no-address = ⚠️ нет адреса
card-zone = 🚚 Зона: { $zone }
card-client = 👤 { $name }
card-no-client = ⚠️ нет контакта
card-phones = 📞 { $phones }
card-no-phone = ⚠️ нет телефона
card-product = 🪟 { $product }
card-comment = 💬 { $comment }
card-manager = 👨‍💼 { $name }
card-manager-outside = 👨‍💼 { $name } · не в боте
card-created = 🕒 { $when }
card-measurer = 👷 { $name }
card-assigned = ✅ Назначено: { $by }, { $when }
card-ask-cancel = Отменить замер №{ $id }?
card-choose-measurer = Кого назначить?
card-no-measurers = Замерщиков пока нет.
card-no-others = Других замерщиков пока нет.
card-hidden = Этот замер вам больше не доступен.
candidate = { $name } · { $count }

headline-back-in-queue = ⏳ Замер снова ждёт замерщика
headline-assigned-to-you = 📋 Вам назначен новый замер!
headline-taken-off-you = ⚠️ Вы сняты с замера
headline-measurer-found = ✅ Замерщик назначен на ваш заказ
headline-measurer-changed = 🔄 Изменен замерщик на вашем заказе
headline-status-changed = 🔔 Изменен статус замера
headline-cancelled-in-amocrm = ❌ Замер отменен в AmoCRM
headline-facts-changed = ✏️ Изменены данные замера
headline-now-yours = 💼 Теперь это ваш заказ

## Short messages about one event

notice-new = 🆕 Новый замер { $which }
notice-back-in-queue = ⏳ Замер { $which } снова ждёт замерщика
notice-lost-measurer = Доступ отключён: { $name }
notice-assigned-to-you = 📋 Вам назначен замер { $which }
notice-taken-off-you = ⚠️ Вы сняты с замера { $which }
notice-measurer-found = ✅ Замерщик назначен на ваш заказ · { $which }
notice-measurer-changed = 🔄 Изменен замерщик на вашем заказе · { $which }
notice-measurer-before = ❌ { $name }
notice-measurer-after = ✅ { $name }
notice-status = Замер { $which }: { $status }
notice-status-by = Замер { $which }: { $status } ({ $who }, { $when })
notice-cancelled = ❌ Замер { $which } отменен: { $by }
notice-cancelled-by-nobody = ❌ Замер { $which } отменен
notice-now-yours = 💼 Теперь это ваш заказ · { $which }
notice-facts = ✏️ Замер №{ $id }: { $what }
notice-facts-some = изменены данные
notice-facts-many = изменены { $fields }

changed-name = изменено название сделки
changed-address = изменён адрес
changed-client = изменён контакт
changed-phone = изменён телефон
changed-order-number = изменён номер заказа
changed-zone = изменена зона
changed-product = изменён продукт
changed-comment = изменён комментарий
field-name = название сделки
field-address = адрес
field-client = контакт
field-phone = телефон
field-order-number = номер заказа
field-zone = зона
field-product = продукт
field-comment = комментарий

many-new = 🆕 Новых замеров: { $count }

## Lists

list-pending = ⏳ Ожидают назначения · { $total }
list-all = 📋 Все замеры · { $total }
list-open = 📋 Открытые замеры · { $total }
list-status = 📋 Замеры: { $status } · { $total }
list-my = 📋 Мои активные замеры · { $total }
list-my-completed = 🗂 Выполненные · { $total }
list-orders = 💼 Мои заказы · { $total }
list-orders-closed = 🗂 Завершённые · { $total }
row-waits = ждёт { $span }
list-ended = Здесь больше ничего нет.
filter-open = Открытые
filter-everything = Все
filter-chosen = • { $filter }

empty-pending = Новых замеров нет. Карточка придёт сюда сама.
empty-all = Замеров пока нет.
empty-filter = По этому фильтру ничего нет.
empty-my = Активных замеров нет. Когда вам назначат замер, он придёт сюда.
empty-my-completed = Выполненных замеров пока нет.
empty-orders = По вашим сделкам замеров пока нет.
empty-orders-closed = Завершённых заказов пока нет.
empty-unlinked = Вы ещё не привязаны к AmoCRM, попросите администратора.

## Menu and commands

menu-title = ⌂ Меню
menu-person = { $name } · { $roles }
menu-pending = ⏳ Новые замеры
menu-all = 📋 Все замеры
menu-measurers = 👷 Замерщики
menu-people = 👥 Сотрудники
menu-my = 📋 Мои активные замеры
menu-my-completed = 🗂 Выполненные
menu-orders = 💼 Мои заказы
menu-orders-closed = 🗂 Завершённые
menu-count = { $label } · { $count }

command-start = Запуск бота
command-menu = Главное меню
command-help = Что умеет бот
command-pending = Новые замеры (ожидают назначения)
command-all = Все замеры
command-measurers = Список замерщиков
command-my = Мои активные замеры
command-orders = Мои заказы

help-admin = 👑 Новые замеры приходят сюда карточками: нажмите на замерщика, и он получит замер. Сменить замерщика или отменить замер можно на той же карточке.
help-measurer = 👷 Назначенный вам замер приходит карточкой. Нажмите «{ button-start }», когда начали, и «{ button-complete }», когда закончили.
help-manager = 💼 О замерах по вашим сделкам бот пишет сам: кто назначен, когда начал и закончил.
help-commands = Команды:
help-command = /{ $command } · { $what }

## Invitations

invite-choose = Кого пригласить?
invite-for = Приглашение: { $role }
invite-until = Одноразовая, до { $when }.
invite-share = Приглашение в бот замеров
invite-accepted = Добро пожаловать, { $name }! Ваша роль: { $role }.
invite-used = Ссылка уже использована. Попросите администратора прислать новую.
invite-expired = Срок ссылки истёк. Попросите администратора прислать новую.
invite-unknown = Ссылка недействительна. Попросите администратора прислать новую.
invite-member = Вы уже в боте: { $roles }.
disabled = Ваш доступ отключён. Обратитесь к администратору.
stranger = У вас пока нет доступа. Попросите у администратора ссылку-приглашение.

## People

people-all = 👥 Сотрудники
people-admins = 👑 Администраторы
people-measurers = 👷 Замерщики
people-managers = 💼 Менеджеры
people-choose = Нажмите на имя, чтобы открыть карточку.
people-empty = Сотрудников пока нет.
people-empty-admins = Администраторов пока нет.
people-empty-measurers = Замерщиков пока нет.
people-empty-managers = Менеджеров пока нет.
person-row = { $mark } { $name }
person-row-count = { $mark } { $name } · { $count }
person-row-disabled = ⛔ { $name }
person-row-unreachable = 📵 { $name }
person-open = { $count ->
    [one] { $count } открытый
    [few] { $count } открытых
   *[many] { $count } открытых
}
person-employee = 🔗 В AmoCRM: { $name }
person-no-employee = ⚠️ нет привязки к AmoCRM
person-disabled = ⛔ Доступ отключён
person-unreachable = 📵 Сообщения бота не доходят
person-linked = ✅ { $name }: привязка к «{ $employee }» в AmoCRM.
employees-who = Кто это в AmoCRM: { $name }?
employees-unknown = Список пользователей AmoCRM ещё не получен.
employees-none = Свободных пользователей AmoCRM нет.
employee-same = ⭐ { $name }
ask-disable = Отключить доступ: { $name }?
ask-disable-open = { $count ->
    [one] В очередь вернётся { $count } замер.
    [few] В очередь вернутся { $count } замера.
   *[many] В очередь вернутся { $count } замеров.
}

## Answers to presses

toast-assigned = ✅ Назначен { $name }
toast-started = 🔄 Замер начат
toast-completed = ✅ Замер выполнен
toast-cancelled = ❌ Замер отменен
toast-restored = ↩️ Замер снова ждёт назначения
toast-disabled = ⛔ Доступ отключён: { $name }
toast-enabled = ✅ Доступ возвращён: { $name }
toast-refreshing = 🔄 Список обновляется, откройте его ещё раз через минуту
toast-already-done = Уже сделано
alert-assigned-by-admin = ⛔ Нет прав: назначает администратор
alert-admin-only = ⛔ Нет прав: это делает администратор
alert-measurer-only = ⛔ Это для замерщиков
alert-manager-only = ⛔ Это для менеджеров
alert-not-yours = ⛔ Нет прав: это не ваш замер
alert-no-access = ⛔ Нет доступа
alert-wrong-state = Сейчас это сделать нельзя. Карточка обновлена.
alert-already-the-measurer = Этот замерщик уже назначен
alert-assigned = Уже назначено: { $by } → { $to }, { $when }
alert-assigned-to = Уже назначено: { $to }, { $when }
alert-completed = Замер уже выполнен: { $by }, { $when }
alert-cancelled = Замер уже отменен: { $by }, { $when }
alert-changed = Замер изменился: сейчас { $status }. Карточка обновлена.
alert-facts-changed = Замер изменился. Карточка обновлена.
alert-measurer-unavailable = Этот замерщик отключён, выберите другого
alert-another-is-open = По этой сделке уже открыт замер №{ $id }
alert-unknown = Этого больше нет, откройте /menu
alert-employee-taken = Этот пользователь AmoCRM уже привязан: { $name }
alert-protected = Этого человека отключить нельзя
alert-outdated = Кнопка устарела, откройте /menu

## Hints and trouble

hint = Не понял. Откройте /menu, там всё, что вы можете.
slow = Секунду…
update-failed = Не получилось обработать ваше сообщение. Откройте /menu и попробуйте ещё раз.

trouble-unreachable = 📵 { $name }: бот заблокирован, сообщения не доходят.
trouble-undelivered = 📵 { $name }: бот заблокирован, замер №{ $id } не доставлен.
trouble-admin-never-started = 📵 Администратор { $id } ещё не нажал /start: сообщения до него не доходят.
trouble-joined = { $mark } Новый сотрудник вошёл по приглашению: { $name }
trouble-amocrm-blocked = 🚫 AmoCRM отказывает в доступе (403). Замеры открываются по данным вебхуков; напишите в поддержку AmoCRM.
trouble-amocrm-unblocked = ✅ AmoCRM снова отвечает.
trouble-amocrm-token = 🔑 AmoCRM не принимает токен. Замеры открываются по данным вебхуков; выпустите новый токен и замените AMOCRM_ACCESS_TOKEN.
trouble-amocrm-refresh = 🔑 AmoCRM не продлевает доступ интеграции. Замеры открываются по данным вебхуков; разрешите доступ заново и замените AMOCRM_REFRESH_TOKEN.
trouble-amocrm-token-ends = 🔑 Токен AmoCRM действует до { $when }. Выпустите новый и замените AMOCRM_ACCESS_TOKEN.
trouble-webhook-off = 🔌 AmoCRM выключила вебхук: сервер слишком часто не принимал события. Бот включает его снова; проверьте, что адрес сервера открывается снаружи.
trouble-webhook-rights = 🔌 Вебхук AmoCRM не настроить: токен выпущен не администратором (403). Выпустите токен от администратора или добавьте вебхук вручную.
trouble-webhook-too-many = 🔌 Вебхук AmoCRM не добавить: в аккаунте уже 100 вебхуков. Удалите лишние: «amoМаркет» → «WEB HOOKS».
trouble-webhook-not-paid = 🔌 Вебхук AmoCRM не настроить: аккаунт не оплачен, или на его тарифе нет вебхуков (402).
trouble-webhook-refused = 🔌 AmoCRM не принимает вебхук ({ $status }). Проверьте, что WEBHOOK_HOST открывается из интернета; бот пробует снова каждые 10 минут.
trouble-webhook-works = ✅ Вебхук AmoCRM настроен.

trouble-missed = { $count ->
    [one] 🔎 Ночная сверка с AmoCRM нашла { $count } пропущенную сделку. Она уже учтена.
    [few] 🔎 Ночная сверка с AmoCRM нашла { $count } пропущенные сделки. Они уже учтены.
   *[many] 🔎 Ночная сверка с AmoCRM нашла { $count } пропущенных сделок. Они уже учтены.
}

## Deals that were in trigger stages before the first look

already-there = { $count ->
    [one] 📋 В этапах замера уже { $count } сделка. Сама она замера не откроет.
    [few] 📋 В этапах замера уже { $count } сделки. Сами они замеров не откроют.
   *[many] 📋 В этапах замера уже { $count } сделок. Сами они замеров не откроют.
}
already-there-opening = { $count ->
    [one] 📋 Открывается { $count } замер. Карточка придёт сюда.
   *[many] 📋 Открываются замеры: { $count }. Карточки придут сюда.
}
already-there-none = 📋 По сделкам, которые уже были в этапах замера, замеры не открываются.
already-there-decided = 📋 Про эти сделки уже решил другой администратор.
button-open-recent = ▶️ Открыть за 7 дней
button-open-none = Не открывать
