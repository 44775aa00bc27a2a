// A deal on the board.

import { post } from "../lib/api.js";
import { element } from "../lib/dom.js";
import { get } from "../lib/store.js";
import { moveDeal } from "./board.js";
import { editDeal } from "./deal-dialog.js";

export function card(deal) {
  const responsible = get("directory").users.find((user) => user.id === deal.responsible)?.name;
  const client = [deal.client?.name, deal.client?.phones.join(", ")].filter(Boolean).join(" · ");
  return element("article.deal", { data: { deal: deal.id } },
    element("h4", { title: deal.name }, deal.name || "Без названия"),
    line("📍", deal.fields["Адрес"]),
    line("👤", client),
    line("👨‍💼", responsible),
    deal.is_deleted ? restoring(deal) : acting(deal));
}

function line(sign, text) {
  if (!text) return undefined;
  return element("p", { title: text }, element("span", { "aria-hidden": "true" }, sign), element("span.what", {}, text));
}

function acting(deal) {
  return element("footer", {},
    stageChoice(deal),
    element("button", { type: "button", data: { edit: "" }, onclick: () => editDeal(deal), title: "Изменить сделку", "aria-label": "Изменить сделку" }, "✎"));
}

function stageChoice(deal) {
  const { stages } = get("directory");
  const wanted = stages.filter(({ stage, is_unsorted: unsorted }) => !unsorted || stage.status_id === deal.stage.status_id);
  const option = ({ stage, name }) => element("option", {
    value: stage.status_id, selected: stage.status_id === deal.stage.status_id,
  }, name);
  return element("select", {
    "aria-label": "Сменить этап", title: "Сменить этап", data: { move: "" },
    onchange: (event) => moveDeal(deal.id, event.currentTarget.value),
  }, ...wanted.map(option));
}

function restoring(deal) {
  const restore = () => post(`/amocrm/deals/${deal.id}/restore`, {});
  return element("footer", {}, element("button", { type: "button", data: { restore: "" }, onclick: restore }, "Вернуть"));
}
