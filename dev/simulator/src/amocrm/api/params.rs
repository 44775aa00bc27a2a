//! Query parameters in AmoCRM's bracket notation. What cannot be read is ignored, as AmoCRM does.

use std::convert::Infallible;
use std::ops::RangeInclusive;

use axum::extract::FromRequestParts;
use axum::http::request::Parts;

pub struct Params {
    pairs: Vec<(String, String)>,
}

impl<S: Sync> FromRequestParts<S> for Params {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _state: &S) -> Result<Self, Infallible> {
        Ok(Self::parse(parts.uri.query().unwrap_or("")))
    }
}

impl Params {
    pub fn parse(query: &str) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes());
        Self { pairs: pairs.map(|(key, value)| (key.into_owned(), value.into_owned())).collect() }
    }

    pub fn get(&self, key: &str) -> Option<&str> {
        self.pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str())
    }

    /// Whether `with` names this.
    pub fn with(&self, what: &str) -> bool {
        self.get("with").is_some_and(|with| with.split(',').any(|name| name.trim() == what))
    }

    /// `key[]=1&key[]=2`, `key[0]=1`, `key=1` or `key=1,2`; none if absent or not all numbers.
    pub fn numbers(&self, key: &str) -> Option<Vec<i64>> {
        self.words(key)?.iter().map(|word| word.parse().ok()).collect()
    }

    /// The same for words.
    pub fn words(&self, key: &str) -> Option<Vec<String>> {
        let is_element = |name: &str| {
            let rest = name.strip_prefix(key);
            rest.is_some_and(|rest| {
                rest.is_empty() || (rest.starts_with('[') && rest.find(']') == Some(rest.len() - 1))
            })
        };
        let values = self.pairs.iter().filter(|(name, _)| is_element(name));
        let words: Vec<_> =
            values.flat_map(|(_, value)| value.split(',')).map(|word| word.trim().to_owned()).collect();
        (!words.is_empty()).then_some(words)
    }

    /// `key[from]` and `key[to]`, both included.
    pub fn range(&self, key: &str) -> RangeInclusive<i64> {
        let bound = |end: &str| self.get(&format!("{key}[{end}]"))?.parse().ok();
        bound("from").unwrap_or(i64::MIN)..=bound("to").unwrap_or(i64::MAX)
    }

    /// The values of `key[n][field]`, each with its n.
    pub fn column(&self, key: &str, field: &str) -> Vec<(&str, i64)> {
        let cells = self.pairs.iter().filter_map(|(name, value)| {
            let (index, rest) = name.strip_prefix(key)?.strip_prefix('[')?.split_once(']')?;
            let found = rest.strip_prefix('[')?.strip_suffix(']')? == field;
            found.then_some((index, value.parse().ok()?))
        });
        cells.collect()
    }

    /// The same query for another page.
    pub fn for_page(&self, page: usize) -> String {
        let others = self.pairs.iter().filter(|(name, _)| name != "page");
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(others)
            .append_pair("page", &page.to_string())
            .finish()
    }
}

#[cfg(test)]
mod tests {
    use super::Params;

    #[test]
    fn lists_are_read_in_every_notation() {
        for query in
            ["filter[id][]=1&filter[id][]=2", "filter%5Bid%5D%5B0%5D=1&filter[id][7]=2", "filter[id]=1,2"]
        {
            assert_eq!(Params::parse(query).numbers("filter[id]"), Some(vec![1, 2]), "{query}");
        }
    }

    #[test]
    fn a_malformed_list_is_as_good_as_none() {
        assert_eq!(Params::parse("filter[id][]=x").numbers("filter[id]"), None);
        assert_eq!(Params::parse("filter[id][from]=1").numbers("filter[idx]"), None);
    }

    #[test]
    fn ranges_may_lack_an_end() {
        let params = Params::parse("filter[updated_at][from]=10");
        assert_eq!(params.range("filter[updated_at]"), 10..=i64::MAX);
    }

    #[test]
    fn columns_keep_their_index() {
        let params = Params::parse("filter[statuses][0][pipeline_id]=5&filter[statuses][0][status_id]=6");
        assert_eq!(params.column("filter[statuses]", "pipeline_id"), vec![("0", 5)]);
        assert_eq!(params.column("filter[statuses]", "status_id"), vec![("0", 6)]);
    }
}
