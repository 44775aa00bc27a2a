//! Licence expressions as packages write them: names joined by `OR`, `AND` or the old `/`, with parentheses and
//! `WITH` exceptions.

/// Whether the expression can be satisfied by licences that `allowed` accepts. The error is a sentence about an
/// expression that cannot be read.
pub fn satisfiable(expression: &str, allowed: impl Fn(&str) -> bool) -> Result<bool, String> {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let mut reader = Reader { words: spaced.split_whitespace().collect(), at: 0, allowed };
    let verdict = reader.alternatives().ok_or_else(|| format!("cannot read the licence `{expression}`"))?;
    match reader.peek() {
        None => Ok(verdict),
        Some(word) => Err(format!("unexpected `{word}` in the licence `{expression}`")),
    }
}

struct Reader<'a, F> {
    words: Vec<&'a str>,
    at: usize,
    allowed: F,
}

impl<'a, F: Fn(&str) -> bool> Reader<'a, F> {
    fn peek(&self) -> Option<&'a str> {
        self.words.get(self.at).copied()
    }

    fn next(&mut self) -> Option<&'a str> {
        let word = self.peek();
        self.at += 1;
        word
    }

    fn take(&mut self, wanted: &str) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn alternatives(&mut self) -> Option<bool> {
        let mut verdict = self.all_of()?;
        while self.take("OR") {
            verdict |= self.all_of()?;
        }
        Some(verdict)
    }

    fn all_of(&mut self) -> Option<bool> {
        let mut verdict = self.one()?;
        while self.take("AND") {
            verdict &= self.one()?;
        }
        Some(verdict)
    }

    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let verdict = self.alternatives()?;
            return self.take(")").then_some(verdict);
        }
        let name = self.next().filter(|word| !matches!(*word, ")" | "OR" | "AND" | "WITH"))?;
        if self.take("WITH") {
            // An exception only adds permissions.
            self.next()?;
        }
        Some((self.allowed)(name))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn verdict(expression: &str) -> Result<bool, String> {
        satisfiable(expression, |name| matches!(name, "MIT" | "ISC"))
    }

    #[test]
    fn one_good_alternative_is_enough() {
        assert_eq!(verdict("MIT"), Ok(true));
        assert_eq!(verdict("GPL-3.0 OR MIT"), Ok(true));
        assert_eq!(verdict("GPL-3.0/MIT"), Ok(true));
        assert_eq!(verdict("GPL-3.0"), Ok(false));
    }

    #[test]
    fn a_conjunction_needs_every_part() {
        assert_eq!(verdict("MIT AND ISC"), Ok(true));
        assert_eq!(verdict("MIT AND OpenSSL"), Ok(false));
    }

    #[test]
    fn and_binds_stronger_than_or() {
        assert_eq!(verdict("MIT OR ISC AND OpenSSL"), Ok(true));
        assert_eq!(verdict("(MIT OR ISC) AND OpenSSL"), Ok(false));
        assert_eq!(verdict("(GPL-3.0 OR ISC) AND MIT"), Ok(true));
    }

    #[test]
    fn an_exception_does_not_make_a_licence_worse() {
        assert_eq!(verdict("MIT WITH LLVM-exception OR GPL-3.0"), Ok(true));
    }

    #[test]
    fn what_cannot_be_read_is_an_error() {
        for broken in ["", "MIT OR", "(MIT", "MIT)", "MIT ISC", "AND", "MIT WITH"] {
            assert!(verdict(broken).is_err(), "{broken:?} was read");
        }
    }
}
