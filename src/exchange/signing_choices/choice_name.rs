//! The choices by their names: the variable of each, and the words for what it may be.

/// A choice that Signature Version 4 leaves to the signer, in the order of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, strum::EnumIter)]
pub enum ChoiceName {
    /// In the header or in the query.
    Placement,
    /// For how many seconds a presigned URL counts.
    Expires,
    /// The body's hash, or `UNSIGNED-PAYLOAD`.
    Payload,
    /// Whether `x-amz-content-sha256` is sent.
    ContentSha256Header,
    /// What happens to the session token.
    SessionToken,
    /// Whether the path of the wire is encoded once more.
    DoubleEncode,
    /// Whether dot segments and double slashes go.
    NormalizePath,
    /// With a shared secret or with a key pair.
    Algorithm,
    /// The regions of an asymmetric signature.
    RegionSet,
    /// Headers that by default are not signed.
    SignedHeaders,
    /// Headers that by default are signed.
    UnsignedHeaders,
    /// The host to sign in place of the one that is sent.
    Host,
    /// Seconds that the clock is set forward.
    ClockOffset,
}

impl ChoiceName {
    /// The reserved variable.
    pub fn variable(self) -> &'static str {
        match self {
            Self::Placement => "sigv4.placement",
            Self::Expires => "sigv4.expires",
            Self::Payload => "sigv4.payload",
            Self::ContentSha256Header => "sigv4.contentSha256Header",
            Self::SessionToken => "sigv4.sessionToken",
            Self::DoubleEncode => "sigv4.doubleEncode",
            Self::NormalizePath => "sigv4.normalizePath",
            Self::Algorithm => "sigv4.algorithm",
            Self::RegionSet => "sigv4.regionSet",
            Self::SignedHeaders => "sigv4.signedHeaders",
            Self::UnsignedHeaders => "sigv4.unsignedHeaders",
            Self::Host => "sigv4.host",
            Self::ClockOffset => "sigv4.clockOffsetSeconds",
        }
    }

    /// What people call it.
    pub fn title(self) -> &'static str {
        match self {
            Self::Placement => "Placement",
            Self::Expires => "Expiry",
            Self::Payload => "Payload",
            Self::ContentSha256Header => "Payload hash",
            Self::SessionToken => "Session token",
            Self::DoubleEncode => "Path encoding",
            Self::NormalizePath => "Path segments",
            Self::Algorithm => "Algorithm",
            Self::RegionSet => "Region set",
            Self::SignedHeaders => "Also signed",
            Self::UnsignedHeaders => "Not signed",
            Self::Host => "Signed host",
            Self::ClockOffset => "Clock offset",
        }
    }

    /// One sentence on what it changes.
    pub fn explanation(self) -> &'static str {
        match self {
            Self::Placement => {
                "In the Authorization header, or in the query: a URL that works by itself until it expires"
            }
            Self::Expires => "For how many seconds the URL works, 1 to 604800 (a week)",
            Self::Payload => "The body's SHA-256, or the words UNSIGNED-PAYLOAD in its place",
            Self::ContentSha256Header => {
                "The header x-amz-content-sha256; S3 and a few others want it"
            }
            Self::SessionToken => {
                "What happens to the token of temporary credentials; nothing without one"
            }
            Self::DoubleEncode => {
                "The path is encoded once more for the canonical request; S3 takes it as it is"
            }
            Self::NormalizePath => {
                "Dot segments and double slashes go from the canonical path; S3 keeps them"
            }
            Self::Algorithm => {
                "SigV4 signs with a shared secret; SigV4a with a key pair, for several regions at once"
            }
            Self::RegionSet => {
                "The regions in which the signature counts, joined by commas; * for all"
            }
            Self::SignedHeaders => {
                "Names of headers that by default are not signed; the Headers section has a switch for each"
            }
            Self::UnsignedHeaders => {
                "Names of headers that by default are signed; the Headers section has a switch for each"
            }
            Self::Host => {
                "The host that the service sees, where something on the way rewrites the Host header"
            }
            Self::ClockOffset => "Seconds added to this machine's clock for the signature's date",
        }
    }

    /// What it may be, as the variable says it and as people do; `None` for free text.
    pub fn options(self) -> Option<&'static [(&'static str, &'static str)]> {
        match self {
            Self::Placement => Some(&[("header", "Header"), ("query", "Presigned URL")]),
            Self::Payload => Some(&[("signed", "Signed"), ("unsigned", "UNSIGNED-PAYLOAD")]),
            Self::ContentSha256Header => Some(&[("true", "Sent"), ("false", "Not sent")]),
            Self::SessionToken => Some(&[
                ("signed", "Signed"),
                ("unsigned", "Added after signing"),
                ("omit", "Left out"),
            ]),
            Self::DoubleEncode => Some(&[("true", "Twice"), ("false", "Once")]),
            Self::NormalizePath => Some(&[("true", "Normalised"), ("false", "As they are")]),
            Self::Algorithm => Some(&[
                ("AWS4-HMAC-SHA256", "SigV4"),
                ("AWS4-ECDSA-P256-SHA256", "SigV4a"),
            ]),
            Self::Expires
            | Self::RegionSet
            | Self::SignedHeaders
            | Self::UnsignedHeaders
            | Self::Host
            | Self::ClockOffset => None,
        }
    }
}
