//! Countersign: see, sign and send calls to APIs behind Amazon API Gateway.
//!
//! The house has four floors, and a room uses only what is below it (`tests/layering.rs` checks):
//!
//! 1. domain, pure: [`secret`], [`template`], [`collection`], [`request`], [`sigv4`],
//!    [`exchange`], [`denial`], [`explain`], [`profile`], [`practice`]
//! 2. state, a pure reducer: [`state`]
//! 3. effects: [`credentials`], [`engine`], [`storage`], [`gateway`]
//! 4. faces: [`ui`] and [`app`], the window; [`cli`], the terminal
//!
//! `ARCHITECTURE.md` shows the whole house on a page.

pub mod app;
pub mod cli;
pub mod collection;
pub mod credentials;
pub mod denial;
pub mod engine;
pub mod exchange;
pub mod explain;
pub mod gateway;
pub mod practice;
pub mod profile;
pub mod request;
pub mod secret;
pub mod sigv4;
pub mod state;
pub mod storage;
pub mod template;
pub mod ui;
