// A circle with initials, its colour by the person.

import { element } from "../lib/dom.js";

const COLOURS = 7;

export const fullName = (person) => [person.first_name, person.last_name].filter(Boolean).join(" ");

export function avatar(person) {
  const initials = [person.first_name, person.last_name].map((name) => [...(name ?? "")][0] ?? "").join("");
  // Ids of a kind begin alike, so the thousands count too.
  const tint = (person.id + 3 * Math.floor(person.id / 1000)) % COLOURS;
  return element(`span.avatar.tint-${tint}`, { "aria-hidden": "true" }, initials);
}
