//! Trouble on demand.

use std::time::Duration;

use axum::http::Method;

/// What happens to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// Not done, and refused with 503.
    Unavailable,
    /// Not done; the answer, a 503, comes after so long.
    Hang(Duration),
    /// A GET is answered as it should be, but the connection breaks after half of what was asked for.
    BreakOff,
}

#[derive(Debug)]
struct Rule {
    method: Option<Method>,
    /// How many requests it still catches; none for all.
    left: Option<u32>,
    fault: Fault,
}

#[derive(Debug, Default)]
pub(super) struct Faults(Vec<Rule>);

impl Faults {
    pub fn always(&mut self, fault: Fault) {
        self.0.push(Rule { method: None, left: None, fault });
    }

    pub fn once(&mut self, method: Method, fault: Fault) {
        self.0.push(Rule { method: Some(method), left: Some(1), fault });
    }

    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// The oldest that catches the request is used up by one.
    pub fn take(&mut self, method: &Method) -> Option<Fault> {
        let catches = |rule: &&mut Rule| rule.method.as_ref().is_none_or(|wanted| wanted == method);
        let rule = self.0.iter_mut().find(catches)?;
        rule.left = rule.left.map(|left| left - 1);
        let fault = rule.fault;
        self.0.retain(|rule| rule.left != Some(0));
        Some(fault)
    }
}
