//! What the tests share.

pub(crate) mod random_requests;
pub(crate) mod sample_exchange;
pub(crate) mod shared_data;
pub(crate) mod soft_renderer;
pub(crate) mod suite;
