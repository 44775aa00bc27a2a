// Where a person writes: text, commands, things to attach; or the one button of somebody who cannot write.

import { post } from "../lib/api.js";
import { element } from "../lib/dom.js";
import { attachments } from "./attach.js";
import { Popup } from "./popup.js";

const MOST_CHARACTERS = 4096;

export class Composer {
  constructor(column) {
    this.column = column;
    this.field = element("textarea", {
      rows: "1", maxlength: MOST_CHARACTERS, placeholder: "Сообщение", "aria-label": "Сообщение", data: { say: "" },
      oninput: () => this.grow(), onkeydown: (event) => this.key(event),
    });
    this.commands = new Popup("Команды", "☰", "commands", () => this.commandItems());
    this.attach = new Popup("Прикрепить", "📎", "attach", () => attachments(this.column, () => this.takeText()));
    this.answered = element("button.answered", { type: "button", hidden: true, onclick: () => this.takeAnswered(), title: "Не отвечать" });
    this.writing = element("form.writing", { onsubmit: (event) => this.submit(event) },
      this.commands.root, this.attach.root, this.field,
      element("button.icon.send", { type: "submit", data: { send: "" }, "aria-label": "Отправить" }, "➤"));
    this.only = element("button.only", { type: "button" });
    this.root = element("footer.composer");
  }

  update(person) {
    this.person = person;
    const path = `/telegram/people/${person.id}`;
    const ways = {
      started: () => this.writing,
      stranger: () => this.single("Запустить", "start", () => post(`${path}/start`, {})),
      blocked: () => this.single("Разблокировать бота", "unblock", () => post(`${path}/unblock`, {})),
      deactivated: () => element("p.gone", {}, "Аккаунт удалён"),
    };
    const wanted = ways[person.standing]();
    if (this.root.lastChild !== wanted) this.root.replaceChildren(this.answered, wanted);
  }

  single(label, name, act) {
    this.only.textContent = label;
    this.only.dataset.only = name;
    this.only.onclick = act;
    return this.only;
  }

  commandItems() {
    const item = ({ command, description }) => ({
      label: description, hint: `/${command}`, name: command, act: () => this.column.say(`/${command}`),
    });
    return this.person.commands.map(item);
  }

  async submit(event) {
    event?.preventDefault();
    const text = this.takeText();
    if (text && !(await this.column.say(text))) this.field.value = text;
  }

  answer({ id, text }) {
    this.answers = id;
    this.answered.textContent = `↩ ${text.split("\n")[0] || "Сообщение"} ✕`;
    this.answered.hidden = false;
    this.focus();
  }

  takeAnswered() {
    const answers = this.answers;
    this.answers = undefined;
    this.answered.hidden = true;
    return answers;
  }

  takeText() {
    const text = this.field.value.trim();
    this.field.value = "";
    this.grow();
    return text;
  }

  key(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    this.submit();
  }

  grow() {
    this.field.style.height = "auto";
    if (this.field.value) this.field.style.height = `${Math.min(this.field.scrollHeight, 140)}px`;
    else this.field.style.removeProperty("height");
  }

  /** Not on a phone, where it would open the keyboard. */
  focus() {
    if (matchMedia("(pointer: fine)").matches) this.field.focus({ preventScroll: true });
  }
}
