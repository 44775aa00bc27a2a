// A button with a list of things to do above it.

import { element } from "../lib/dom.js";

export class Popup {
  /** `items()` gives `{ label, hint, name, act }` at the moment of opening. */
  constructor(title, sign, name, items) {
    this.items = items;
    this.list = element("ul.popup", { hidden: true, data: { popup: name } });
    this.button = element("button.icon", {
      type: "button", title, "aria-label": title, "aria-expanded": "false", data: { open: name },
      onclick: () => this.toggle(this.list.hidden),
    }, sign);
    this.root = element("span.popup-place", {
      onfocusout: (event) => !this.root.contains(event.relatedTarget) && this.toggle(false),
      onkeydown: (event) => event.key === "Escape" && this.toggle(false),
    }, this.button, this.list);
  }

  toggle(isOpen) {
    if (isOpen) this.list.replaceChildren(...this.entries());
    this.list.hidden = !isOpen;
    this.button.setAttribute("aria-expanded", String(isOpen));
  }

  entries() {
    const items = this.items();
    if (items.length === 0) return [element("li.empty", {}, "Пока пусто")];
    return items.map(({ label, hint, name, act }) => {
      const choose = () => {
        this.toggle(false);
        act();
      };
      return element("li", {}, element("button", { type: "button", data: { item: name }, onclick: choose },
        element("span", {}, label), hint && element("small", {}, hint)));
    });
  }
}
