//! The shell around the window: performs effects, drains events.
