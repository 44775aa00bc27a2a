// Dialogs: opened by code, closed by their own buttons, by Escape or by a click beside them.

export const dialog = (name) => document.querySelector(`[data-dialog="${name}"]`);

export function startDialogs() {
  for (const one of document.querySelectorAll("dialog")) {
    one.querySelector("[data-close]").addEventListener("click", () => one.close());
    // Pressed, not clicked: a selection that begins inside may end outside.
    one.addEventListener("mousedown", (event) => event.target === one && one.close());
  }
}

/** Opens a dialog with an empty form; `submit(values)` returns whether it may close. */
export function ask(name, submit) {
  const one = dialog(name);
  const form = one.querySelector("form");
  form.reset();
  form.onsubmit = async (event) => {
    event.preventDefault();
    if (await submit(Object.fromEntries(new FormData(form)))) one.close();
  };
  one.showModal();
  return form;
}
