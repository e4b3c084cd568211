//! Steps 3 and 4: the keys, and the signature made with them.

use super::is_pair;
use crate::secret::SecretString;
use crate::sigv4::{Algorithm, DerivedKey, SigningKey, SigningSteps, SigningTrace};
use crate::template::MASK;
use crate::ui::signing_view::page::{Block, Line, Step, WHEN_SENT};
use crate::ui::signing_view::part::{SigningPart, SigningSource};
use crate::ui::signing_view::rules::{self, rule_of};

/// Step 3; with the bytes of the keys if they are to be shown.
pub(super) fn key(
    steps: &SigningSteps,
    trace: Option<&SigningTrace>,
    shown: Option<&DerivedKey>,
) -> Step {
    let lines = if is_pair(steps) {
        pair(steps, trace, shown)
    } else {
        chain(steps, shown.and_then(DerivedKey::hmac))
    };
    let are_copied = trace.is_some_and(|trace| trace.are_examples);
    let copy: Vec<String> = lines
        .iter()
        .map(|line| match &line.key {
            Some(key) if are_copied => {
                format!("{} = {} = {}", line.word, line.text, key.expose())
            }
            _ => format!("{} = {}", line.word, line.text),
        })
        .collect();
    let (name, rule, doc) = if is_pair(steps) {
        (
            "Key pair",
            "A key pair is derived from the secret; the verifier needs only its public half.",
            rules::KEY_PAIR,
        )
    } else {
        (
            "Signing key",
            "Four hashes narrow the secret down to one day, one region and one service.",
            rules::SIGNING_KEY,
        )
    };
    Step {
        number: 3,
        name,
        rule,
        doc,
        blocks: vec![Block::of(lines)],
        notes: Vec::new(),
        copy: Some(copy.join("\n")),
    }
}

/// The chain of `SigV4`.
fn chain(steps: &SigningSteps, shown: Option<&SigningKey>) -> Vec<Line> {
    let scope = steps.credential_scope();
    let first = "\"AWS4\" + secret access key";
    let hex = |key: Option<&[u8; 32]>| key.map(|key| SecretString::new(hex::encode(key)));
    let chain = [
        (
            "kDate",
            first,
            scope.date.as_str(),
            Some(SigningPart::Time),
            hex(shown.map(|key| &*key.date)),
            "Begins with the secret access key, and counts for this day.",
        ),
        (
            "kRegion",
            "kDate",
            &scope.region,
            Some(SigningPart::Region),
            hex(shown.map(|key| &*key.region)),
            "Counts for this day and this region.",
        ),
        (
            "kService",
            "kRegion",
            &scope.service,
            Some(SigningPart::Service),
            hex(shown.map(|key| &*key.service)),
            "Counts for this day, region and service.",
        ),
        (
            "kSigning",
            "kService",
            "aws4_request",
            None,
            hex(shown.map(|key| &*key.signing)),
            "Signs the string of step 2.",
        ),
    ];
    let mut previous: Option<&'static str> = None;
    let mut lines = Vec::new();
    for (name, key, data, from, bytes, why) in chain {
        let part = SigningPart::Key(name);
        let mut line = Line::new(part.clone(), format!("HMAC-SHA256({key}, \"{data}\")"))
            .word(name)
            .about(from)
            .rule(rule_of(&part, &steps.settings))
            .why(why);
        if let Some(previous) = previous {
            let part = SigningPart::Key(previous);
            line.parts.push(part.clone());
            line.comes_from = Some((3, part));
        } else {
            line.parts.push(SigningPart::KeyId);
            line.source = Some(SigningSource::Auth);
        }
        line.bytes = None;
        line.key = bytes;
        previous = Some(name);
        lines.push(line);
    }
    lines
}

/// The key pair of `SigV4a`.
fn pair(
    steps: &SigningSteps,
    trace: Option<&SigningTrace>,
    shown: Option<&DerivedKey>,
) -> Vec<Line> {
    let pair = trace.and_then(|trace| trace.key.ecdsa());
    let counter = pair.map_or_else(|| "counter".to_owned(), |pair| pair.counter.to_string());
    let private = SigningPart::Key("private key");
    let candidate = SigningPart::Number("candidate");
    let rule = |part: &SigningPart| rule_of(part, &steps.settings);
    let text = format!(
        "HMAC-SHA256(\"AWS4A\" + secret access key, 1 ‖ \"{}\" ‖ 0 ‖ key id ‖ {counter} ‖ 256)",
        Algorithm::EcdsaP256Sha256.name()
    );
    let mut lines = vec![
        Line::new(candidate.clone(), text)
            .word("candidate")
            .about([SigningPart::KeyId])
            .rule(rule(&candidate))
            .why("The counter goes up from 1 until the number is small enough for the curve; once nearly always does.")
            .source(Some(SigningSource::Auth)),
        Line::new(private.clone(), "candidate + 1")
            .word("private key")
            .about([candidate.clone()])
            .rule(rule(&private))
            .why("Signs the string of step 2.")
            .comes_from(3, candidate),
    ];
    for line in &mut lines {
        line.bytes = None;
    }
    if let (Some(line), Some(pair)) = (lines.last_mut(), shown.and_then(DerivedKey::ecdsa)) {
        line.key = Some(SecretString::new(hex::encode(*pair.private)));
    }
    for (name, number) in [
        ("public X", pair.map(|pair| pair.public_x)),
        ("public Y", pair.map(|pair| pair.public_y)),
    ] {
        let part = SigningPart::Number(name);
        let text = number.map_or_else(|| MASK.to_owned(), hex::encode);
        let mut line = Line::new(part.clone(), text)
            .word(name)
            .about([private.clone()])
            .rule(rule(&part))
            .why("The private key times the base point of P-256; anyone may know it.")
            .comes_from(3, private.clone());
        line.is_missing = number.is_none();
        line.bytes = None;
        lines.push(line);
    }
    lines
}

/// Step 4.
pub(super) fn signature(steps: &SigningSteps, signature: Option<&str>) -> Step {
    let (key, rule, why) = if is_pair(steps) {
        (
            SigningPart::Key("private key"),
            "ECDSA over P-256 of the string to sign, as the hex digits of its DER form.",
            "ECDSA(private key, SHA-256(string to sign)), its nonce derived from both.",
        )
    } else {
        (
            SigningPart::Key("kSigning"),
            "HMAC-SHA256 of the string to sign with kSigning, as hex digits.",
            "HMAC-SHA256(kSigning, string to sign).",
        )
    };
    let mut line = Line::new(SigningPart::Signature, signature.unwrap_or(MASK))
        .word(if signature.is_some() {
            "signature"
        } else {
            WHEN_SENT
        })
        .about([SigningPart::StringToSign, key.clone()])
        .rule(rule_of(&SigningPart::Signature, &steps.settings))
        .why(why)
        .comes_from(3, key);
    line.is_missing = signature.is_none();
    if line.is_missing {
        line.bytes = None;
    }
    Step {
        number: 4,
        name: "Signature",
        rule,
        doc: rules::SIGNATURE,
        blocks: vec![Block::of(vec![line])],
        notes: Vec::new(),
        copy: signature.map(str::to_owned),
    }
}
