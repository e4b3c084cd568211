//! One program of integration tests: each links the whole house, so there is only one.

#[cfg(test)]
mod support;
#[cfg(test)]
mod ui_gallery;
