// A line at the edge of the page that goes away by itself.

const SHOWN_FOR = 6000;
let timer;

export function complain(text) {
  const notice = document.querySelector("[data-notice]");
  notice.textContent = text;
  notice.hidden = false;
  clearTimeout(timer);
  timer = setTimeout(() => (notice.hidden = true), SHOWN_FOR);
}
