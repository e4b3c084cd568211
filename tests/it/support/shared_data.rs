//! Where the shared vectors and corpus lie.

use std::env;
use std::path::PathBuf;

/// A path below the shared data; `None` where it is missing, which a test says and then ends.
/// `COUNTERSIGN_REQUIRE_SHARED` makes a missing one a failure.
pub(crate) fn path(below: &str) -> Option<PathBuf> {
    let root = env::var_os("COUNTERSIGN_SHARED").map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared"),
        PathBuf::from,
    );
    let path = root.join(below);
    if path.exists() {
        return Some(path);
    }
    assert!(
        env::var_os("COUNTERSIGN_REQUIRE_SHARED").is_none(),
        "the shared data is required and missing: {below}"
    );
    println!("skipped: the shared data is not here ({below})");
    None
}
