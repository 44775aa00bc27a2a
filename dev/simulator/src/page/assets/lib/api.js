// Acting through the server. What cannot be done is told at the edge of the page.

import { complain } from "./notice.js";

export const post = (path, body) => call("POST", path, json(body));
export const patch = (path, body) => call("PATCH", path, json(body));
export const remove = (path) => call("DELETE", path, {});
export const upload = (path, blob) => call("POST", path, { headers: { "Content-Type": blob.type }, body: blob });

const json = (body) => ({ headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });

/** Resolves to the answer, or to `undefined` if it was not done; the person has been told then. */
async function call(method, path, options) {
  try {
    const response = await fetch(path, { method, ...options });
    if (response.ok) return (await response.text()) || true;
    complain(await reason(response));
  } catch {
    complain("Программа не отвечает.");
  }
  return undefined;
}

async function reason(response) {
  const text = await response.text();
  try {
    return JSON.parse(text).error;
  } catch {
    return text || `Ответ ${response.status}`;
  }
}
