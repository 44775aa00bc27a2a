// Things a person sends that are not text: photos and contacts.

import { post, upload } from "../lib/api.js";
import { ask } from "../lib/dialogs.js";
import { element } from "../lib/dom.js";
import { complain } from "../lib/notice.js";
import { asJpeg, examplePhoto } from "./photo.js";

/** Entries of the menu; a caption is what stands in the composer. */
export function attachments(column, takeCaption) {
  const photo = async (making) => {
    const jpeg = await making.catch(() => complain("Это не картинка."));
    if (jpeg) upload(`/photos/${column.id}?caption=${encodeURIComponent(takeCaption())}`, jpeg);
  };
  return [
    { label: "🖼 Фото с диска…", name: "photo", act: () => pickFile((file) => photo(asJpeg(file))) },
    { label: "🏠 Фото для примера", name: "example-photo", act: () => photo(examplePhoto()) },
    { label: "👤 Контакт…", name: "contact", act: () => askContact(column.person) },
  ];
}

function pickFile(take) {
  const input = element("input", { type: "file", accept: "image/*", onchange: () => input.files[0] && take(input.files[0]) });
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
