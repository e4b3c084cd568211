//! Sending: one path, stage by stage.
