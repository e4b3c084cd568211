//! What several tests share.

pub(crate) mod sample_exchange;
pub(crate) mod soft_renderer;
