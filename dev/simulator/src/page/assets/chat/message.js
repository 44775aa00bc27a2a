// One message: quote, media, text, time, and the buttons below it.

import { element } from "../lib/dom.js";
import { hour } from "../lib/time.js";
import { keyboard } from "./keyboard.js";
import { media } from "./media.js";
import { formatted } from "./text.js";

export function message(step, actions) {
  const side = step.is_own ? "own" : "bot";
  return element(`article.message.${side}`, { data: { message: step.id } },
    element("div.bubble", {}, quote(step, actions), media(step.media), body(step, actions), reply(step, actions)),
    step.keyboard.length > 0 && keyboard(step, actions));
}

/** What Telegram has in the menu of a message. */
function reply(step, actions) {
  return element("button.reply", { type: "button", data: { answer: "" }, onclick: () => actions.answer(step), title: "Ответить", "aria-label": "Ответить" }, "↩");
}

function quote(step, actions) {
  if (!step.reply_to) return undefined;
  const { id, text } = step.reply_to;
  return element("button.quote", { type: "button", onclick: () => actions.reveal(id) }, text ?? "Сообщение");
}

function body(step, actions) {
  const text = element(step.text ? "div.text" : "div.text.empty", { data: { text: "" } });
  if (step.text) text.append(formatted(step.text, step.entities, actions));
  text.append(element("span.meta", {}, step.edits > 0 && element("span.edited", {}, "изменено "), element("time", { datetime: step.sent_at }, hour(step.sent_at))));
  return text;
}
