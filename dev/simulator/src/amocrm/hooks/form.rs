//! The form encoding of AmoCRM's hooks, byte for byte.

use std::fmt::{Display, Write as _};

/// Keys and values in the order they are sent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Form(Vec<(String, String)>);

impl Form {
    pub fn push(&mut self, key: impl Into<String>, value: impl Display) {
        self.0.push((key.into(), value.to_string()));
    }

    /// Adds pairs of another form, their keys prefixed.
    pub fn extend_under(&mut self, prefix: &str, other: &Form) {
        self.0.extend(other.0.iter().map(|(key, value)| (format!("{prefix}{key}"), value.clone())));
    }

    pub fn encode(&self) -> String {
        let mut body = String::new();
        for (key, value) in &self.0 {
            if !body.is_empty() {
                body.push('&');
            }
            escape(key, &mut body);
            body.push('=');
            escape(value, &mut body);
        }
        body
    }
}

/// A space becomes `+`; all but ASCII letters, digits, `-`, `.` and `_` becomes `%XX`. Unlike a
/// browser's, this encoding escapes `*` too.
fn escape(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => write!(out, "%{byte:02X}").expect("writing to a string cannot fail"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Form;

    const DELETED: &str = "account%5Bsubdomain%5D=example&account%5Bid%5D=31000001&account%5B_links%5D%5Bself%5D=https%3A%2F%2Fexample.amocrm.ru&leads%5Bdelete%5D%5B0%5D%5Bid%5D=30052001&leads%5Bdelete%5D%5B0%5D%5Bstatus_id%5D=17944001&leads%5Bdelete%5D%5B0%5D%5Bpipeline_id%5D=936001";
    const BATCH: &str = "account%5Bsubdomain%5D=demo&account%5Bid%5D=31000001&account%5B_links%5D%5Bself%5D=https%3A%2F%2Fdemo.amocrm.ru&leads%5Bstatus%5D%5B0%5D%5Bid%5D=101&leads%5Bstatus%5D%5B0%5D%5Bname%5D=%D0%A1%D0%B4%D0%B5%D0%BB%D0%BA%D0%B0+%F0%9F%94%A5+%E2%84%961+%26+%22%D0%90%22+%5Bx%5D%3D100%25&leads%5Bstatus%5D%5B0%5D%5Bstatus_id%5D=142&leads%5Bstatus%5D%5B0%5D%5Bold_status_id%5D=7001&leads%5Bstatus%5D%5B0%5D%5Bcustom_fields%5D%5B0%5D%5Bid%5D=11&leads%5Bstatus%5D%5B0%5D%5Bcustom_fields%5D%5B0%5D%5Bvalues%5D%5B0%5D=1689282000&leads%5Bstatus%5D%5B0%5D%5Bcustom_fields%5D%5B1%5D%5Bid%5D=12&leads%5Bstatus%5D%5B0%5D%5Bcustom_fields%5D%5B1%5D%5Bvalues%5D%5Bvalue%5D=%D0%94%D0%B0&leads%5Bstatus%5D%5B0%5D%5Bcustom_fields%5D%5B1%5D%5Bvalues%5D%5Benum%5D=566642&leads%5Bstatus%5D%5B0%5D%5Bcustom_fields%5D%5B2%5D%5Bid%5D=13&leads%5Bstatus%5D%5B0%5D%5Bcustom_fields%5D%5B2%5D%5Bcode%5D=UTM_MEDIUM&leads%5Bstatus%5D%5B1%5D%5Bid%5D=102&leads%5Bstatus%5D%5B1%5D%5Bstatus_id%5D=143";

    #[test]
    fn a_deletion_is_encoded_as_captured() {
        let mut form = account("example");
        for (key, value) in [("id", 30_052_001), ("status_id", 17_944_001), ("pipeline_id", 936_001)] {
            form.push(format!("leads[delete][0][{key}]"), value);
        }
        assert_eq!(form.encode(), DELETED);
        assert_eq!(DELETED.len(), 257);
    }

    #[test]
    fn reserved_characters_and_emoji_are_escaped_byte_by_byte() {
        let mut form = account("demo");
        for (key, value) in [
            ("[0][id]", "101"),
            ("[0][name]", "Сделка 🔥 №1 & \"А\" [x]=100%"),
            ("[0][status_id]", "142"),
            ("[0][old_status_id]", "7001"),
            ("[0][custom_fields][0][id]", "11"),
            ("[0][custom_fields][0][values][0]", "1689282000"),
            ("[0][custom_fields][1][id]", "12"),
            ("[0][custom_fields][1][values][value]", "Да"),
            ("[0][custom_fields][1][values][enum]", "566642"),
            ("[0][custom_fields][2][id]", "13"),
            ("[0][custom_fields][2][code]", "UTM_MEDIUM"),
            ("[1][id]", "102"),
            ("[1][status_id]", "143"),
        ] {
            form.push(format!("leads[status]{key}"), value);
        }
        assert_eq!(form.encode(), BATCH);
        assert_eq!(BATCH.len(), 958);
    }

    #[test]
    fn asterisk_newline_and_plus_are_escaped_but_marks_of_ids_are_not() {
        let mut form = Form::default();
        form.push("a", "1*2+3\n4-5.6_7~/:");
        assert_eq!(form.encode(), "a=1%2A2%2B3%0A4-5.6_7%7E%2F%3A");
    }

    fn account(subdomain: &str) -> Form {
        let mut form = Form::default();
        form.push("account[subdomain]", subdomain);
        form.push("account[id]", 31_000_001);
        form.push("account[_links][self]", format!("https://{subdomain}.amocrm.ru"));
        form
    }
}
