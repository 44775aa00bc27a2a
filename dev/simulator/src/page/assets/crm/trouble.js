// The switches for trouble.

import { post } from "../lib/api.js";
import { get, listen } from "../lib/store.js";

export function startTrouble() {
  const switches = document.querySelectorAll("[data-trouble] input");
  for (const one of switches) {
    one.addEventListener("change", async () => {
      if (!(await post("/trouble", { [one.name]: one.checked }))) one.checked = !one.checked;
    });
  }
  listen("trouble", () => {
    for (const one of switches) one.checked = get("trouble")[one.name];
  });
}
