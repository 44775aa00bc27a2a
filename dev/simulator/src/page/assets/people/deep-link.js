// Links to the bot: `https://t.me/<bot>?start=…`, and the links that share one.

import { post } from "../lib/api.js";
import { element } from "../lib/dom.js";
import { dialog } from "../lib/dialogs.js";
import { get, under } from "../lib/store.js";
import { column } from "../chat/columns.js";
import { avatar, fullName } from "./avatar.js";
import { addPerson } from "./new-person.js";

/** The payload of a link to our bot, or nothing. */
export function startPayload(link) {
  const url = parsed(link);
  const isOurs = url?.hostname === "t.me" && url.pathname === `/${get("bot").username}`;
  return isOurs ? url.searchParams.get("start") : null;
}

/** The link to our bot that is meant: itself, or the one that a button «Переслать» shares. */
export function botLink(link) {
  const url = parsed(link);
  const shared = url?.hostname === "t.me" && url.pathname === "/share/url" ? url.searchParams.get("url") : link;
  return shared && startPayload(shared) ? shared : null;
}

function parsed(link) {
  try {
    return new URL(link);
  } catch {
    return null;
  }
}

export function openAs(person, link) {
  return post(`/telegram/people/${person}/start`, { payload: startPayload(link) });
}

/** Asks who opens the link. Those who do not know the bot yet come first. */
export function chooseWhoOpens(link) {
  const one = dialog("open-as");
  const isStranger = (person) => person.standing === "stranger";
  const people = under("person/").sort((a, b) => isStranger(b) - isStranger(a));
  const choice = (person) => element("button", { type: "button", data: { openAs: person.id }, onclick: () => choose(person) },
    avatar(person), element("span", {}, fullName(person)), isStranger(person) && element("small", {}, "ещё не в боте"));
  const choose = async (person) => {
    one.close();
    if (await openAs(person.id, link)) column(person.id)?.reveal();
  };
  one.querySelector("[data-link]").textContent = link;
  one.querySelector("[data-choices]").replaceChildren(...people.map(choice));
  one.querySelector("[data-newcomer]").onclick = () => {
    one.close();
    addPerson(link);
  };
  one.showModal();
}
