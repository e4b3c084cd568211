//! The window: panels over the state, sending commands.
