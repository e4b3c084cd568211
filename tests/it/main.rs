//! Integration tests, in one binary because each links some 400 crates.

mod collections;
