// Building elements. Text always goes in as text, never as HTML.

/**
 * `element("button.primary", { type: "button", onclick }, "Сохранить")`. Properties beginning with `on` are
 * listeners, `data` is the dataset, a value of `undefined` or `false` leaves the attribute out.
 */
export function element(name, properties = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const made = document.createElement(tag);
  if (classes.length > 0) made.className = classes.join(" ");
  for (const [key, value] of Object.entries(properties)) set(made, key, value);
  made.append(...children.filter((child) => child !== undefined && child !== null && child !== false));
  return made;
}

function set(made, key, value) {
  if (value === undefined || value === false) return;
  if (key === "data") Object.assign(made.dataset, value);
  else if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
  else made.setAttribute(key, value === true ? "" : value);
}
