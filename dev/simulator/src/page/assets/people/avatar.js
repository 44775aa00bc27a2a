// A circle with initials, its colour by the person.

import { element } from "../lib/dom.js";

const COLOURS = 7;

export const fullName = (person) => [person.first_name, person.last_name].filter(Boolean).join(" ");

export function avatar(person) {
  const initials = [person.first_name, person.last_name].map((name) => [...(name ?? "")][0] ?? "").join("");
  return element(`span.avatar.tint-${person.id % COLOURS}`, { "aria-hidden": "true" }, initials);
}
