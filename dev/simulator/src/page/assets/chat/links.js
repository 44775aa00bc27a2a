// What a client makes pressable in a plain text: addresses, phones and commands.

import { element } from "../lib/dom.js";

const PRESSABLE = /(?<url>https?:\/\/[^\s<>«»]+[^\s<>«».,;:!?)])|(?<phone>\+\d[\d ()-]{8,18}\d)|(?<=^|\s)(?<command>\/[a-z][a-z0-9_]{1,31})(?=$|[\s.,;!?)])/gu;

/** The text as a list of strings and elements. */
export function linked(text, actions) {
  const parts = [];
  let at = 0;
  for (const match of text.matchAll(PRESSABLE)) {
    parts.push(text.slice(at, match.index), pressable(match, actions));
    at = match.index + match[0].length;
  }
  parts.push(text.slice(at));
  return parts.filter((part) => part !== "");
}

function pressable(match, actions) {
  const { url, phone } = match.groups;
  if (url) return element("button.link", { type: "button", data: { href: url }, onclick: () => actions.open(url) }, url);
  if (phone) return element("a.link", { href: `tel:${phone.replace(/[^\d+]/g, "")}` }, phone);
  return element("button.link", { type: "button", onclick: () => actions.say(match[0]) }, match[0]);
}
