// Invented deals for those who do not want to type.

const NAMES = ["Окна в детскую", "Остекление балкона", "Входная дверь", "Кухонный гарнитур", "Жалюзи в офис", "Москитные сетки"];
const PRODUCTS = ["Окна ПВХ, 3 шт.", "Тёплое остекление, 6 м", "Дверь с терморазрывом", "Кухня угловая, 2,4 × 1,8 м", "Жалюзи, 8 шт.", "Сетки, 5 шт."];
const STREETS = ["г. Химки, ул. Ленина, д. 5", "Москва, Тверская ул., д. 18, кв. 44", "г. Мытищи, Олимпийский пр-т, д. 29", "Москва, ул. Мира, д. 7, подъезд 2", "г. Королёв, ул. Горького, д. 12"];
const CLIENTS = ["Иванов Иван", "Сидорова Вера", "Кузнецов Олег", "Морозова Анна", "Фёдоров Павел"];
const COMMENTS = ["Домофон не работает", "Позвонить за час", "Во дворе шлагбаум", "Есть собака, добрая", ""];

const any = (list) => list[Math.floor(Math.random() * list.length)];
const digits = (count) => Array.from({ length: count }, () => Math.floor(Math.random() * 10)).join("");

export function example() {
  const kind = Math.floor(Math.random() * NAMES.length);
  return {
    name: NAMES[kind], "Изделие": PRODUCTS[kind], "Адрес": any(STREETS), "Комментарий": any(COMMENTS),
    "Номер заказа": `А-${digits(4)}`, "Зона": any(["Север", "Юг", "Запад", "Восток"]),
    client: any(CLIENTS), phone: `8 (916) ${digits(3)}-${digits(2)}-${digits(2)}`,
  };
}
