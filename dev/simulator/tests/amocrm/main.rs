//! The simulated AmoCRM as its clients and its webhooks' receivers see it.

mod api;
mod control;
mod faults;
mod hooks;
mod oauth;
mod patch;
mod shapes;
mod support;
mod vices;
mod webhooks;
