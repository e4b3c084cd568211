//! The window: panels over the state, sending commands.

pub mod theme;
pub mod widgets;
