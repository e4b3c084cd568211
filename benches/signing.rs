//! How fast signing is: with its trace, against the bare crate, as a live preview and in large.
//!
//! `cargo bench --bench signing` measures each step and then the promises of [`promises`], which
//! end it with an error when one is not kept.
#![expect(
    clippy::print_stdout,
    clippy::unwrap_used,
    reason = "a benchmark that cannot go on has failed, and says so"
)]

use std::hint::black_box;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use aws_credential_types::Credentials as CrateCredentials;
use aws_sigv4::http_request::{
    SignableBody, SignableRequest, SigningSettings as CrateSettings, sign as crate_sign,
};
use aws_sigv4::sign::v4;
use countersign::collection::{AuthSpec, AwsAuthSpec, Body, RequestContext, RequestDraft, Row};
use countersign::exchange::{DraftPreview, SigningPreview};
use countersign::explain::{
    ClientSteps, Comparison, Evidence, Given, GivenAnswer, GivenRequest, GivenSignature, Known,
    explain,
};
use countersign::request::{ResolvedRequest, resolve};
use countersign::sigv4::{
    Credentials, Echo, RequestDateTime, SignedRequest, SigningInput, SigningSettings, sign,
};
use countersign::template::Reveal;
use criterion::{BenchmarkId, Criterion};

const KEY_ID: &str = "AKIAIOSFODNN7EXAMPLE";
const SECRET_KEY: &str = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const REGION: &str = "us-east-1";
const SERVICE: &str = "execute-api";

/// A call with so many headers of its own and a body of so many bytes.
#[derive(Clone, Copy)]
struct Size {
    headers: usize,
    body: usize,
}

const TYPICAL: Size = Size {
    headers: 5,
    body: 1_000,
};
const LARGE: Size = Size {
    headers: 50,
    body: 1_000_000,
};

impl Size {
    fn name(self) -> String {
        format!("{} headers, {} B", self.headers, self.body)
    }

    fn draft(self) -> RequestDraft {
        let rows = (0..self.headers)
            .map(|number| Row::new(format!("x-demo-{number}"), format!("value  of {number}")));
        RequestDraft {
            method: "POST".to_owned(),
            url: "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod/pets/a%20b?type=dog&page=1&q=%ED%95%9C"
                .to_owned(),
            headers: rows.collect(),
            body: Body::Json(format!("\"{}\"", "x".repeat(self.body - 2))),
            auth: AuthSpec::AwsSigV4(AwsAuthSpec::default()),
            ..RequestDraft::new("measured")
        }
    }

    fn request(self) -> ResolvedRequest {
        resolved(&self.draft())
    }
}

fn resolved(draft: &RequestDraft) -> ResolvedRequest {
    let context = RequestContext::default();
    let variables = context.variables_for(draft, &[]);
    resolve(draft, &context, &variables, Reveal::Masked).unwrap()
}

/// What signs: ours and the crate's, made once as a program would.
struct Signer {
    credentials: Credentials,
    settings: SigningSettings,
    time: RequestDateTime,
    identity: aws_smithy_runtime_api::client::identity::Identity,
}

impl Signer {
    fn new() -> Self {
        Self {
            credentials: Credentials::new(KEY_ID, SECRET_KEY),
            settings: SigningSettings::default(),
            time: RequestDateTime::new(SystemTime::now()),
            identity: CrateCredentials::new(KEY_ID, SECRET_KEY, None, None, "bench").into(),
        }
    }

    fn input(&self) -> SigningInput<'_> {
        SigningInput {
            credentials: &self.credentials,
            region: REGION,
            service: SERVICE,
            time: self.time,
            settings: &self.settings,
        }
    }

    /// Signature, all five steps, and their proof.
    fn sign(&self, request: &ResolvedRequest) -> SignedRequest {
        sign(request, &self.input()).unwrap()
    }

    /// The signature alone, by the crate alone, over the same headers.
    fn bare(&self, request: &ResolvedRequest, signed: &[(String, String)]) -> String {
        let params = v4::SigningParams::builder()
            .identity(&self.identity)
            .region(REGION)
            .name(SERVICE)
            .time(self.time.time())
            .settings(CrateSettings::default())
            .build()
            .unwrap()
            .into();
        let headers = signed
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()));
        let body = SignableBody::Bytes(request.body().bytes().unwrap());
        let method = request.method().as_str();
        let request = SignableRequest::new(method, request.url().as_str(), headers, body).unwrap();
        let (_, signature) = crate_sign(request, &params).unwrap().into_parts();
        signature
    }

    /// The headers that the trace says are signed but for the date, which the crate adds.
    fn signed_headers(&self, request: &ResolvedRequest) -> Vec<(String, String)> {
        let signed = self.sign(request);
        let trace = signed.trace().trace().unwrap();
        let headers = &trace.steps.canonical_request.canonical_headers;
        let headers: Vec<(String, String)> = headers
            .iter()
            .filter(|(name, _)| name != "x-amz-date")
            .cloned()
            .collect();
        assert_eq!(self.bare(request, &headers), trace.signature);
        headers
    }

    /// Our steps, and what a gateway says that got another header and another body.
    fn refused(&self, request: &ResolvedRequest) -> (ClientSteps, Echo) {
        let signed = self.sign(request);
        let steps = &signed.trace().trace().unwrap().steps;
        let canonical = steps.canonical_request.to_string();
        let echo = Echo {
            canonical_request: canonical
                .replace("x-demo-1:value of 1", "x-demo-1:value of a proxy")
                .replace(&steps.canonical_request.hashed_payload, &"0".repeat(64)),
            string_to_sign: steps.string_to_sign.to_string(),
        };
        (ClientSteps::of(steps), echo)
    }

    /// All that is known of the same refusal.
    fn evidence(&self, request: &ResolvedRequest) -> Evidence {
        let signed = self.sign(request);
        let (ours, theirs) = self.refused(request);
        let headers = signed.headers().iter();
        let mut given = GivenRequest {
            method: signed.method().to_string(),
            url: signed.url().to_string(),
            headers: headers
                .map(|header| (header.name.to_string(), header.text()))
                .collect(),
            body: signed.body().bytes().cloned(),
            ..GivenRequest::default()
        };
        given.signature = GivenSignature::of_request(&given);
        let message = format!(
            "The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.\n\nThe Canonical String for this request should have been\n'{}'\n\nThe String-to-Sign should have been\n'{}'\n",
            theirs.canonical_request, theirs.string_to_sign
        );
        let body = serde_json::json!({ "message": message }).to_string();
        let name = "x-amzn-errortype".to_owned();
        let error_type = vec![(name, "InvalidSignatureException".to_owned())];
        Evidence {
            given: Given::Exchange,
            request: Some(given),
            steps: Some(ours),
            answer: Some(GivenAnswer::new(Some(403), error_type, body)),
            echo: Some(theirs),
        }
    }

    /// Why it was refused.
    fn explained(&self, evidence: &Evidence) {
        let known = Known {
            keys: Some(&self.credentials),
            now: Some(self.time),
            ..Known::default()
        };
        assert!(explain(black_box(evidence), &known).first().is_some());
    }
}

fn draft_preview(
    earlier: Option<&DraftPreview>,
    draft: &RequestDraft,
    time: RequestDateTime,
) -> DraftPreview {
    let context = RequestContext::default();
    let preview = DraftPreview::after(earlier, draft, &context, &[], None, time);
    assert!(matches!(preview.signing, SigningPreview::Ready(_)));
    preview
}

fn steps(criterion: &mut Criterion) {
    let signer = Signer::new();
    for size in [TYPICAL, LARGE] {
        let draft = size.draft();
        let request = size.request();
        let headers = signer.signed_headers(&request);
        let earlier = draft_preview(None, &draft, signer.time);
        let mut group = criterion.benchmark_group("signing");
        let id = |step: &str| BenchmarkId::new(step, size.name());
        group.bench_function(id("the bare crate"), |bencher| {
            bencher.iter(|| signer.bare(black_box(&request), &headers));
        });
        group.bench_function(id("sign and trace"), |bencher| {
            bencher.iter(|| signer.sign(black_box(&request)));
        });
        group.bench_function(id("resolve"), |bencher| {
            bencher.iter(|| resolved(black_box(&draft)));
        });
        group.bench_function(id("preview, body hashed"), |bencher| {
            bencher.iter(|| draft_preview(None, black_box(&draft), signer.time));
        });
        group.bench_function(id("preview, hash known"), |bencher| {
            bencher.iter(|| draft_preview(Some(&earlier), black_box(&draft), signer.time));
        });
        let (ours, theirs) = signer.refused(&request);
        group.bench_function(id("comparison"), |bencher| {
            bencher.iter(|| Comparison::of(black_box(&ours), black_box(&theirs)));
        });
        let evidence = signer.evidence(&request);
        group.bench_function(id("detective"), |bencher| {
            bencher.iter(|| signer.explained(&evidence));
        });
        group.finish();
    }
}

/// The median time of one run, of rounds that take turns so that all see the same machine.
fn take_turns<const N: usize>(runs: [&dyn Fn(); N], times: u32) -> [Duration; N] {
    let mut rounds: [Vec<Duration>; N] = [const { Vec::new() }; N];
    for _ in 0..41 {
        for (run, taken) in runs.iter().zip(&mut rounds) {
            let start = Instant::now();
            for _ in 0..times {
                run();
            }
            taken.push(start.elapsed() / times);
        }
    }
    rounds.map(|mut taken| {
        taken.sort_unstable();
        taken.get(taken.len() / 2).copied().unwrap()
    })
}

/// How many lines of a batch the bare crate signs in a second on all cores, nothing read or written:
/// what `sign --batch`, which proves each line against the crate, cannot exceed.
fn floor() -> f64 {
    const LINES: u32 = 50_000;
    let identity = CrateCredentials::new(KEY_ID, SECRET_KEY, None, None, "bench").into();
    let time = RequestDateTime::parse("20150830T123600Z").unwrap().time();
    let sign = |number: u32| {
        let params = v4::SigningParams::builder()
            .identity(&identity)
            .region(REGION)
            .name(SERVICE)
            .time(time)
            .settings(CrateSettings::default())
            .build()
            .unwrap()
            .into();
        let url = format!(
            "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod/pets/{number}?limit=10&type=dog"
        );
        let value = format!("value of {number}");
        let headers = [
            ("host", "a1b2c3d4e5.execute-api.us-east-1.amazonaws.com"),
            ("content-type", "application/json"),
            ("x-demo", &value),
            ("x-team", "pets"),
        ];
        let body = SignableBody::Bytes(br#"{"name":"Rex","type":"dog","price":249.99}"#);
        let request = SignableRequest::new("POST", url, headers.into_iter(), body).unwrap();
        black_box(crate_sign(request, &params).unwrap());
    };
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let round = || {
        let start = Instant::now();
        thread::scope(|scope| {
            for _ in 0..cores {
                scope.spawn(|| (0..LINES).for_each(sign));
            }
        });
        start.elapsed()
    };
    // The best of several: whatever else runs only takes from it.
    let taken = (0..5).map(|_| round()).min().unwrap_or_default();
    f64::from(LINES) * cores as f64 / taken.as_secs_f64()
}

/// What is promised, measured in one run; whether it is kept.
fn promises() -> bool {
    let signer = Signer::new();
    let mut is_kept = true;
    let mut promise = |what: &str, is_met: bool| {
        is_kept &= is_met;
        println!("{} {what}", if is_met { "kept:  " } else { "BROKEN:" });
    };

    for size in [TYPICAL, LARGE] {
        let request = size.request();
        let headers = signer.signed_headers(&request);
        let times = if size.body > 10_000 { 5 } else { 500 };
        let [ours, bare] = take_turns(
            [
                &|| drop(black_box(signer.sign(black_box(&request)))),
                &|| drop(black_box(signer.bare(black_box(&request), &headers))),
            ],
            times,
        );
        let ratio = ours.as_secs_f64() / bare.as_secs_f64();
        promise(
            &format!(
                "sign and trace: {ratio:.2} times the bare crate, at most 2.5 ({ours:?} : {bare:?}; {})",
                size.name()
            ),
            ratio <= 2.5,
        );
    }

    let draft = LARGE.draft();
    let earlier = draft_preview(None, &draft, signer.time);
    let [hashed, known] = take_turns(
        [
            &|| {
                black_box(draft_preview(None, black_box(&draft), signer.time));
            },
            &|| {
                black_box(draft_preview(
                    Some(&earlier),
                    black_box(&draft),
                    signer.time,
                ));
            },
        ],
        5,
    );
    promise(
        &format!(
            "preview of a draft: {known:?} when the body's hash is known, less than 1 ms ({hashed:?} when not; {})",
            LARGE.name()
        ),
        known < Duration::from_millis(1),
    );

    let (ours, theirs) = signer.refused(&LARGE.request());
    let [compared] = take_turns(
        [&|| {
            let comparison = Comparison::of(black_box(&ours), black_box(&theirs));
            assert!(!comparison.is_same());
        }],
        50,
    );
    promise(
        &format!(
            "comparison: {compared:?}, less than 5 ms ({})",
            LARGE.name()
        ),
        compared < Duration::from_millis(5),
    );
    for size in [TYPICAL, LARGE] {
        let evidence = signer.evidence(&size.request());
        let [explained] = take_turns([&|| signer.explained(&evidence)], 10);
        promise(
            &format!("detective: {explained:?}, less than 5 ms ({})", size.name()),
            explained < Duration::from_millis(5),
        );
        // The longest search: nothing that is tried gives the signature, no step is told.
        let mut evidence = evidence;
        evidence.steps = None;
        if let Some(signature) = evidence.request.as_mut().and_then(|r| r.signature.as_mut()) {
            signature.signature = Some("0".repeat(64));
        }
        let [searched] = take_turns([&|| signer.explained(&evidence)], 3);
        println!(
            "        detective that finds nothing: {searched:?} ({})",
            size.name()
        );
    }
    println!(
        "        the bare crate on lines of a batch: {:.0} lines/s",
        floor()
    );
    is_kept
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    steps(&mut criterion);
    criterion.final_summary();
    // `--test` tries whether it runs, not how fast, and a profile is of one step.
    let has = |wanted: &str| std::env::args().any(|argument| argument == wanted);
    let is_measured = has("--bench") && !has("--profile-time");
    if is_measured && !promises() {
        std::process::exit(1);
    }
}
