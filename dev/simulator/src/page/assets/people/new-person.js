// Somebody new: an account in Telegram, and if there is a link, its first press of START.

import { post } from "../lib/api.js";
import { ask } from "../lib/dialogs.js";
import { under } from "../lib/store.js";
import { column } from "../chat/columns.js";
import { openAs, startPayload } from "./deep-link.js";
import { complain } from "../lib/notice.js";

const FIRST_ID = 5001;

export function addPerson(link = "") {
  const form = ask("person", create);
  form.elements.link.value = link;
}

async function create(wish) {
  if (wish.link && !startPayload(wish.link)) {
    complain("Это не ссылка на нашего бота.");
    return false;
  }
  const filled = ["first_name", "last_name", "username", "language_code"].filter((name) => wish[name].trim());
  const person = { id: freeId(), ...Object.fromEntries(filled.map((name) => [name, wish[name].trim()])) };
  if (!(await post("/telegram/people", person))) return false;
  if (wish.link) await openAs(person.id, wish.link);
  // The column is there once the stream has told of the person.
  requestAnimationFrame(() => column(person.id)?.reveal());
  return true;
}

function freeId() {
  return Math.max(FIRST_ID - 1, ...under("person/").map((person) => person.id)) + 1;
}
