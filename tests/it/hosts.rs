//! Service and region from the host, against every host that botocore knows.

use std::process::Command;

use countersign::sigv4::facts_of_host;

#[test]
fn every_host_that_botocore_knows() {
    let Ok(python) = std::env::var("COUNTERSIGN_PYTHON") else {
        println!("skipped: COUNTERSIGN_PYTHON names no Python with botocore");
        return;
    };
    let output = Command::new(python)
        .arg(concat!(
            env!("CARGO_MANIFEST_DIR"),
            "/tests/clients/hosts.py"
        ))
        .output()
        .expect("Python runs");
    let text = String::from_utf8(output.stdout).expect("text");
    let mut known = 0;
    let mut wrong = Vec::new();
    for line in text.lines() {
        let mut words = line.split(' ');
        let (Some(host), Some(service), Some(region)) = (words.next(), words.next(), words.next())
        else {
            panic!("not `host service region`: {line}");
        };
        // Hosts that say nothing are asked about, which is never wrong: those of all regions.
        let Some(facts) = facts_of_host(host) else {
            continue;
        };
        known += 1;
        let is_same =
            facts.service == service && facts.region.as_deref().is_none_or(|r| r == region);
        if !is_same {
            wrong.push(format!("{line}: {facts:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}\n{}", wrong.len(), wrong.join("\n"));
    assert!(known > 1_000, "{known} hosts");
}
