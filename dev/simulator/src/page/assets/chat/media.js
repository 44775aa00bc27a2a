// What a message holds beside its text.

import { element } from "../lib/dom.js";

export function media(content) {
  switch (content?.type) {
    case "photo": return photo(content);
    case "contact": return contact(content.contact);
    case "sticker": return element("p.sticker", {}, "👍");
    case "file": return file(content);
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

const KINDS = {
  video: "🎬 Видео", animation: "🎞 Анимация", video_note: "⏺ Видеосообщение", voice: "🎤 Голосовое сообщение",
  audio: "🎵 Аудио", document: "📄 Файл",
};

function file({ kind, name, size, source }) {
  const title = kind === "document" && name ? `📄 ${name}` : KINDS[kind];
  return element("a.file", { href: source, download: name ?? kind, data: { file: kind } }, `${title} · ${Math.ceil(size / 1024)} КБ`);
}

function contact({ first_name: first, last_name: last, phone_number: phone }) {
  return element("p.contact", { data: { contact: phone } },
    element("span.avatar.tint-3", { "aria-hidden": "true" }, [...first][0]),
    element("span", {}, element("strong", {}, [first, last].filter(Boolean).join(" ")), element("br"), phone));
}
