// The webhooks that AmoCRM has sent, the newest first, each with its answer.

import { post } from "../lib/api.js";
import { element } from "../lib/dom.js";
import { get, lastNumber, listen } from "../lib/store.js";
import { hour } from "../lib/time.js";

const ACTIONS = {
  add: "создана", update: "изменена", status: "сменила этап", responsible: "сменила ответственного",
  delete: "удалена", restore: "восстановлена",
};

const shown = new Map();

export function startWebhooks() {
  const list = document.querySelector("[data-hooks]");
  list.append(element("li.empty", {}, "Пока ни одного. Создайте сделку: AmoCRM пошлёт вебхук."));
  listen("hook/", (changes) => {
    list.querySelector(".empty")?.remove();
    for (const [key, hook] of changes.sort(([a], [b]) => lastNumber(a) - lastNumber(b))) put(list, key, hook);
  });
}

function put(list, key, hook) {
  const old = shown.get(key);
  if (hook === null) {
    old?.remove();
    shown.delete(key);
    return;
  }
  const made = row(hook);
  if (old) {
    made.querySelector("details").open = old.querySelector("details").open;
    old.replaceWith(made);
  } else {
    list.prepend(made);
  }
  shown.set(key, made);
}

function row(hook) {
  const details = element("details", {},
    element("summary", {}, element("time", {}, hour(hook.at)), element("span.about", {}, hook.about.map(words).join(", ")), answer(hook)));
  details.addEventListener("toggle", () => details.open && details.children.length === 1 && details.append(content(hook)));
  return element("li", { data: { hook: hook.id, outcome: hook.outcome } }, details);
}

function words({ entity, action, id }) {
  if (entity === "contacts") return action === "add" ? "контакт создан" : "контакт изменён";
  const name = get(`deal/${id}`)?.name ?? `№${id}`;
  return `«${name}» ${ACTIONS[action] ?? action}`;
}

function answer(hook) {
  switch (hook.outcome) {
    case "answered": {
      const isGood = hook.status < 300;
      return element(`span.answer.${isGood ? "good" : "bad"}`, { data: { status: hook.status } }, `${hook.status} · ${hook.millis} мс`);
    }
    case "waiting": return element("span.answer", {}, "…");
    case "lost": return element("span.answer.bad", {}, "потерян");
    case "timed_out": return element("span.answer.bad", {}, "нет ответа 2 с");
    default: return element("span.answer.bad", { title: hook.reason }, "не доставлен");
  }
}

/** The form that was posted, a line for each pair. */
function content(hook) {
  const pairs = [...new URLSearchParams(hook.body)];
  const rows = pairs.flatMap(([key, value]) => [element("dt", {}, key), element("dd", {}, value)]);
  return element("div.content", {},
    element("button", { type: "button", data: { redeliver: "" }, onclick: () => post(`/amocrm/hooks/${hook.id}/redeliver`, {}) }, "Послать ещё раз"),
    element("dl", {}, ...rows));
}
