//! The terminal: one file per subcommand, each a thin caller of the library.

pub mod profiles;
