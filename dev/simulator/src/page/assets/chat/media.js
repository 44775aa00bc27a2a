// What a message holds beside its text.

import { element } from "../lib/dom.js";

export function media(content) {
  switch (content?.type) {
    case "photo": return photo(content);
    case "contact": return contact(content.contact);
    case "sticker": return element("p.sticker", {}, "👍");
    case "voice": return element("p.placeholder", {}, "🎤 Голосовое сообщение, 0:03");
    case "location": return element("p.placeholder", {}, `📍 ${content.latitude}, ${content.longitude}`);
    case "venue": return element("p.placeholder", {}, `📍 ${content.title}, ${content.address}`);
    case "pinned": return element("p.placeholder", {}, "📌 Сообщение закреплено");
    default: return undefined;
  }
}

function photo({ source, width, height }) {
  if (!source) return element("p.placeholder", {}, "🖼 Фото");
  return element("img.photo", { src: source, width, height, alt: "Фото", loading: "lazy" });
}

function contact({ first_name: first, last_name: last, phone_number: phone }) {
  return element("p.contact", { data: { contact: phone } },
    element("span.avatar.tint-3", { "aria-hidden": "true" }, [...first][0]),
    element("span", {}, element("strong", {}, [first, last].filter(Boolean).join(" ")), element("br"), phone));
}
