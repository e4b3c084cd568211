//! The window: panels over the state, sending commands.

pub mod response_view;
pub mod signing_view;
pub mod theme;
pub mod widgets;
