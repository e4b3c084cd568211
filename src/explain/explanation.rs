//! What is said of a refused call.

use super::Comparison;

/// How sure a cause is, from the surest down.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Likelihood {
    /// A recomputed signature or the gateway's own words leave no other reading.
    Proven,
    /// The evidence points at it and at little else.
    VeryLikely,
    /// It fits what is seen.
    Likely,
    /// It cannot be ruled out.
    Possible,
}

impl Likelihood {
    /// In words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Proven => "proven",
            Self::VeryLikely => "very likely",
            Self::Likely => "likely",
            Self::Possible => "possible",
        }
    }
}

/// A cause that fits the evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cause {
    /// Its stable code: `region-mismatch`.
    pub code: &'static str,
    /// A sentence that names it.
    pub title: String,
    /// How sure it is.
    pub likelihood: Likelihood,
    /// What was seen that speaks for it, a sentence each; no secrets in them.
    pub evidence: Vec<String>,
    /// What to do.
    pub fix: String,
    /// What the tool can do by itself about it.
    pub mending: Option<Mending>,
}

/// A change to a request, or to how it is signed, that mends a cause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Mending {
    /// Sign for this region.
    Region(String),
    /// Sign for this service.
    Service(String),
    /// Take region and service from the host.
    ScopeFromHost,
    /// Sign this many seconds later than this machine's clock says; negative is earlier.
    ClockOffset(i64),
    /// Encode the path once more before signing, or not.
    DoubleEncode(bool),
    /// Remove double slashes and dot segments before signing, or not.
    NormalizePath(bool),
    /// Sign the body's hash.
    SignPayload,
    /// Sign the session token with the request.
    SignSessionToken,
    /// Sign in the header and nowhere else.
    PlaceInHeader,
    /// Take a header (lower-case name) into the signature.
    SignHeader(String),
    /// Leave a header (lower-case name) out of the signature; it is still sent.
    LeaveHeaderUnsigned(String),
    /// Do not send a header (lower-case name).
    RemoveHeader(String),
    /// Give a header (lower-case name) this value.
    SetHeader {
        /// The name.
        name: String,
        /// The value.
        value: String,
    },
    /// Send this URL instead.
    Url(String),
    /// Sign with the algorithm that every API takes, AWS4-HMAC-SHA256.
    Algorithm,
    /// Sign as this profile.
    Profile(String),
    /// Open the profile's keys, to enter them anew.
    EnterKeys,
    /// Get new temporary credentials.
    RenewCredentials,
    /// Sign and send again: the signature had grown old.
    SendAgain,
}

/// What is said of a call: the likeliest cause first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Explanation {
    /// A sentence that says what was given and what failed.
    pub summary: String,
    /// The causes, likeliest first; empty if nothing is wrong as far as can be seen.
    pub causes: Vec<Cause>,
    /// What was signed beside what the gateway derived, if both are known; secrets as dots.
    pub comparison: Option<Comparison>,
}

impl Explanation {
    /// The likeliest cause.
    pub fn first(&self) -> Option<&Cause> {
        self.causes.first()
    }
}
