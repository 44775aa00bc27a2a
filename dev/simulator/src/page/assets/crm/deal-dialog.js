// Filling in a deal: a new one, or one that is on the board.

import { patch, post, remove } from "../lib/api.js";
import { ask, dialog } from "../lib/dialogs.js";
import { element } from "../lib/dom.js";
import { get } from "../lib/store.js";
import { example } from "./example.js";

const FIELDS = ["Адрес", "Номер заказа", "Зона", "Изделие", "Комментарий"];

export function createDeal() {
  const form = open("Новая сделка", "Создать", (wish) => post("/amocrm/deals", {
    name: wish.name, stage: stageOf(wish.stage), responsible: Number(wish.responsible),
    contact: wish.client || wish.phone ? { name: wish.client, phones: phones(wish.phone) } : null,
    fields: Object.fromEntries(FIELDS.filter((name) => wish[name]).map((name) => [name, wish[name]])),
  }));
  button("delete").hidden = true;
  button("example").hidden = false;
  button("example").onclick = () => fill(form, example());
}

export function editDeal(deal) {
  const shown = {
    name: deal.name, stage: deal.stage.status_id, responsible: deal.responsible,
    client: deal.client?.name ?? "", phone: deal.client?.phones.join(", ") ?? "",
    ...Object.fromEntries(FIELDS.map((name) => [name, deal.fields[name] ?? ""])),
  };
  const form = open(`Сделка №${deal.id}`, "Сохранить", (wish) => save(deal.id, shown, wish));
  fill(form, shown);
  button("example").hidden = true;
  armDelete(deal);
}

function open(title, verb, submit) {
  const { stages, users, fields } = get("directory");
  dialog("deal").querySelector("h2").textContent = title;
  button("save").textContent = verb;
  const form = ask("deal", submit);
  const option = (value, name) => element("option", { value }, name);
  form.elements.stage.replaceChildren(
    ...stages.filter((one) => !one.is_unsorted).map(({ stage, name }) => option(stage.status_id, name)));
  form.elements.responsible.replaceChildren(...users.map((user) => option(user.id, user.name)));
  const zones = fields.find((field) => field.name === "Зона")?.options ?? [];
  form.elements["Зона"].replaceChildren(option("", "—"), ...zones.map((zone) => option(zone, zone)));
  return form;
}

function fill(form, values) {
  for (const [name, value] of Object.entries(values)) form.elements[name].value = value;
}

/** Sends what was changed, and only that. */
async function save(id, shown, wish) {
  const isChanged = (name) => String(wish[name]) !== String(shown[name]);
  const edit = {};
  if (isChanged("name")) edit.name = wish.name;
  if (isChanged("stage")) edit.stage = stageOf(wish.stage);
  if (isChanged("responsible")) edit.responsible = Number(wish.responsible);
  const fields = FIELDS.filter(isChanged).map((name) => [name, wish[name]]);
  if (fields.length > 0) edit.fields = Object.fromEntries(fields);
  const client = {};
  if (isChanged("client")) client.name = wish.client;
  if (isChanged("phone")) client.phones = phones(wish.phone);
  const isDone = Object.keys(edit).length === 0 || (await patch(`/amocrm/deals/${id}`, edit));
  if (!isDone || Object.keys(client).length === 0) return isDone;
  return patch(`/amocrm/deals/${id}/client`, client);
}

/** The first press asks, the second deletes. */
function armDelete(deal) {
  const pressed = button("delete");
  pressed.hidden = false;
  pressed.textContent = "Удалить";
  pressed.onclick = () => {
    pressed.textContent = "Точно удалить?";
    pressed.onclick = async () => {
      if (await remove(`/amocrm/deals/${deal.id}`)) dialog("deal").close();
    };
  };
}

const button = (name) => dialog("deal").querySelector(`[data-${name}]`);

const stageOf = (status) => get("directory").stages.find(({ stage }) => stage.status_id === Number(status)).stage;

/** Phones are parted by commas. */
const phones = (text) => text.split(",").map((phone) => phone.trim()).filter(Boolean);
