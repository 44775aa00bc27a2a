// Times as the people of the account read them.

import { get, listen } from "./store.js";

let clock = formatter(undefined);

export function startClock() {
  listen("directory", () => (clock = formatter(get("directory")?.timezone)));
}

function formatter(timeZone) {
  return new Intl.DateTimeFormat("ru", { hour: "2-digit", minute: "2-digit", timeZone });
}

/** `14:05` */
export const hour = (moment) => clock.format(new Date(moment));
