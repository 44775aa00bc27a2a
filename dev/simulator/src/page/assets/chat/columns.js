// A column for every person, kept up to date.

import { get, lastNumber, listen } from "../lib/store.js";
import { countUnread } from "../people/strip.js";
import { Column } from "./column.js";

const columns = new Map();

export const column = (person) => columns.get(person);

export function startColumns() {
  const place = document.querySelector("[data-columns]");
  const seen = new IntersectionObserver(noteSeen, { root: place, threshold: 0.5 });
  listen("person/", (changes) => {
    for (const [key, person] of changes) {
      const id = lastNumber(key);
      if (person === null) take(id);
      else if (columns.has(id)) columns.get(id).update(person);
      else add(place, seen, person);
    }
  });
  listen("chat/", (changes, isFresh) => {
    for (const [key, step] of changes) tell(key, step, isFresh);
  });
}

function add(place, seen, person) {
  const made = new Column(person);
  columns.set(person.id, made);
  const next = [...columns.values()].filter((other) => other.id > person.id).sort((a, b) => a.id - b.id)[0];
  place.insertBefore(made.root, next?.root ?? null);
  seen.observe(made.root);
}

function take(id) {
  columns.get(id)?.root.remove();
  columns.delete(id);
}

function tell(key, step, isFresh) {
  const [, person] = key.split("/").map(Number);
  const chat = columns.get(person);
  if (!chat) return;
  const isNew = chat.put(lastNumber(key), step, isFresh);
  if (isNew && !isFresh && step.kind === "message" && !step.is_own && !chat.isSeen) countUnread(person, 1);
}

function noteSeen(entries) {
  for (const entry of entries) {
    const chat = columns.get(Number(entry.target.dataset.chat));
    if (!chat) continue;
    chat.isSeen = entry.isIntersecting;
    if (chat.isSeen) countUnread(chat.id, 0);
    const jump = document.querySelector(`[data-jump="${chat.id}"]`);
    jump?.classList.toggle("is-seen", chat.isSeen);
  }
}
