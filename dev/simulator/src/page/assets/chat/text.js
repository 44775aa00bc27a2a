// A text with its entities, as nodes. Offsets are UTF-16 units, which is what JavaScript counts in.

import { element } from "../lib/dom.js";
import { linked } from "./links.js";

/** Entities lie inside each other or apart, ordered by start, the longer first. */
export function formatted(text, entities, actions) {
  const root = document.createDocumentFragment();
  fill(root, { text, entities, actions, from: 0, to: text.length, isPlain: true });
  return root;
}

function fill(parent, part) {
  let at = part.from;
  let rest = part.entities;
  while (rest.length > 0) {
    const [entity, ...others] = rest;
    const end = Math.min(entity.offset + entity.length, part.to);
    plain(parent, part, at, entity.offset);
    const node = wrap(entity, part.text.slice(entity.offset, end), part.actions);
    const inner = others.filter((other) => other.offset < end);
    const isPlain = part.isPlain && !["text_link", "code", "pre", "bot_command"].includes(entity.type);
    fill(node, { ...part, entities: inner, from: entity.offset, to: end, isPlain });
    parent.append(node);
    at = end;
    rest = others.slice(inner.length);
  }
  plain(parent, part, at, part.to);
}

function plain(parent, part, from, to) {
  const text = part.text.slice(from, to);
  if (text) parent.append(...(part.isPlain ? linked(text, part.actions) : [text]));
}

function wrap(entity, text, actions) {
  switch (entity.type) {
    case "bold": return element("strong");
    case "italic": return element("em");
    case "underline": return element("u");
    case "strikethrough": return element("s");
    case "spoiler": return element("span.spoiler", { onclick: (event) => event.currentTarget.classList.add("is-open") });
    case "code": return element("code");
    case "pre": return element("pre");
    case "blockquote":
    case "expandable_blockquote": return element("blockquote");
    case "text_link": return element("button.link", { type: "button", title: entity.url, data: { href: entity.url }, onclick: () => actions.open(entity.url) });
    case "bot_command": return element("button.link", { type: "button", onclick: () => actions.say(text) });
    default: return element("span");
  }
}
