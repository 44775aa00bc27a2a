//! Texts from outside.

/// Without NUL and surrounding spaces; an empty text is none.
pub fn clean(text: &str) -> Option<String> {
    let text = text.replace('\0', "");
    let text = text.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::clean;

    #[test]
    fn an_empty_text_is_none() {
        assert_eq!(clean(" \0 \n"), None);
        assert_eq!(clean(" Окна\0 ПВХ ").as_deref(), Some("Окна ПВХ"));
    }
}
