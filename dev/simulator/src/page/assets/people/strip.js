// The row of people above the chats: who has something new, and a jump to each chat.

import { element } from "../lib/dom.js";
import { listen, under } from "../lib/store.js";
import { column } from "../chat/columns.js";
import { avatar, fullName } from "./avatar.js";
import { addPerson } from "./new-person.js";

const unread = new Map();

export function startStrip() {
  listen("person/", draw);
  draw();
}

/** Counts a message that came into a chat nobody looks at; 0 says that it is looked at. */
export function countUnread(person, more) {
  const before = unread.get(person) ?? 0;
  const now = more === 0 ? 0 : before + more;
  if (now === before) return;
  unread.set(person, now);
  draw();
}

function draw() {
  const people = under("person/").map(button);
  const add = element("button.add", { type: "button", data: { addPerson: "" }, onclick: () => addPerson(), title: "Новый человек" },
    element("span.avatar", { "aria-hidden": "true" }, "+"), element("span.name", {}, "Добавить"));
  document.querySelector("[data-strip]").replaceChildren(...people, add);
}

function button(person) {
  const count = unread.get(person.id) ?? 0;
  const jump = () => column(person.id)?.reveal();
  return element("button", { type: "button", data: { jump: person.id }, onclick: jump, title: fullName(person) },
    avatar(person),
    element("span.name", {}, person.first_name),
    count > 0 && element("span.badge", { "aria-label": `новых: ${count}` }, count > 99 ? "99+" : String(count)));
}
