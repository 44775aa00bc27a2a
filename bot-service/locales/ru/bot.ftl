# Every word that people read, in Russian. Values come in escaped; nothing here holds markup.

## Statuses, roles, buttons

status-pending = ⏳ Ожидает назначения
status-assigned = 📋 Назначен
status-in-progress = 🔄 В процессе
status-completed = ✅ Выполнен
status-cancelled = ❌ Отменен

role-admin = 👑 Администратор
role-supervisor = 👔 Руководитель
role-measurer = 👷 Замерщик
role-manager = 💼 Менеджер
role-observer = 👀 Наблюдатель

button-start = 🔄 Начать выполнение
button-accept = 👌 Принять
button-complete = ✅ Завершить
button-reassign = 🔄 Сменить замерщика
button-cancel = ❌ Отменить замер
button-history = 📜 История
button-comment = 💬 Комментарий
button-answer = 💬 Ответить
button-files = 📎 Файлы
button-older-files = 📎 Более ранние
button-open-card = 📋 Открыть карточку
button-decline = 🙅 Не могу
button-problem = ⚠️ Проблема
button-clear-problem = 🔁 Пусть едет снова
button-another-visit = ➕ Ещё один выезд
button-follow-up = ➕ Повторный выезд
button-follow-up-yes = Да, ещё один
button-follow-up-no = Не нужно
button-undo = ↩️ Отменить действие
button-cancel-no = Не отменять
button-skip-reason = Пропустить
button-restore = ↩️ Вернуть
button-restore-yes = Да, вернуть
button-restore-no = Не возвращать
button-more = Ещё ▸
button-confirm = ✅ Подтвердить: { $name } · { $count }
button-other = 👷 Выбрать другого ▸
button-away = 🏖 Выходные
button-zone-measurers = 👷 Кто замеряет
button-rename = ✏️ Переименовать
button-spell = 🔤 Другое написание
button-merge = 🔗 Объединить
button-delete = 🗑 Удалить
button-delete-yes = Да, удалить
button-unknown = ❓ { $name }
button-import = ➕ Добавить все из сделок
button-new-zone = ➕ Новая зона
button-new-dealer = ➕ Новый дилер
button-adopt-zone = ➕ Новая зона «{ $name }»
button-same-zone = Это «{ $name }»
button-dismiss = 🙈 Это не зона
button-decide = ❓ Решить, что это
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
button-disable-to-queue = Отключить, замеры в очередь
button-disable-to-other = Отключить и передать замеры…
button-hand-over = 🔁 Передать замеры
button-to-queue = ⏳ Вернуть в очередь
button-person = 👤 Открыть карточку
button-share-phone = 📱 Отправить мой номер
button-not-now = Не сейчас
button-find = 🔎 Найти по имени
button-roles = 🎭 Роли
button-changes = 📜 Изменения
button-invites = 🔗 Приглашения
button-revoke = ⛔ Отозвать
button-to-start = « В начало
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
card-problem = ⚠️ Проблема: { $why } · { $who }, { $when }
card-follows = 🔁 Повторный выезд после замера №{ $id }
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
card-accepted = 👌 Принято { $when }
card-not-accepted = ⏳ Ещё не принято
card-said = 💬 { $who }, { $when }: { $what }
card-ask-decline = Почему не можете? Замер вернётся в очередь.
card-ask-cancel = Отменить замер №{ $id }? Выберите причину.
card-ask-restore = Вернуть замер №{ $id } в очередь?
card-ask-problem = Что мешает? Администратор сразу узнает и решит, как быть.
card-ask-follow-up = Открыть ещё один замер по той же сделке? №{ $id } тоже останется открыт.
card-ask-reassigned = Почему сменили замерщика? Можно пропустить.
card-choose-measurer = Кого назначить?
card-no-measurers = Замерщиков пока нет.
card-no-others = Других замерщиков пока нет.
card-hidden = Этот замер вам больше не доступен.
card-dealer = 🏢 Дилер: { $name }
card-assigned-by-rule = ✅ Назначено автоматически, { $when }
card-proposed = ⚡️ Предлагаем: { $name }
card-proposed-anew = ⚡️ Теперь предлагаем: { $name } (было: { $before })
card-passed = Не предлагаем: { $names }
passed-one = { $name } ({ $why })
because-dealer = 🏢 Дилер «{ $name }»
because-zone = 🗺 Зона «{ $name }»
because-turn = 🔄 По очереди
because-last = последний раз { $when }
because-first = впервые
why-not-away = выходной
why-not-disabled = доступ отключён
why-not-declined = не может
candidate-away = 🏖 { $name } · { $count }
candidate-declined = 🙅 { $name } · { $count }
candidate = { $name } · { $count }

headline-back-in-queue = ⏳ Замер снова ждёт замерщика
headline-assigned-to-you = 📋 Вам назначен новый замер!
headline-taken-off-you = ⚠️ Вы сняты с замера
headline-measurer-found = ✅ Замерщик назначен на ваш заказ
headline-measurer-changed = 🔄 Изменен замерщик на вашем заказе
headline-status-changed = 🔔 Изменен статус замера
headline-cancelled-in-amocrm = ❌ Замер отменен в AmoCRM
headline-facts-changed = ✏️ Изменены данные замера
headline-problem = ⚠️ Проблема на замере
headline-problem-cleared = 🔁 Проблема снята
headline-now-yours = 💼 Теперь это ваш заказ

## Short messages about one event

notice-new = 🆕 Новый замер { $which }
notice-back-in-queue = ⏳ Замер { $which } снова ждёт замерщика
notice-declined = 🙅 { $name } не может: { $why }
notice-lost-measurer = Снят с замера: { $name }
notice-assigned-to-you = 📋 Вам назначен замер { $which }
notice-taken-off-you = ⚠️ Вы сняты с замера { $which }
notice-reopened = ↩️ Замер { $which } снова открыт: { $by }
notice-measurer-found = ✅ Замерщик назначен на ваш заказ · { $which }
notice-measurer-changed = 🔄 Изменен замерщик на вашем заказе · { $which }
notice-measurer-before = ❌ { $name }
notice-measurer-after = ✅ { $name }
notice-status = Замер { $which }: { $status }
notice-status-of = { $status } · { $name }
notice-status-by = Замер { $which }: { $status } ({ $who }, { $when })
notice-cancelled = ❌ Замер { $which } отменен: { $by }
notice-cancelled-by-nobody = ❌ Замер { $which } отменен
notice-problem = ⚠️ Замер { $which }: { $why } ({ $who }, { $when })
notice-problem-cleared = 🔁 Замер { $which }: проблема снята, замер в силе ({ $who }, { $when })
notice-undone = ↩️ Замер { $which }: действие отменено, сейчас { $status } ({ $who }, { $when })
notice-now-yours = 💼 Теперь это ваш заказ · { $which }
notice-facts = ✏️ Замер №{ $id }: { $what }
notice-facts-some = изменены данные
notice-facts-many = изменены { $fields }
notice-comment = 💬 { $who } · { $which }

changed-name = изменено название сделки
changed-address = изменён адрес
changed-client = изменён контакт
changed-phone = изменён телефон
changed-order-number = изменён номер заказа
changed-zone = изменена зона
changed-dealer = изменён дилер
changed-product = изменён продукт
changed-comment = изменён комментарий
field-name = название сделки
field-address = адрес
field-client = контакт
field-phone = телефон
field-order-number = номер заказа
field-zone = зона
field-dealer = дилер
field-product = продукт
field-comment = комментарий

decline-busy = занят
decline-far = далеко
decline-not-mine = не мой профиль
decline-client-moved = клиент перенёс
reason-other = другое…
because = Причина: { $why }
problem-client-absent = клиента нет
problem-not-ready = объект не готов
problem-wrong-address = неверный адрес
problem-why = Напишите, что мешает на замере №{ $id }. Передумали? /menu
cancel-client-refused = клиент отказался
cancel-no-answer = не дозвонились
cancel-duplicate = дубль
cancel-mistake = ошибка
cancel-why = Напишите, почему замер №{ $id } отменяется. Передумали? /menu
reassign-unable = прежний не может
reassign-overloaded = прежний перегружен
reassign-client-asked = попросил клиент
reassign-mistake = ошибка
reassign-why = Напишите, почему на замер №{ $id } поедет другой. Передумали? /menu
decline-why = Напишите, почему не можете поехать на замер №{ $id }. Передумали? /menu

comment-author = { $name } ({ $role })
comment-files = { $count ->
    [one] 📎 { $count } файл
    [few] 📎 { $count } файла
   *[many] 📎 { $count } файлов
}
comment-files-short = 📎 { $count }
comment-place = 📍 место на карте
comment-place-short = 📍 место
comment-ask = 💬 Что сказать о замере №{ $id }? Напишите или пришлите фото, видео, голосовое, файл или место. Передумали? /menu
comment-kept = 💬 Комментарий к замеру №{ $id } сохранён.
comment-cut = Сохранены первые { $count } знаков: больше в один комментарий не помещается.
comment-too-big = ⚠️ Файл больше 20 МБ: такой бот скачать не может, и копии у нас не будет. Пока он есть только в Telegram.
comment-nothing = Это к замеру не приложить. Подойдут текст, фото, видео, голосовое, файл или место.
comment-about-what = К какому замеру это? Пришлите ещё раз ответом на его карточку или после кнопки «💬 Комментарий» на ней.
files-title = 📎 Файлы · { $which }
files-none = Файлов пока нет.
files-waiting = ⏳ копируется: { $count }
files-failed = ⚠️ не скопировано файлов: { $count }
files-lost = ⚠️ Этот файл замера №{ $id } прислать не получилось: Telegram его не отдаёт, а годной копии у нас нет.
files-away = ⏳ Файлы замера №{ $id } сейчас прислать не получилось. Попробуйте ещё раз через несколько минут.

history-title = 📜 История · { $which }
history-amocrm = AmoCRM
history-opened = новый замер
history-assigned = назначен { $to }
history-assigned-instead = назначен { $to } вместо предложенного: { $from }
history-proposed = предложение: { $to } · { $why }
history-reassigned = { $from } → { $to }
history-accepted = 👌 замер принят
history-started = замер начат
history-completed = замер выполнен
history-cancelled = замер отменен
history-cancelled-because = замер отменен: { $why }
history-problem = ⚠️ проблема: { $why }
history-problem-cleared = 🔁 проблема снята
history-undone = ↩️ действие отменено: { $what }
history-explained = причина смены: { $why }
history-restored = замер возвращён в очередь
history-returned = { $from } снят, замер в очереди
history-declined = 🙅 не может: { $why }
history-responsible = другой ответственный за сделку
history-commented = 💬 { $what }
history-changed = { $what }: { $from } → { $to }
history-nothing = пусто
told-sent = ✓ { $name }
told-waiting = ⏳ { $name }
told-unreachable = 📵 { $name }
told-failed = ⚠️ { $name }
told-superseded = – { $name }

language = 🇷🇺 Русский
language-choose = На каком языке писать?
command-language = Язык

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
button-filter = 🔎 Фильтр
sieve-title = 🔎 Фильтр
sieve-measurer = 👷 { $name }
sieve-any-measurer = 👷 Замерщик: любой
sieve-all-measurers = 👥 Любой замерщик
sieve-whose = Чьи замеры показать?
sieve-zone = 🗺 { $name }
sieve-any-zone = 🗺 Зона: любая
sieve-all-zones = 🗺 Любая зона
sieve-where = Замеры какой зоны показать?
sieve-period = 🗓 { $period }
period-today = Сегодня
period-week = 7 дней
period-thirty-days = 30 дней
period-month = Этот месяц
period-always = Всё время
filter-chosen = • { $filter }

find-title = { $count ->
    [one] 🔎 Найден { $count } замер
    [few] 🔎 Найдено { $count } замера
   *[many] 🔎 Найдено { $count } замеров
}
find-title-pages = 🔎 Найдено много, сначала новые
find-none = Ничего не найдено. Попробуйте короче: конец телефона, фамилию или улицу.
find-too-much = Слишком много совпадений. Уточните: добавьте улицу, фамилию или конец телефона.
find-hint = 🔎 Напишите, что найти: последние цифры телефона, имя или фамилию, часть адреса, номер заказа, №12 или ссылку на сделку.

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
menu-failures = ⚠️ Сбои
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
command-zones = Зоны и кто в них замеряет
command-dealers = Дилеры и их замерщики
command-settings = Настройки: правила, этапы, поля
command-failures = Сбои: что застряло
command-my = Мои активные замеры
command-orders = Мои заказы
command-find = Найти замер

help-admin = 👑 Новые замеры приходят сюда карточками: нажмите на замерщика, и он получит замер. Сменить замерщика или отменить замер можно на той же карточке.
help-supervisor = 👔 Новые замеры приходят сюда карточками: нажмите на замерщика, и он получит замер. Сотрудников и приглашения ведёте и вы, кроме администраторов.
help-measurer = 👷 Назначенный вам замер приходит карточкой. Нажмите «{ button-start }», когда начали, и «{ button-complete }», когда закончили.
help-manager = 💼 О замерах по вашим сделкам бот пишет сам: кто назначен, когда начал и закончил.
help-observer = 👀 Вы видите все замеры: о новых, назначенных, выполненных и отменённых бот пишет сам.
help-commands = Команды:
help-command = /{ $command } · { $what }

## Invitations

invite-choose = Кого пригласить?
invite-for = Приглашение: { $role }
invite-once-until = Одноразовая, до { $when }.
invite-several-until = На { $uses ->
    [one] { $uses } человека
   *[other] { $uses } человек
}, до { $when }.
invite-open-until = Без ограничения числа людей, до { $when }.
invite-uses = { $uses } чел.
invite-uses-any = сколько угодно
invite-days = { $days ->
    [one] { $days } день
    [few] { $days } дня
   *[other] { $days } дней
}
invites-title = 🔗 Приглашения
invites-none = Приглашений пока нет.
invite-row = { $role } · { $state }
invite-state = { $used } · { $state }
invite-used-of = { $used } из { $max }
invite-used-any = вошло { $used }
invite-until = до { $when }
invite-state-used = использовано
invite-state-revoked = отозвано
invite-state-expired = срок истёк
invite-made = От кого: { $name }, { $when }
invite-used-by = ✅ { $name }, { $when }
invite-share = Приглашение в бот замеров
invite-accepted = Добро пожаловать, { $name }! Ваша роль: { $role }.
invite-used = Ссылка уже использована. Попросите администратора прислать новую.
invite-expired = Срок ссылки истёк. Попросите администратора прислать новую.
invite-revoked = Ссылка отозвана. Попросите администратора прислать новую.
invite-unknown = Ссылка недействительна. Попросите администратора прислать новую.
invite-member = Вы уже в боте: { $roles }.
contact-ask = 📱 Отправьте свой номер: по нему администратор найдёт вас в AmoCRM. Клиенты его не увидят.
contact-thanks = Спасибо, номер сохранён.
contact-declined = Хорошо, без номера тоже можно работать.
contact-unreadable = Этот номер не удалось прочитать. Ничего страшного, без него тоже можно работать.
contact-not-yours = Это чужой номер. Отправьте свой кнопкой «{ button-share-phone }».
disabled = Ваш доступ отключён. Обратитесь к администратору.
stranger = У вас пока нет доступа. Попросите у администратора ссылку-приглашение.

## People

people-all = 👥 Сотрудники
people-admins = 👑 Администраторы
people-supervisors = 👔 Руководители
people-measurers = 👷 Замерщики
people-managers = 💼 Менеджеры
people-observers = 👀 Наблюдатели
people-choose = Нажмите на имя, чтобы открыть карточку.
people-empty = Сотрудников пока нет.
people-empty-admins = Администраторов пока нет.
people-empty-supervisors = Руководителей пока нет.
people-empty-measurers = Замерщиков пока нет.
people-empty-managers = Менеджеров пока нет.
people-empty-observers = Наблюдателей пока нет.
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
person-phone = 📞 { $phone }
person-zones = 🗺 Зоны: { $names }
person-dealers = 🏢 Дилеры: { $names }
person-away = 🏖 Выходные до: { $until }
person-disabled = ⛔ Доступ отключён
person-unreachable = 📵 Сообщения бота не доходят
person-linked = ✅ { $name }: привязка к «{ $employee }» в AmoCRM.
employees-who = Кто это в AmoCRM: { $name }?
employees-unknown = Список пользователей AmoCRM ещё не получен.
employees-none = Свободных пользователей AmoCRM нет.
employees-find = Напишите часть имени или почты, как в AmoCRM.
employee-same = ⭐ { $name }
roles-of = 🎭 Роли: { $name }
roles-choose = Нажмите на роль, чтобы дать её или снять.
role-has = ✅ { $role }
roles-yours = 🔔 Ваши роли изменены: { $roles }
successors = { $count ->
    [one] Кому передать { $count } замер: { $name }?
    [few] Кому передать { $count } замера: { $name }?
   *[other] Кому передать { $count } замеров: { $name }?
}
successors-leaving = Доступ будет отключён.
changes-title = 📜 Изменения
changes-none = Изменений пока нет.
changes-system = Система
changes-queue = в очередь
changes-line = { $when } · { $who }: { $what }
change-invite-made = приглашение { $role } на { $uses } чел.
change-invite-made-open = приглашение { $role } без ограничения
change-invite-revoked = отозвано приглашение { $role }
change-joined = вход по приглашению, { $role }
change-role-given = { $whom } — добавлена роль { $role }
change-role-taken = { $whom } — снята роль { $role }
change-linked = { $whom } — в AmoCRM это { $employee }
change-disabled = { $whom } — доступ отключён
change-disabled-with = { $whom } — доступ отключён, { $count ->
    [one] { $count } замер
    [few] { $count } замера
   *[other] { $count } замеров
} → { $to }
change-enabled = { $whom } — доступ возвращён
change-handed-over = { $whom } — { $count ->
    [one] передан { $count } замер
    [few] передано { $count } замера
   *[other] передано { $count } замеров
} → { $to }
change-zone-made = новая зона «{ $name }»
change-zone-renamed = зона «{ $from }» теперь «{ $name }»
change-zone-spelled = зона «{ $zone }» — это и «{ $name }»
change-zone-merged = зона «{ $from }» вошла в «{ $into }»
change-zone-deleted = удалена зона «{ $name }»
change-zone-given = { $whom } — добавлена зона «{ $zone }»
change-zone-taken = { $whom } — снята зона «{ $zone }»
change-dealer-given = { $whom } — клиенты дилера «{ $dealer }»
change-dealer-renamed = дилер «{ $from }» теперь «{ $name }»
change-dealer-merged = дилер «{ $from }» вошёл в «{ $into }»
change-dealer-taken = удалён дилер «{ $dealer }»
change-away = { $whom } — выходные до: { $until }
change-away-over = { $whom } — снова на работе
ask-disable = Отключить доступ: { $name }?
ask-disable-open = { $count ->
    [one] У него { $count } открытый замер.
    [few] У него { $count } открытых замера.
   *[other] У него { $count } открытых замеров.
}

## Answers to presses

toast-assigned = ✅ Назначен { $name }
toast-accepted = 👌 Замер принят
toast-started = 🔄 Замер начат
toast-completed = ✅ Замер выполнен
toast-cancelled = ❌ Замер отменен
toast-problem-reported = ⚠️ Администратор узнает о проблеме
toast-problem-cleared = 🔁 Проблема снята, замер в силе
toast-opened = ➕ Открыт замер №{ $id }
toast-undone = ↩️ Действие отменено
toast-explained = Причина записана
toast-restored = ↩️ Замер снова ждёт назначения
toast-disabled = ⛔ Доступ отключён: { $name }
toast-enabled = ✅ Доступ возвращён: { $name }
toast-roles-changed = ✅ Роли изменены: { $name }
toast-declined = 🙅 Замер вернулся в очередь
toast-done = ✅ Готово
toast-handed-over = { $count ->
    [one] ✅ Передан { $count } замер
    [few] ✅ Передано { $count } замера
   *[other] ✅ Передано { $count } замеров
}
toast-refreshing = 🔄 Список обновляется, откройте его ещё раз через минуту
toast-already-done = Уже сделано
alert-assigned-by-admin = ⛔ Нет прав: назначает администратор
alert-admin-only = ⛔ Нет прав: это делает администратор
alert-admins-by-admin = ⛔ Об администраторах решает администратор
alert-measurer-only = ⛔ Это для замерщиков
alert-manager-only = ⛔ Это для менеджеров
alert-not-yours = ⛔ Нет прав: это не ваш замер
alert-not-your-move = ⛔ Отменить действие может только тот, кто его сделал
alert-too-late = Отменить действие можно в течение 10 минут
alert-no-access = ⛔ Нет доступа
alert-wrong-state = Сейчас это сделать нельзя. Карточка обновлена.
alert-already-the-measurer = Этот замерщик уже назначен
alert-assigned = Уже назначено: { $by } → { $to }, { $when }
alert-assigned-to = Уже назначено: { $to }, { $when }
alert-completed = Замер уже выполнен: { $by }, { $when }
alert-cancelled = Замер уже отменен: { $by }, { $when }
alert-changed = Замер изменился: сейчас { $status }. Карточка обновлена.
alert-problem = Замер изменился: проблема, { $why }. Карточка обновлена.
alert-facts-changed = Замер изменился. Карточка обновлена.
alert-measurer-unavailable = Этот замерщик отключён, выберите другого
alert-another-is-open = По этой сделке уже открыт замер №{ $id }
alert-unknown = Этого больше нет, откройте /menu
alert-employee-taken = Этот пользователь AmoCRM уже привязан: { $name }
alert-protected = Этого человека отключить нельзя
alert-last-role = Это последняя роль. Чтобы закрыть доступ, нажмите «{ button-disable }».
alert-has-visits = { $count ->
    [one] У него { $count } открытый замер: сначала передайте его.
    [few] У него { $count } открытых замера: сначала передайте их.
   *[other] У него { $count } открытых замеров: сначала передайте их.
}
alert-search-over = Этот поиск уже закончен: напишите ещё раз, что найти
alert-outdated = Кнопка устарела, откройте /menu

## Hints and trouble

hint = Не понял. Откройте /menu, там всё, что вы можете.
slow = Секунду…
update-failed = Не получилось обработать ваше сообщение. Откройте /menu и попробуйте ещё раз.

trouble-unreachable = 📵 { $name }: бот заблокирован, сообщения не доходят.
trouble-undelivered = 📵 { $name }: бот заблокирован, замер №{ $id } не доставлен.
trouble-admin-never-started = 📵 Администратор { $id } ещё не нажал /start: сообщения до него не доходят.
trouble-employee-suggested = 🔗 { $name } — похоже, это { $employee } в AmoCRM: номер телефона совпал.
trouble-joined = { $mark } Новый сотрудник вошёл по приглашению: { $name }
trouble-amocrm-blocked = 🚫 AmoCRM отказывает в доступе (403). Замеры открываются по данным вебхуков; напишите в поддержку AmoCRM.
trouble-amocrm-unblocked = ✅ AmoCRM снова отвечает.
trouble-amocrm-token = 🔑 AmoCRM не принимает токен. Замеры открываются по данным вебхуков; выпустите новый токен и замените AMOCRM_ACCESS_TOKEN.
trouble-amocrm-refresh = 🔑 AmoCRM не продлевает доступ интеграции. Замеры открываются по данным вебхуков; разрешите доступ заново и замените AMOCRM_REFRESH_TOKEN.
trouble-amocrm-token-ends = 🔑 Токен AmoCRM действует до { $when }. Выпустите новый и замените AMOCRM_ACCESS_TOKEN.
trouble-unaccepted = ⏳ Замер №{ $id } не принят дольше { $span }: { $name }.
trouble-unaccepted-many = ⏳ Не приняты дольше { $span }:
trouble-webhook-off = 🔌 AmoCRM выключила вебхук: сервер слишком часто не принимал события. Бот включает его снова; проверьте, что адрес сервера открывается снаружи.
trouble-webhook-rights = 🔌 Вебхук AmoCRM не настроить: токен выпущен не администратором (403). Выпустите токен от администратора или добавьте вебхук вручную.
trouble-webhook-too-many = 🔌 Вебхук AmoCRM не добавить: в аккаунте уже 100 вебхуков. Удалите лишние: «amoМаркет» → «WEB HOOKS».
trouble-webhook-not-paid = 🔌 Вебхук AmoCRM не настроить: аккаунт не оплачен, или на его тарифе нет вебхуков (402).
trouble-webhook-refused = 🔌 AmoCRM не принимает вебхук ({ $status }). Проверьте, что WEBHOOK_HOST открывается из интернета; бот пробует снова каждые 10 минут.
trouble-webhook-works = ✅ Вебхук AmoCRM настроен.
trouble-reception-foreign = 🔌 Бот не слышит людей: нажатия и сообщения уходят другой программе, на вебхук { $host }. Остановите её и вызовите deleteWebhook.
trouble-reception-refused = 🔌 Бот не слышит людей: Telegram не принимает TELEGRAM_WEBHOOK_URL ({ $reason }). Исправьте адрес или верните TELEGRAM_MODE=polling.
trouble-reception-undelivered = 🔌 Бот не слышит людей: Telegram не может доставить нажатия и сообщения ({ $reason }). Проверьте, что TELEGRAM_WEBHOOK_URL открывается из интернета.
trouble-reception-works = ✅ Бот снова слышит людей; что они успели написать, обрабатывается.

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

## What is stuck

failures-title = ⚠️ Сбои
failures-none = Сбоев нет: сделки читаются, сообщения разобраны.
failures-deals = Не удаётся прочитать сделки: { $count }
failures-messages = Не разобраны сообщения: { $count }
failures-unsent = Не уходят сообщения бота: { $count }. Бот пробует снова.
failures-given-up = За 2 дня бот не справился с сообщениями людей: { $count }
button-failures = ⚠️ Сбои
button-stuck-deals = 📄 Сделки
button-parked = 📨 Сообщения
button-decisions = 🗒 Кто что решал
button-repeat = 🔁 Повторить
button-skip = ⏭ Пропустить
button-skip-yes = Да, пропустить

deal-number = Сделка { $id }
deal-open = открыть в AmoCRM
stuck-title = 📄 Не удаётся прочитать сделки · { $total }
stuck-none = Все сделки читаются.
stuck-event = Событие: { $event }
stuck-for = Не получается: { $span }
stuck-why = Причина: { $why }
stuck-next = Следующая попытка: { $when }
stuck-from-hook = Пока взята по данным вебхука.
event-entry = сделка пришла на этап
event-deletion = сделка удалена
event-change = сделка изменилась
event-look = сделку нужно прочитать ещё раз
stuck-not-shown = AmoCRM не показывает эту сделку
stuck-behind = AmoCRM пока показывает сделку прежней
stuck-no-contact = AmoCRM не показывает контакт сделки
stuck-not-deleted = AmoCRM ещё показывает удалённую сделку
stuck-unreadable = ответ AmoCRM о сделке не разобрать
stuck-away = AmoCRM не отвечает
stuck-blocked = AmoCRM отказывает в доступе (403)
stuck-token = AmoCRM не принимает токен
stuck-no-right = у токена нет прав на сделки
stuck-ours = бот не смог записать сделку
ask-skip-deal = Пропустить: { $name }?
ask-skip-entry = Замер по этому событию не откроется. Следующее событие сделки бот прочитает как обычно.
ask-skip-deletion = Замер этой сделки останется открытым. Следующее событие сделки бот прочитает как обычно.
ask-skip-change = Это изменение бот не учтёт. Следующее событие сделки он прочитает как обычно.
ask-skip-from-hook = Данные останутся такими, как в вебхуке. Следующее событие сделки бот прочитает как обычно.

message-number = Сообщение №{ $id }
parked-title = 📨 Неразобранные сообщения · { $total }
parked-none = Все сообщения разобраны.
parked-event = событие сделки
parked-webhook = вебхук AmoCRM
parked-when = Пришло: { $when }
parked-size = Байт: { $size }
parked-sending = отправляется ещё раз
parked-times = { $count ->
    [one] пришло { $count } раз
    [few] пришло { $count } раза
   *[many] пришло { $count } раз
}
parked-not-an-event = это не событие сделки
parked-newer = написано более новой версией
parked-not-stored = база не приняла событие
parked-returned = бот много раз не справился с ним
parked-content-type = не форма и не JSON
parked-json = повреждённый JSON
parked-not-a-hook = не похоже на вебхук AmoCRM
parked-too-large = слишком много данных
parked-layout = непривычное устройство данных
parked-no-id = нет номера сделки
parked-number = вместо числа что-то другое
parked-unknown = причина не указана
resent-came-back = повтор не помог: снова не разобрано
resent-no-answer = повтор не удался: сервер не ответил
resent-refused = повтор не удался: сервер ответил { $status }
ask-skip-message = Пропустить сообщение №{ $id }? Его текст сотрётся.

decisions-title = 🗒 Кто что решал
decisions-none = Пока никто ничего не решал.
decided-repeated = 🔁 Повтор
decided-skipped = ⏭ Пропуск

toast-deal-again = 🔁 Бот читает сделку ещё раз
toast-understood = ✅ Сообщение разобрано
toast-sent-again = 🔁 Сообщение отправляется на повторный разбор
toast-skipped = ⏭ Пропущено
alert-repeated = Уже отправлено повторно: { $by }, { $when }
alert-skipped = Уже пропущено: { $by }, { $when }
alert-not-stuck = ✅ Сделка уже прочитана
alert-moved-on = Пришло новое событие. Посмотрите ещё раз.
alert-still-unreadable = Повтор не помог: { $why }
alert-is-sending = Уже отправляется
alert-nowhere-to-send = Отправить некуда: на сервере не заданы WEBHOOK_HOST и WEBHOOK_SECRET

trouble-zone-unknown = 🗺 В замере №{ $id } зона «{ $name }», бот такой не знает. Решите, что это, и замерщик будет находиться сам.
trouble-dealer-unknown = 🏢 В замере №{ $id } дилер «{ $name }», бот такого не знает. Решите, кто замеряет его клиентов.
trouble-zone-empty = 🗺 В зоне «{ $name }» никто не замеряет (замер №{ $id }).
trouble-still-waiting = { $count ->
    [one] ⏰ { $count } замер ждёт назначения дольше { $minutes } мин: { $numbers }
    [few] ⏰ { $count } замера ждут назначения дольше { $minutes } мин: { $numbers }
   *[many] ⏰ { $count } замеров ждут назначения дольше { $minutes } мин: { $numbers }
}
trouble-parked = 📨 Бот не разобрал сообщения
trouble-parked-events = События сделок: { $count } · { $why }
trouble-parked-webhooks = Вебхуки AmoCRM: { $count } · { $why }
trouble-stuck = { $count ->
    [one] ⚠️ Больше часа не удаётся прочитать { $count } сделку: { $why }.
    [few] ⚠️ Больше часа не удаётся прочитать { $count } сделки: { $why }.
   *[many] ⚠️ Больше часа не удаётся прочитать { $count } сделок: { $why }.
}
trouble-unstuck = ✅ Сделки снова читаются.

## Zones, dealers, and how work is given out

zones-title = 🗺 Зоны
zones-none = Зон пока нет. С ними бот сам предлагает замерщика по зоне или адресу сделки.
zones-choose = Нажмите на зону, чтобы открыть её.
zones-unknown = ❓ В сделках встретились: { $names }
zone-title = 🗺 Зона «{ $name }»
zone-empty = ⚠️ { $name }
zone-nobody = ⚠️ Здесь никто не замеряет.
zone-measurers = 👷 { $names }
zone-spellings = 🔤 Другие написания: { $names }
zone-who = Нажмите на имя, чтобы добавить замерщика или убрать.
zone-merge = С какой зоной объединить «{ $name }»?
zone-delete = Удалить зону «{ $name }»?
zone-unknown = ❓ В сделках встретилась зона «{ $name }». Что это?
zone-ask-name = Напишите название новой зоны.
zone-ask-rename = Напишите новое название зоны.
zone-ask-spelling = Напишите, как ещё эту зону пишут в сделках.
dealers-title = 🏢 Дилеры
dealers-none = Дилеров пока нет. Клиентам дилера бот предлагает его замерщика.
dealers-choose = Нажмите на дилера, чтобы выбрать замерщика.
dealer-row = { $name } · { $measurer }
dealer-title = 🏢 Дилер «{ $name }»
dealer-who = Кто замеряет клиентов этого дилера?
dealer-merge = С каким дилером объединить «{ $name }»?
dealer-ask-name = Напишите название дилера, как в сделках.
away-choose = 🏖 До какого дня не предлагать замеры: { $name }?
away-today = Сегодня
away-tomorrow = Сегодня и завтра
away-week = 7 дней
away-two-weeks = 14 дней
away-month = 30 дней
away-over = ✅ Снова на работе
settings-title = ⚙️ Настройки
settings-rules = Правила действуют по порядку: первое, которое нашло замерщика, решает. Нажмите, чтобы изменить.
setting-rule = { $rule }: { $mode }
rule-dealer = 🏢 Дилер
rule-zone = 🗺 Зона
rule-turn = 🔄 По очереди
mode-off = выключено
mode-propose = предлагать
mode-assign = назначать сразу
setting-remind = ⏰ Напоминать: через { $minutes } мин
setting-remind-never = ⏰ Напоминать: никогда
setting-quiet = 🌙 Тишина: { $from }–{ $until }
setting-quiet-none = 🌙 Тишина: нет
setting-accept = 👌 Принять за: { $minutes } мин
setting-accept-never = 👌 Принять: без напоминания
setup-opens = 🎯 Этапы замера
setup-ends = 🚫 Этапы отмены
setup-fields = 🧩 Поля сделки
setup-timezone = 🕒 Часовой пояс
setup-nothing-yet = AmoCRM ещё не прислал списков. Загляните через минуту.
setup-opens-any = Сейчас замер открывает любой первый этап сделки. Выберите этап, и открывать будет только он.
setup-ends-lost = Сейчас замер отменяет «Закрыто и не реализовано».
setup-chosen = Сейчас: { $names }. Нажмите на этап, чтобы добавить или убрать его.
stage-of = { $pipeline } → { $name }
stage-gone = ⚠️ { $stage }: этапа больше нет, убрать
button-pipelines = ⬅️ Воронки
setup-sample = Для примера: сделка «{ $name }».
setup-choose-field = Из какого поля брать? Рядом с полем — что в нём сейчас.
fact-address = 📍 Адрес
fact-order-number = 🧾 Номер заказа
fact-zone = 🗺 Зона
fact-dealer = 🏢 Дилер
fact-product = 🪟 Продукт
fact-comment = 💬 Комментарий
fact-filled = { $name }: { $value } (поле «{ $field }»)
fact-empty = { $name }: пусто (поле «{ $field }»)
fact-nowhere = { $name }: не читается
field-with-value = { $name } · { $value }
button-field-nothing = Не читать
button-field-started = ↺ Как было: { $names }
timezone-now = { $city } · { $time }
city-kaliningrad = Калининград
city-moscow = Москва
city-samara = Самара
city-yekaterinburg = Екатеринбург
city-omsk = Омск
city-novosibirsk = Новосибирск
city-irkutsk = Иркутск
city-yakutsk = Якутск
city-vladivostok = Владивосток
city-magadan = Магадан
city-kamchatka = Камчатка
city-minsk = Минск
city-almaty = Алматы
city-tashkent = Ташкент
city-bishkek = Бишкек
city-dushanbe = Душанбе
city-yerevan = Ереван
city-baku = Баку
city-tbilisi = Тбилиси
city-chisinau = Кишинёв
change-stage-on = { $what }: добавлен «{ $name }»
change-stage-off = { $what }: убран «{ $name }»
change-field = { $fact }: из поля «{ $name }»
change-field-nothing = { $fact }: больше не читается
change-field-started = { $fact }: снова как при запуске
change-timezone = часовой пояс: { $city }
alert-stage-is-used = Этот этап уже выбран для другого: он не может и открывать замер, и отменять его.
alert-last-stage = Это последний этап. Сначала добавьте другой: без этапов замер открывала бы любая сделка.
command-status = Состояние системы
status-title = 📊 Состояние
status-ingest = ✅ Приём вебхуков работает
status-ingest-full = ❌ Приём вебхуков не принимает: очередь недоступна, а место на диске кончилось. Позовите того, кто ведёт сервер.
status-ingest-away = ❌ Приём вебхуков не отвечает. AmoCRM пришлёт вебхуки ещё раз, а бот сверится сам, но новые замеры придут позже.
status-bot = ✅ Бот работает: { $count ->
    [one] { $count } копия
    [few] { $count } копии
   *[other] { $count } копий
}, версия { $versions }
status-bot-headless = ⚠️ Бот работает, но ни одна копия пока не ведёт (версия { $versions }). Обычно это проходит за 10 секунд.
status-bot-starts = ⚠️ Бот только что запущен, обновите через полминуты
status-database = ✅ База данных отвечает
status-broker = ✅ Очередь сообщений подключена
status-broker-blocked = ⚠️ Очередь сообщений переполнена: вебхуки ждут на диске
status-broker-away = ❌ Очередь сообщений недоступна: вебхуки ждут на диске и не потеряются
status-amocrm = ✅ AmoCRM отвечает ({ $ago })
status-amocrm-silent = ❌ AmoCRM не отвечает (последний раз { $ago }). Замеры открываются по вебхукам, остальное бот дочитает.
status-amocrm-unknown = ⚠️ AmoCRM ещё не отвечал после запуска
status-amocrm-none = ℹ️ AmoCRM: токена нет, замеры открываются только по вебхукам
status-token = ✅ Токен AmoCRM действует до: { $date }
status-token-ends = ⚠️ Токен AmoCRM кончается: { $date }. Выпустите новый и впишите его в AMOCRM_ACCESS_TOKEN.
status-webhook = ✅ Вебхук в AmoCRM подключён
status-webhook-unseen = ⚠️ Вебхук в AmoCRM был подключён, но давно не проверялся
status-webhook-off = ❌ Вебхук в AmoCRM не подключён: бот сверяется с AmoCRM сам, раз в 10 минут
status-compared = 🔁 Сверка с AmoCRM: { $ago }
status-telegram = ✅ Telegram отвечает ({ $ago })
status-telegram-silent = ❌ Telegram не отвечает (последний раз { $ago })
status-telegram-foreign = ❌ Сообщения людей уходят другой программе: { $host }
status-telegram-trouble = ❌ Telegram не доставляет сообщения людей: { $reason }
status-telegram-unknown = ⚠️ Telegram ещё не отвечал после запуска
status-messages = ✅ Сообщения уходят вовремя, в очереди: { $count }
status-messages-late = ⚠️ Сообщений в очереди: { $count }, самое старое ждёт { $waits }
status-deals = ✅ Сделки прочитаны, ждут чтения: { $count }
status-deals-stuck = ⚠️ Не читаются больше часа: { $count }. Нажмите «Сбои».
status-files = ⚠️ Файлы, которые не скопировались: { $count }
just-now = только что
ago = { $time } назад
alert-proposal-changed = Предложение изменилось, теперь: { $name }. Карточка обновлена.
alert-proposal-gone = Предложения больше нет. Карточка обновлена.
alert-name-taken = Так уже называется зона «{ $name }».
alert-dealer-taken = Так уже называется дилер «{ $name }».
alert-no-name = Такое название не подойдёт: нужны буквы или цифры, не больше 80 знаков.
alert-settings-by-admin = ⛔ Нет прав: настройки меняет администратор
