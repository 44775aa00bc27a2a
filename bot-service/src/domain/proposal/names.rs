//! Names of zones and dealers as people write them: «Север», «СЕВЕР », «Сев. район» and «зона север» are one.

/// Words that only say what kind of place or of company it is.
const KINDS: &[&str] = &[
    "зона",
    "доставки",
    "район",
    "р-н",
    "округ",
    "область",
    "обл",
    "город",
    "г",
    "микрорайон",
    "мкр",
    "мкрн",
    "мкр-н",
    "м-н",
    "поселок",
    "пос",
    "п",
    "пгт",
    "село",
    "деревня",
    "дер",
    "zone",
    "district",
    "city",
    "ооо",
    "ип",
    "ао",
    "зао",
    "оао",
    "пао",
    "llc",
    "ltd",
];
/// Words of the part of an address that names a street or something in it.
const STREETS: &[&str] = &[
    "улица",
    "ул",
    "проспект",
    "просп",
    "пр",
    "пр-т",
    "пр-кт",
    "переулок",
    "пер",
    "бульвар",
    "б-р",
    "бул",
    "шоссе",
    "ш",
    "набережная",
    "наб",
    "площадь",
    "пл",
    "проезд",
    "пр-д",
    "аллея",
    "тупик",
    "квартал",
];
/// Where one name ends and another begins.
const SEPARATORS: [char; 6] = [',', ';', '/', '|', '+', '\n'];
/// A word that is cut off before its end has so many letters at least: «Сев.», not «С.».
const SHORTEST_CUT: usize = 3;

/// A name without what makes no difference: case, ё, punctuation, and words that name a kind of place or of company. Two names are
/// the same where these are; empty where there is no letter and no digit.
pub fn normal(text: &str) -> String {
    let words: Vec<_> = words(text).into_iter().map(|word| word.text).collect();
    words.join(" ")
}

/// The known names, and what each is a name of.
#[derive(Debug)]
pub struct Index<T>(Vec<(Vec<Word>, T)>);

impl<T: Copy + PartialEq> Index<T> {
    pub fn new(names: impl IntoIterator<Item = (String, T)>) -> Self {
        Self(names.into_iter().map(|(name, of)| (words(&name), of)).collect())
    }

    /// What a text names: one thing, or several with separators between them. Empty where a part of it is not known
    /// and no other is.
    pub fn find(&self, text: &str) -> Vec<T> {
        if let Some(whole) = self.named(&words(text)) {
            return vec![whole];
        }
        let parts = text.split(SEPARATORS).flat_map(|part| part.split(" и "));
        once_each(parts.filter_map(|part| self.named(&words(part))))
    }

    /// What the most particular part of an address names. Streets name nothing: «ул. Химкинская» is anywhere.
    pub fn find_in_address(&self, address: &str) -> Vec<T> {
        let parts = address.split(SEPARATORS).filter(|part| !is_street(part));
        let mut found = parts.map(|part| {
            let words = words(part);
            let inside =
                |name: &[Word]| !name.is_empty() && words.windows(name.len()).any(|at| same(at, name));
            once_each(self.0.iter().filter(|(name, _)| inside(name)).map(|(_, of)| *of))
        });
        found.rfind(|found| !found.is_empty()).unwrap_or_default()
    }

    /// The one thing with this name. A cut word that fits several names is none.
    fn named(&self, wanted: &[Word]) -> Option<T> {
        if wanted.is_empty() {
            return None;
        }
        let exact = self.0.iter().find(|(name, _)| {
            name.len() == wanted.len() && name.iter().zip(wanted).all(|(one, other)| one.text == other.text)
        });
        if let Some((_, of)) = exact {
            return Some(*of);
        }
        let alike = once_each(self.0.iter().filter(|(name, _)| same(name, wanted)).map(|(_, of)| *of));
        match alike.as_slice() {
            [one] => Some(*one),
            _ => None,
        }
    }
}

/// One word, small and without ё.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Word {
    text: String,
    /// A full stop follows: more letters may.
    is_cut: bool,
}

fn words(text: &str) -> Vec<Word> {
    let all = spelled(text);
    let telling: Vec<_> = all.iter().filter(|word| !KINDS.contains(&word.text.as_str())).cloned().collect();
    let kept = if telling.is_empty() { all } else { telling };
    kept.into_iter().flat_map(Word::halves).collect()
}

/// Every word, a hyphen being part of it.
fn spelled(text: &str) -> Vec<Word> {
    let small = text.to_lowercase().replace('ё', "е");
    let mut words: Vec<Word> = Vec::new();
    let mut word = String::new();
    for letter in small.chars().chain([' ']) {
        if letter.is_alphanumeric() || letter == '-' {
            word.push(letter);
            continue;
        }
        let text = word.trim_matches('-');
        if !text.is_empty() {
            words.push(Word { text: text.to_owned(), is_cut: letter == '.' });
        }
        word.clear();
    }
    words
}

impl Word {
    /// «Северо-Восток» is «северо восток».
    fn halves(self) -> Vec<Self> {
        let count = self.text.split('-').count();
        let halves = self.text.split('-').enumerate();
        let cut = |at: usize| self.is_cut && at + 1 == count;
        halves.map(|(at, text)| Self { text: text.to_owned(), is_cut: cut(at) }).collect()
    }

    fn is_like(&self, other: &Self) -> bool {
        let begins = |cut: &Self, whole: &Self| {
            cut.is_cut && cut.text.chars().count() >= SHORTEST_CUT && whole.text.starts_with(&cut.text)
        };
        self.text == other.text || begins(self, other) || begins(other, self)
    }
}

fn same(one: &[Word], other: &[Word]) -> bool {
    one.len() == other.len() && one.iter().zip(other).all(|(one, other)| one.is_like(other))
}

fn is_street(part: &str) -> bool {
    spelled(part).iter().any(|word| STREETS.contains(&word.text.as_str()))
}

fn once_each<T: PartialEq>(found: impl Iterator<Item = T>) -> Vec<T> {
    let mut kept = Vec::new();
    for one in found {
        if !kept.contains(&one) {
            kept.push(one);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn index() -> Index<i32> {
        let names = [("Север", 1), ("Северо-Восток", 2), ("Химки", 3), ("Зелёный бор", 4), ("Москва", 5)];
        Index::new(names.map(|(name, of)| (name.to_owned(), of)))
    }

    #[test]
    fn case_spaces_yo_and_the_kind_of_place_make_no_difference() {
        for text in ["север", " СЕВЕР ", "Зона «Север»", "район Север", "Сев. р-н", "зона доставки: север"]
        {
            assert_eq!(index().find(text), [1], "{text}");
        }
        assert_eq!(index().find("зеленый  БОР"), [4]);
        assert_eq!(index().find("северо восток"), [2]);
        assert_eq!(index().find("Сев.-вост."), [2]);
    }

    #[test]
    fn several_names_are_all_found_and_a_stranger_is_none() {
        assert_eq!(index().find("Химки, Север"), [3, 1]);
        assert_eq!(index().find("Север и Химки / север"), [1, 3]);
        assert_eq!(index().find("Юг"), [0; 0]);
        assert_eq!(index().find(" - "), [0; 0]);
    }

    #[test]
    fn a_cut_word_that_fits_two_names_is_none() {
        let index = Index::new([("Северная".to_owned(), 1), ("Севастополь".to_owned(), 2)]);
        assert_eq!(index.find("Сев."), [0; 0]);
        assert_eq!(index.find("Севаст."), [2]);
    }

    #[test]
    fn an_address_names_the_most_particular_place_and_no_street() {
        let index = index();
        assert_eq!(index.find_in_address("г. Москва, г. Химки, ул. Ленина, д. 5"), [3]);
        assert_eq!(index.find_in_address("Москва, ул. Химки, 5"), [5]);
        assert_eq!(index.find_in_address("МО, пос. Зеленый Бор, 12"), [4]);
        assert_eq!(index.find_in_address("Северная, 5"), [0; 0]);
    }

    #[test]
    fn a_name_that_is_only_a_kind_stays_a_name() {
        assert_eq!(normal("Город"), "город");
        assert_eq!(normal("Зона А"), "а");
        assert_eq!((normal("ООО «Окна Плюс»"), normal("ИП")), ("окна плюс".into(), "ип".into()));
        assert_eq!(normal("..."), "");
    }

    proptest! {
        #[test]
        fn a_name_finds_itself_however_it_is_written(name in "[а-яё]{2,9}( [а-яё]{2,9}){0,2}") {
            let index = Index::new([(name.clone(), 1)]);
            prop_assert_eq!(index.find(&name.to_uppercase()), vec![1]);
            prop_assert_eq!(normal(&name), normal(&format!(" {} ", name.replace('ё', "е"))));
        }

        #[test]
        fn any_text_is_harmless(text in "\\PC{0,60}") {
            index().find(&text);
            index().find_in_address(&text);
            normal(&normal(&text));
        }
    }
}
