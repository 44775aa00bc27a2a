// Things a person sends that are not text: photos, files, places and contacts.

import { post, upload } from "../lib/api.js";
import { ask } from "../lib/dialogs.js";
import { element } from "../lib/dom.js";
import { complain } from "../lib/notice.js";
import { asJpeg, examplePhoto } from "./photo.js";

/** Entries of the menu; a caption is what stands in the composer. */
export function attachments(column, takeCaption) {
  const photo = async (making) => {
    const jpeg = await making.catch(() => complain("Это не картинка."));
    if (jpeg) upload(`/photos/${column.id}?${wishes(column, takeCaption)}`, jpeg);
  };
  const file = (blob, name) => upload(`/files/${column.id}?${wishes(column, takeCaption, name)}`, blob);
  const voice = new Blob(["OggS"], { type: "audio/ogg" });
  const place = { location: { latitude: 55.7558, longitude: 37.6173 } };
  return [
    { label: "🖼 Фото с диска…", name: "photo", act: () => pickFile("image/*", (file) => photo(asJpeg(file))) },
    { label: "🏠 Фото для примера", name: "example-photo", act: () => photo(examplePhoto()) },
    { label: "📄 Файл с диска…", name: "file", act: () => pickFile("", (chosen) => file(chosen, chosen.name)) },
    { label: "🎤 Голосовое", name: "voice", act: () => file(voice, "") },
    { label: "📍 Место", name: "place", act: () => post(`/telegram/people/${column.id}/send`, place) },
    { label: "👤 Контакт…", name: "contact", act: () => askContact(column.person) },
  ];
}

/** The caption, the message that is answered, and the name of a file. */
function wishes(column, takeCaption, name = "") {
  const query = new URLSearchParams({ caption: takeCaption(), name });
  const answered = column.takeAnswered();
  if (answered) query.set("reply_to", answered);
  return query;
}

function pickFile(accept, take) {
  const input = element("input", { type: "file", accept, onchange: () => input.files[0] && take(input.files[0]) });
  input.click();
}

function askContact(person) {
  const form = ask("contact", (wish) => {
    const own = wish.is_own ? { last_name: person.last_name, user_id: person.id } : {};
    const contact = { phone_number: wish.phone_number, first_name: wish.first_name, ...own };
    return post(`/telegram/people/${person.id}/send`, { contact });
  });
  form.elements.first_name.value = person.first_name;
  form.elements.phone_number.value = `+7900000${String(person.id).padStart(4, "0").slice(-4)}`;
}
