//! Letters for the few values of a kind.

pub fn code<T: Copy + PartialEq>(codes: &[(T, &'static str)], of: T) -> &'static str {
    codes.iter().find(|(one, _)| *one == of).map(|(_, code)| *code).unwrap_or_default()
}

pub fn of<T: Copy>(codes: &[(T, &str)], code: &str) -> Option<T> {
    codes.iter().find(|(_, one)| *one == code).map(|(of, _)| *of)
}
