// One person's chat with the bot: head, messages, composer, and what the bot answers to presses.

import { post } from "../lib/api.js";
import { element } from "../lib/dom.js";
import { get } from "../lib/store.js";
import { showTab } from "../lib/tabs.js";
import { avatar, fullName } from "../people/avatar.js";
import { botLink, chooseWhoOpens } from "../people/deep-link.js";
import { Composer } from "./composer.js";
import { Answers } from "./answers.js";
import { Log } from "./log.js";

export class Column {
  constructor(person) {
    this.id = person.id;
    this.isSeen = false;
    this.head = element("header.chat-head");
    this.answers = new Answers();
    this.log = new Log({
      press: (message, button) => this.press(message, button),
      open: (link) => this.open(link),
      say: (text) => this.say(text),
      answer: (message) => this.composer.answer(message),
    });
    this.composer = new Composer(this);
    this.root = element("section.chat", { data: { chat: person.id } },
      this.head, this.log.root, this.answers.root, this.composer.root);
    this.update(person);
  }

  update(person) {
    this.person = person;
    this.root.setAttribute("aria-label", `Чат: ${fullName(person)}`);
    this.root.dataset.standing = person.standing;
    this.head.replaceChildren(avatar(person), this.title(person), this.blockButton(person) ?? "");
    this.composer.update(person);
  }

  title(person) {
    const about = [person.username && `@${person.username}`, `id ${person.id}`, person.language_code !== "ru" && person.language_code];
    return element("div.title", {},
      element("h2", {}, fullName(person)),
      element("p", {}, about.filter(Boolean).join(" · ")));
  }

  blockButton(person) {
    if (person.standing !== "started") return undefined;
    const block = () => post(`/telegram/people/${person.id}/block`, {});
    return element("button.icon", { type: "button", data: { block: "" }, onclick: block, title: "Заблокировать бота", "aria-label": "Заблокировать бота" }, "🚫");
  }

  /** Puts a step of the chat in its place; returns whether it is new there. */
  put(place, step, isFresh) {
    const before = this.log.step(place);
    this.log.put(place, step, isFresh);
    const isAnswered = step?.kind === "press" && step.answer && !before?.answer;
    if (isAnswered && !isFresh) this.answers.show(step.answer, (link) => this.open(link));
    return step !== null && !before;
  }

  press(message, button) {
    return post(`/telegram/people/${this.id}/press`, {
      message_id: message.id, label: button.text, data: button.callback_data,
    });
  }

  say(text) {
    return post(`/telegram/people/${this.id}/say`, { text, reply_to: this.takeAnswered() });
  }

  /** The message that is being answered; what is sent next is about something else. */
  takeAnswered() {
    return this.composer.takeAnswered();
  }

  open(link) {
    const own = botLink(link);
    if (own) chooseWhoOpens(own);
    else window.open(link, "_blank", "noopener");
  }

  /** Brings the chat into view. */
  reveal() {
    showTab("chats");
    this.root.scrollIntoView({ behavior: "smooth", inline: "center", block: "nearest" });
    this.composer.focus();
  }

  botName() {
    return get("bot")?.name ?? "";
  }
}
