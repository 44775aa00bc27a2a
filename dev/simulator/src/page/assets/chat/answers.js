// What the bot answers to a press: a toast that fades, or an alert that waits for OK.

import { element } from "../lib/dom.js";

const SHOWN_FOR = 4000;

export class Answers {
  constructor() {
    this.toast = element("p.toast", { data: { toast: "" }, role: "status", hidden: true });
    this.words = element("p", { data: { alertText: "" } });
    this.ok = element("button.primary", { type: "button", data: { alertOk: "" }, onclick: () => (this.alert.hidden = true) }, "OK");
    this.alert = element("div.alert", { data: { alert: "" }, role: "alertdialog", hidden: true },
      element("div", {}, this.words, this.ok));
    this.root = element("div.answers", {}, this.toast, this.alert);
  }

  show(answer, open) {
    if (answer.url) open(answer.url);
    if (!answer.text) return;
    if (answer.is_alert) this.showAlert(answer.text);
    else this.showToast(answer.text);
  }

  showAlert(text) {
    this.words.textContent = text;
    this.alert.hidden = false;
    this.ok.focus({ preventScroll: true });
  }

  showToast(text) {
    this.toast.textContent = text;
    this.toast.hidden = false;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => (this.toast.hidden = true), SHOWN_FOR);
  }
}
