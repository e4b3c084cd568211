//! Random requests signed by the program, by botocore and by awscrt: no difference is allowed.

use std::path::Path;
use std::process::Command;

/// `tests/clients/differential.py` says in which areas the signers are compared, and why there.
#[test]
fn other_signers_derive_the_same() {
    let Some(python) = std::env::var_os("COUNTERSIGN_PYTHON") else {
        println!("skipped: COUNTERSIGN_PYTHON names no Python");
        return;
    };
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/clients/differential.py");
    let output = Command::new(python)
        .arg("-B")
        .arg(script)
        .args([env!("CARGO_BIN_EXE_countersign"), "3000"])
        .output()
        .unwrap();
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    println!("{stdout}");
    assert!(output.status.success(), "{stdout}{stderr}");
    assert!(stdout.ends_with("\n3000 passed, 0 failed\n"), "{stdout}");
}
