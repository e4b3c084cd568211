//! What several tests share.

pub(crate) mod soft_renderer;
