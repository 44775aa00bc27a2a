// The messages of a chat in order. It follows the end unless somebody has scrolled up to read.

import { element } from "../lib/dom.js";
import { message } from "./message.js";

const NEAR_THE_END = 80;
const NOTES = { blocked: "Бот заблокирован", unblocked: "Бот разблокирован", bot_left: "Бот вышел из группы" };

export class Log {
  constructor(actions) {
    this.actions = { ...actions, reveal: (id) => this.reveal(id) };
    this.steps = new Map();
    this.list = element("div.chat-list");
    this.down = element("button.down", { type: "button", hidden: true, onclick: () => this.toEnd("smooth"), "aria-label": "К последнему сообщению" }, "↓");
    this.scroller = element("div.chat-scroller", { tabindex: "0", role: "log", onscroll: () => this.offerDown() }, this.list);
    this.root = element("div.chat-log", {}, this.scroller, this.down);
    // A window that becomes smaller must not hide the newest message.
    new ResizeObserver(() => this.isFollowing && this.toEnd()).observe(this.scroller);
    this.isFollowing = true;
  }

  step(place) {
    return this.steps.get(place)?.step;
  }

  put(place, step, isFresh) {
    const old = this.steps.get(place);
    if (step === null) {
      old?.shown.remove();
      this.steps.delete(place);
      return;
    }
    const shown = this.draw(step);
    if (old) {
      old.shown.replaceWith(shown);
      if (!isFresh && step.kind === "message" && step.edits > (old.step.edits ?? 0)) shown.classList.add("is-edited");
    } else {
      this.list.insertBefore(shown, this.after(place));
      if (!isFresh) shown.classList.add("is-new");
    }
    this.steps.set(place, { step, shown });
    if (this.isFollowing || step.is_own) this.toEnd();
    else this.offerDown();
  }

  /** The element before which a new step goes; most come last. */
  after(place) {
    const later = [...this.steps.keys()].filter((other) => other > place);
    return later.length > 0 ? this.steps.get(Math.min(...later)).shown : null;
  }

  draw(step) {
    if (step.kind === "message") return message(step, this.actions);
    if (step.kind === "note") return element("p.service", { data: { note: step.note } }, NOTES[step.note]);
    return this.press(step);
  }

  /** A press leaves a trace only if the bot had something to say. */
  press(step) {
    const said = step.answer?.text;
    if (!said) return element("p.service", { hidden: true });
    return element("p.service.press", { data: { pressed: step.label } },
      element("span.pressed", {}, step.label), " → ", element("span", {}, said));
  }

  toEnd(behavior = "instant") {
    this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior });
    this.isFollowing = true;
    this.down.hidden = true;
  }

  offerDown() {
    const { scrollHeight, scrollTop, clientHeight } = this.scroller;
    this.isFollowing = scrollHeight - scrollTop - clientHeight < NEAR_THE_END;
    this.down.hidden = this.isFollowing;
  }

  reveal(id) {
    const wanted = this.list.querySelector(`[data-message="${id}"]`);
    if (!wanted) return;
    wanted.scrollIntoView({ behavior: "smooth", block: "center" });
    wanted.classList.remove("is-edited");
    requestAnimationFrame(() => wanted.classList.add("is-edited"));
  }
}
