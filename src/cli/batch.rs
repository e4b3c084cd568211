//! `countersign sign --batch`: JSON lines in, JSON lines out, in the same order.
//!
//! Whatever lies ready on standard input is signed at once, on all cores, and answered before more
//! is waited for.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, BufRead as _, BufReader, Write as _};
use std::mem;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc;
use std::thread;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use zeroize::Zeroize as _;

use super::exit;
use super::terminal::failed;
use crate::secret::SecretString;
use crate::sigv4::{
    Algorithm, Credentials, DEFAULT_EXPIRES, MAX_EXPIRES, Payload, Placement, RequestDateTime,
    SessionTokenRule, SignedHeadersRule, SigningInput, SigningMemory, SigningSettings,
    SigningTarget, sign_target_with,
};

/// Fewer lines are not worth a thread of their own.
const LEAST_LINES: usize = 16;

/// More lines than these are not handed out at once, so that all cores are busy to the end.
const MOST_LINES: usize = 128;

/// A line of the batch; unknown keys are ignored.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(default)]
    id: Value,
    #[serde(borrow)]
    method: Cow<'a, str>,
    #[serde(borrow)]
    url: Cow<'a, str>,
    #[serde(default)]
    headers: Vec<(String, String)>,
    #[serde(default, borrow)]
    body: Option<Text<'a>>,
    #[serde(borrow)]
    access_key: Cow<'a, str>,
    #[serde(borrow)]
    secret_key: Secret<'a>,
    #[serde(default, borrow)]
    session_token: Option<Secret<'a>>,
    #[serde(borrow)]
    region: Cow<'a, str>,
    #[serde(borrow)]
    service: Cow<'a, str>,
    #[serde(borrow)]
    datetime: Cow<'a, str>,
    #[serde(default)]
    settings: LineSettings,
}

/// A text of a line, where it stands if nothing in it is escaped.
#[derive(Deserialize)]
struct Text<'a>(#[serde(borrow)] Cow<'a, str>);

/// A secret of a line: read, never written, and wiped if it had to be copied.
#[derive(Deserialize)]
struct Secret<'a>(#[serde(borrow)] Cow<'a, str>);

impl Drop for Secret<'_> {
    fn drop(&mut self) {
        if let Cow::Owned(text) = &mut self.0 {
            text.zeroize();
        }
    }
}

/// What a line is answered with.
#[derive(Serialize)]
struct Answer<'a> {
    id: &'a Value,
    canonical_request: String,
    string_to_sign: String,
    signature: &'a str,
    signed_headers: Vec<&'a str>,
    url: &'a str,
    headers: &'a [(String, String)],
    agrees: bool,
}

#[derive(Default, Deserialize, PartialEq, Eq)]
#[serde(default)]
#[expect(clippy::struct_excessive_bools, reason = "the contract's switches")]
struct LineSettings {
    mode: Option<String>,
    expires: Option<u32>,
    algorithm: Option<String>,
    normalize: Option<bool>,
    double_encode: Option<bool>,
    sign_body: bool,
    omit_session_token: bool,
    unsigned_payload: bool,
    s3: bool,
    unsigned_headers: Vec<String>,
}

/// Runs it and gives the exit code: a bad line is answered with an error and the rest goes on.
pub(super) fn run() -> u8 {
    let mut output = io::stdout().lock();
    let mut input = BufReader::with_capacity(1 << 20, io::stdin().lock());
    let mut text = Vec::new();
    loop {
        match read_ready(&mut input, &mut text) {
            Ok(true) => {}
            Ok(false) => return exit::DONE,
            Err(error) => {
                failed(&format!("standard input cannot be read: {error}"), None);
                return exit::INTERNAL;
            }
        }
        let written = answer_all(&text, &mut output).and_then(|()| output.flush());
        match written {
            Ok(()) => {}
            // Whoever read has gone.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => return exit::DONE,
            Err(error) => {
                failed(&format!("standard output cannot be written: {error}"), None);
                return exit::INTERNAL;
            }
        }
    }
}

/// Reads a line and those that lie ready behind it; `false` at the end.
fn read_ready(input: &mut BufReader<impl io::Read>, text: &mut Vec<u8>) -> io::Result<bool> {
    text.clear();
    input.read_until(b'\n', text)?;
    let ready = input.buffer();
    let end = memchr::memrchr(b'\n', ready).map_or(0, |last| last + 1);
    text.extend_from_slice(ready.get(..end).unwrap_or_default());
    input.consume(end);
    Ok(!text.is_empty())
}

/// Answers lines in their order; each core takes one share of them after the other.
fn answer_all(text: &[u8], output: &mut impl io::Write) -> io::Result<()> {
    let ends = memchr::memchr_iter(b'\n', text).chain([text.len()]);
    let mut start = 0;
    let lines: Vec<&[u8]> = ends
        .filter_map(|end| text.get(mem::replace(&mut start, end + 1)..end))
        .filter(|line| !line.iter().all(u8::is_ascii_whitespace))
        .collect();
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let most = lines.len().div_ceil(cores);
    let shares: Vec<&[&[u8]]> = lines.chunks(most.clamp(LEAST_LINES, MOST_LINES)).collect();
    if let [] | [_] = *shares {
        return output.write_all(&answers(&lines));
    }
    let next = AtomicUsize::new(0);
    let (sender, receiver) = mpsc::channel();
    thread::scope(|scope| {
        for _ in 0..cores.min(shares.len()) {
            let (sender, next, shares) = (sender.clone(), &next, &shares);
            scope.spawn(move || {
                loop {
                    let index = next.fetch_add(1, Ordering::Relaxed);
                    let Some(lines) = shares.get(index) else {
                        return;
                    };
                    if sender.send((index, answers(lines))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(sender);
        // What is ready is written while the others go on.
        let mut ready = BTreeMap::new();
        let mut written = 0;
        for (index, answers) in receiver {
            ready.insert(index, answers);
            while let Some(answers) = ready.remove(&written) {
                output.write_all(&answers)?;
                written += 1;
            }
        }
        Ok(())
    })
}

fn answers(lines: &[&[u8]]) -> Vec<u8> {
    // An answer is seldom four times as long as its line.
    let mut out = Vec::with_capacity(lines.iter().map(|line| line.len() * 4).sum());
    let mut signer = LineSigner::default();
    for line in lines {
        signer.answer(line, &mut out);
        out.push(b'\n');
    }
    out
}

/// Reads a line, or says what is wrong with it.
fn read(line: &[u8]) -> Result<Value, Value> {
    serde_json::from_slice(line)
        .map_err(|error| json!({"id": null, "error": format!("the line is not JSON: {error}")}))
}

/// Takes a line apart, or says what is wrong with it.
fn understand(value: &Value) -> Result<Line<'_>, Value> {
    Line::deserialize(value).map_err(|error| {
        let text = error.to_string();
        // Other messages repeat the value, which may be the secret.
        let message = if text.starts_with("missing field") {
            format!("the line lacks something: {text}")
        } else {
            "a field of the line has the wrong type".to_owned()
        };
        let id = value.get("id").unwrap_or(&Value::Null);
        json!({"id": id, "error": message})
    })
}

/// Signs lines, and keeps of one what is the same in the next.
#[derive(Default)]
struct LineSigner {
    memory: SigningMemory,
    credentials: Option<Credentials>,
    usual: Option<SigningSettings>,
}

impl LineSigner {
    fn answer(&mut self, line: &[u8], out: &mut Vec<u8>) {
        let before = out.len();
        let answered = match serde_json::from_slice(line) {
            Ok(line) => self.answer_line(&line, out),
            // What goes wrong on the short way is looked at closely on the long one.
            Err(_) => read(line).and_then(|value| self.answer_line(&understand(&value)?, out)),
        };
        if let Err(answer) = answered {
            out.truncate(before);
            out.extend(answer.to_string().bytes());
        }
    }

    fn answer_line(&mut self, line: &Line<'_>, out: &mut Vec<u8>) -> Result<(), Value> {
        self.sign(line, out)
            .map_err(|message| json!({"id": line.id, "error": message}))
    }

    fn sign(&mut self, line: &Line<'_>, out: &mut Vec<u8>) -> Result<(), String> {
        let body = match &line.body {
            None => Vec::new(),
            Some(Text(text)) => STANDARD
                .decode(text.as_bytes())
                .map_err(|error| format!("`body` is not base64: {error}"))?,
        };
        let time = RequestDateTime::parse(&line.datetime)
            .ok_or_else(|| format!("`datetime` is not YYYYMMDDTHHMMSSZ: `{}`", line.datetime))?;
        let unusual;
        let settings = if line.settings == LineSettings::default() {
            match &mut self.usual {
                Some(usual) => &*usual,
                none => none.insert(settings(line)?),
            }
        } else {
            unusual = settings(line)?;
            &unusual
        };
        let known = self.credentials.take().filter(|known| are_of(known, line));
        let credentials = &*self
            .credentials
            .insert(known.unwrap_or_else(|| Credentials {
                access_key_id: line.access_key.clone().into_owned(),
                secret_access_key: SecretString::new(&*line.secret_key.0),
                session_token: token(line).map(SecretString::new),
            }));
        let target = SigningTarget {
            method: &line.method,
            url: &line.url,
            headers: &line.headers,
            payload: Payload::Bytes(&body),
        };
        let input = SigningInput {
            credentials,
            region: &line.region,
            service: &line.service,
            time,
            settings,
        };
        let signed = sign_target_with(&mut self.memory, &target, &input)
            .map_err(|error| error.to_string())?;
        let steps = &signed.trace.steps;
        let canonical_headers = &steps.canonical_request.canonical_headers;
        let answer = Answer {
            id: &line.id,
            canonical_request: steps.canonical_request.text(),
            string_to_sign: steps.string_to_sign.text(),
            signature: &signed.trace.signature,
            signed_headers: canonical_headers
                .iter()
                .map(|(name, _)| name.as_str())
                .collect(),
            url: &signed.url,
            headers: &signed.headers,
            agrees: signed.agrees == Ok(true),
        };
        serde_json::to_writer(out, &answer).map_err(|error| error.to_string())
    }
}

fn token<'l>(line: &'l Line<'_>) -> Option<&'l str> {
    let token = line.session_token.as_ref().map(|token| &*token.0);
    token.filter(|token| !token.is_empty())
}

/// Whether credentials are those of a line.
fn are_of(known: &Credentials, line: &Line<'_>) -> bool {
    known.access_key_id == line.access_key
        && known.secret_access_key.expose() == line.secret_key.0
        && known.session_token.as_ref().map(SecretString::expose) == token(line)
}

fn settings(line: &Line<'_>) -> Result<SigningSettings, String> {
    let given = &line.settings;
    let placement = match given.mode.as_deref() {
        None | Some("header") => Placement::Header,
        Some("query") => {
            let expires = given.expires.unwrap_or(DEFAULT_EXPIRES);
            if !(1..=MAX_EXPIRES).contains(&expires) {
                return Err(format!(
                    "`expires` is 1 to {MAX_EXPIRES} seconds, not {expires}"
                ));
            }
            Placement::Query { expires }
        }
        Some(other) => return Err(format!("`mode` is `header` or `query`, not `{other}`")),
    };
    let algorithm = match given.algorithm.as_deref() {
        None | Some("AWS4-HMAC-SHA256" | "v4") => Algorithm::HmacSha256,
        Some("AWS4-ECDSA-P256-SHA256" | "v4a") => Algorithm::EcdsaP256Sha256,
        Some(other) => {
            return Err(format!(
                "`algorithm` is `AWS4-HMAC-SHA256` or `AWS4-ECDSA-P256-SHA256`, not `{other}`"
            ));
        }
    };
    let base = SigningSettings::for_service(if given.s3 { "s3" } else { "" });
    Ok(SigningSettings {
        algorithm,
        placement,
        normalize_path: given.normalize.unwrap_or(base.normalize_path) && base.normalize_path,
        double_encode: given.double_encode.unwrap_or(base.double_encode) && base.double_encode,
        // A line is signed exactly as it stands.
        escape_path: false,
        content_sha256_header: given.sign_body || base.content_sha256_header,
        unsigned_payload: given.unsigned_payload,
        session_token: if given.omit_session_token {
            SessionTokenRule::Unsigned
        } else {
            SessionTokenRule::Signed
        },
        signed_headers: SignedHeadersRule::everything_but(given.unsigned_headers.clone()),
        signed_host: None,
        not_understood: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(extra: &str) -> String {
        format!(
            r#"{{"id":7,"method":"GET","url":"https://example.amazonaws.com/","headers":[["Host","example.amazonaws.com"]],
            "access_key":"AKIDEXAMPLE","secret_key":"wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY","region":"us-east-1",
            "service":"service","datetime":"20150830T123600Z"{extra}}}"#
        )
    }

    fn answer(line: &[u8]) -> Value {
        let mut out = Vec::new();
        LineSigner::default().answer(line, &mut out);
        serde_json::from_slice(&out).unwrap()
    }

    /// The signature that the suite publishes for `get-vanilla`.
    #[test]
    fn a_line_is_signed_as_published() {
        let answer = answer(line("").as_bytes());
        assert_eq!(
            answer["signature"],
            "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"
        );
        assert_eq!(answer["id"], 7);
        assert_eq!(answer["agrees"], true);
        assert_eq!(
            answer["headers"][0],
            json!(["host", "example.amazonaws.com"])
        );
        assert_eq!(
            answer["headers"][1],
            json!(["x-amz-date", "20150830T123600Z"])
        );
    }

    /// What the suite publishes for `get-vanilla` in query mode.
    #[test]
    fn a_line_is_presigned_as_published() {
        let answer = answer(line(r#","settings":{"mode":"query","expires":3600}"#).as_bytes());
        let url = answer["url"].as_str().unwrap();
        assert!(url.starts_with(
            "https://example.amazonaws.com/?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIDEXAMPLE%2F20150830%2Fus-east-1%2Fservice%2Faws4_request&X-Amz-Date=20150830T123600Z&X-Amz-Expires=3600&X-Amz-SignedHeaders=host&X-Amz-Signature="
        ), "{url}");
        assert!(url.ends_with(answer["signature"].as_str().unwrap()));
        assert_eq!(
            answer["headers"],
            json!([["host", "example.amazonaws.com"]])
        );
        assert_eq!(answer["agrees"], true);
    }

    #[test]
    fn bad_lines_are_answered() {
        assert!(answer(b"{").get("error").is_some());
        assert_eq!(answer(br#"{"id":"a"}"#)["id"], "a");
        let mode = answer(line(r#","settings":{"mode":"qeury"}"#).as_bytes());
        assert_eq!(mode["error"], "`mode` is `header` or `query`, not `qeury`");
        let expires = answer(line(r#","settings":{"mode":"query","expires":0}"#).as_bytes());
        assert_eq!(expires["error"], "`expires` is 1 to 604800 seconds, not 0");
        let unknown = answer(line(r#","unknown":1,"settings":{"whatever":2}"#).as_bytes());
        assert_eq!(unknown["agrees"], true);
        let twice = answer(line(r#","region":"us-east-1","id":"b""#).as_bytes());
        assert_eq!(
            (&twice["id"], &twice["agrees"]),
            (&json!("b"), &json!(true))
        );
        let number = answer(line(r#","secret_key":12"#).as_bytes());
        assert_eq!(
            number,
            json!({"id": 7, "error": "a field of the line has the wrong type"})
        );
    }

    #[test]
    fn nothing_of_one_line_gets_into_the_next() {
        let lines = [
            line(""),
            line(r#","session_token":"AQoEXAMPLE""#),
            line("").replace("EXAMPLEKEY", "EXAMPLEOTHER"),
            line("").replace("AKIDEXAMPLE", "AKIAIOSFODNN7EXAMPLE"),
            line("").replace("us-east-1", "eu-west-1"),
            line(r#","settings":{"unsigned_headers":["x-amz-date"]}"#),
            line(r#","settings":{"mode":"query"}"#),
            line("").replace("20150830T", "20150831T"),
            line(""),
            line("").replace("+bPx", "\\u002bbPx"),
        ];
        let mut signer = LineSigner::default();
        let mut signatures = Vec::new();
        for line in &lines {
            let mut out = Vec::new();
            signer.answer(line.as_bytes(), &mut out);
            let together: Value = serde_json::from_slice(&out).unwrap();
            assert_eq!(together, answer(line.as_bytes()), "{line}");
            signatures.push(together["signature"].to_string());
        }
        assert_eq!(
            signatures[8..],
            [signatures[0].clone(), signatures[0].clone()]
        );
        signatures.truncate(8);
        signatures.sort();
        signatures.dedup();
        assert!(signatures.len() >= 6, "{signatures:?}");
    }

    #[test]
    fn many_lines_are_answered_in_their_order() {
        let line = line("").replace('\n', "");
        let lines: Vec<String> = (0..1000)
            .map(|id| match id % 7 {
                3 => format!("{{\"id\":{id}}}"),
                _ => line.replace("\"id\":7", &format!("\"id\":{id}")),
            })
            .collect();
        let text = lines.join("\n \n");
        let mut input = BufReader::with_capacity(1 << 20, text.as_bytes());
        let (mut ready, mut out) = (Vec::new(), Vec::new());
        while read_ready(&mut input, &mut ready).unwrap() {
            answer_all(&ready, &mut out).unwrap();
        }
        let out = String::from_utf8(out).unwrap();
        let answers: Vec<Value> = out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(answers.len(), 1000);
        for (id, answer) in answers.iter().enumerate() {
            assert_eq!(answer["id"], id);
            assert_eq!(answer["agrees"] == true, id % 7 != 3);
        }
    }
}
