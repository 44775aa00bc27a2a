// The buttons below a message.

import { element } from "../lib/dom.js";

export function keyboard(step, actions) {
  const row = (buttons) => element("div.row", {}, ...buttons.map((button) => key(step, button, actions)));
  return element("div.keyboard", {}, ...step.keyboard.map(row));
}

function key(step, button, actions) {
  const act = async (event) => {
    const pressed = event.currentTarget;
    if (button.url) return actions.open(button.url);
    if (button.copy_text) return navigator.clipboard.writeText(button.copy_text.text);
    if (button.callback_data === undefined) return undefined;
    pressed.classList.add("is-busy");
    await actions.press(step, button);
    pressed.classList.remove("is-busy");
    return undefined;
  };
  return element("button", { type: "button", data: { button: button.text }, onclick: act },
    element("span", {}, button.text), button.url && element("span.corner", { "aria-hidden": "true" }, "↗"));
}
