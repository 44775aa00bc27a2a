// The one stream of events. The browser connects again by itself; then everything comes once more.

import { change, reset } from "./store.js";

export function connect() {
  const offline = document.querySelector("[data-offline]");
  const events = new EventSource("/events");
  events.addEventListener("all", (event) => {
    offline.hidden = true;
    reset(JSON.parse(event.data));
    document.body.dataset.live = "true";
  });
  events.addEventListener("change", (event) => change(JSON.parse(event.data)));
  events.addEventListener("error", () => {
    offline.hidden = false;
    delete document.body.dataset.live;
    // A browser gives up on an answer that is no stream, for example of another program on our port.
    if (events.readyState === EventSource.CLOSED) setTimeout(connect, 2000);
  });
}
