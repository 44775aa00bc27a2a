// What the server last told: values under keys such as "person/1001". Parts of the page listen by prefix.

const values = new Map();
const listeners = [];

export const get = (key) => values.get(key);

/** Values whose key begins with the prefix, in the order of the numbers in their keys. */
export function under(prefix) {
  const found = [...values].filter(([key]) => key.startsWith(prefix));
  return found.sort(([a], [b]) => lastNumber(a) - lastNumber(b)).map(([, value]) => value);
}

export const lastNumber = (key) => Number(key.slice(key.lastIndexOf("/") + 1));

/** `told(changes, isFresh)` gets `[key, value or null]` pairs; fresh are those that were there before us. */
export function listen(prefix, told) {
  listeners.push({ prefix, told });
}

/** Replaces everything. */
export function reset(pairs) {
  const kept = new Set(pairs.map(([key]) => key));
  const gone = [...values.keys()].filter((key) => !kept.has(key)).map((key) => [key, null]);
  apply([...gone, ...pairs], true);
}

export function change(pairs) {
  apply(pairs, false);
}

function apply(pairs, isFresh) {
  for (const [key, value] of pairs) {
    if (value === null) values.delete(key);
    else values.set(key, value);
  }
  for (const { prefix, told } of listeners) {
    const own = pairs.filter(([key]) => key.startsWith(prefix));
    if (own.length > 0) told(own, isFresh);
  }
}
