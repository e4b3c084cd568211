//! The practice gateway: API Gateway and STS on loopback, judged from the received bytes.
//!
//! ```text
//! TcpListener ─▶ hyper ─▶ ReceivedRequest ─▶ judge() ─▶ Judgement ─┬─▶ the answer
//!                                              │                   └─▶ CallLog
//!                              stage ▸ route ▸ signature ▸ permission ▸ API key
//! ```
//!
//! [`judge()`] is pure: the request, the world, the time and the random bytes are its arguments,
//! so that every refusal can be tested without a socket. The signature is checked against what
//! arrived, by the request's own `SignedHeaders`; the signer is never asked. Every text that is
//! refused with comes from [`crate::denial`].

mod call_log;
mod error;
mod judge;
mod received;
mod reply;
mod routes;
mod server;
mod start_info;
mod sts;
mod verify;
mod world;

pub use call_log::{CallLog, Check, Gate};
pub use error::GatewayError;
pub use judge::{CallContext, Judgement, judge};
pub use received::ReceivedRequest;
pub use reply::Reply;
pub use routes::{Authorization, ROUTES, Route};
pub use server::{Clock, Gateway, GatewayOptions, OnCall};
pub use start_info::{RouteInfo, StartInfo};
pub use world::{Caller, PARTNER_EXTERNAL_ID, PARTNER_ROLE_ARN, World};

#[cfg(test)]
mod tests;
