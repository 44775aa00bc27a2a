// In a narrow window one pane is shown at a time.

export function startTabs() {
  for (const button of document.querySelectorAll("[data-tab-of]")) {
    button.addEventListener("click", () => showTab(button.dataset.tabOf));
  }
}

export function showTab(name) {
  document.body.dataset.tab = name;
  for (const button of document.querySelectorAll("[data-tab-of]")) {
    if (button.dataset.tabOf === name) button.setAttribute("aria-current", "page");
    else button.removeAttribute("aria-current");
  }
}
