// The deals by stage.

import { post } from "../lib/api.js";
import { element } from "../lib/dom.js";
import { get, listen, under } from "../lib/store.js";
import { card } from "./card.js";
import { createDeal } from "./deal-dialog.js";
import { startDragging } from "./drag.js";

const DELETED = "deleted";

export function startBoard() {
  const board = document.querySelector("[data-board]");
  document.querySelector("[data-create-deal]").addEventListener("click", createDeal);
  listen("directory", draw);
  listen("deal/", draw);
  startDragging(board, moveDeal);
}

/** Puts a deal into the stage with this status. */
export function moveDeal(deal, status) {
  const { stage } = get("directory").stages.find(({ stage }) => String(stage.status_id) === String(status));
  return post(`/amocrm/deals/${deal}/move`, { stage });
}

function draw() {
  const directory = get("directory");
  if (!directory) return;
  const deals = under("deal/").reverse();
  const columns = directory.stages.map((stage) => stageColumn(stage, deals.filter((deal) => isIn(deal, stage))));
  const deleted = deals.filter((deal) => deal.is_deleted);
  if (deleted.length > 0) columns.push(column("Удалённые", DELETED, deleted));
  document.querySelector("[data-account]").textContent = `· ${directory.account}`;
  document.querySelector("[data-board]").replaceChildren(...columns.filter(Boolean));
}

const isIn = (deal, { stage }) =>
  !deal.is_deleted && deal.stage.status_id === stage.status_id && deal.stage.pipeline_id === stage.pipeline_id;

/** Nobody can move a deal into «Неразобранное», so it is shown only while it holds one. */
function stageColumn(stage, deals) {
  if (stage.is_unsorted && deals.length === 0) return undefined;
  return column(stage.name, stage.stage.status_id, deals);
}

function column(name, id, deals) {
  const key = id === DELETED ? { deleted: "" } : { stage: id };
  return element("section.stage", { data: key, "aria-label": name },
    element("h3", {}, element("span", {}, name), element("span.count", {}, String(deals.length))),
    element("div.cards", {}, ...deals.map(card)));
}
