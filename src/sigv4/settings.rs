//! The choices that Signature Version 4 leaves to the signer.

use std::fmt;

use super::string_to_sign::Algorithm;

/// How to sign; the default is what API Gateway expects.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own in AWS's document"
)]
pub struct SigningSettings {
    /// With a shared secret (`SigV4`) or with a key pair derived from it (`SigV4a`).
    pub algorithm: Algorithm,
    /// Header or query.
    pub placement: Placement,
    /// Remove dot segments and double slashes from the path before it is encoded (not for S3).
    pub normalize_path: bool,
    /// Encode the path of the wire once more (every service but S3).
    pub double_encode: bool,
    /// Send the path in S3's own canonical form, every byte but the unreserved ones and `/`
    /// escaped, so that what S3 derives from the wire is what was signed. S3 reads a raw `@` as
    /// `%40` and a raw `+` as a space, and refuses a signature over the raw characters
    /// ([envoy#42165](https://github.com/envoyproxy/envoy/issues/42165)).
    pub escape_path: bool,
    /// Send `x-amz-content-sha256`; only in header placement.
    pub content_sha256_header: bool,
    /// Sign `UNSIGNED-PAYLOAD` in place of the body's hash.
    pub unsigned_payload: bool,
    /// What happens to the session token.
    pub session_token: SessionTokenRule,
    /// Which headers are signed.
    pub signed_headers: SignedHeadersRule,
    /// Sign this host in place of the one that is sent: for a proxy that rewrites it.
    pub signed_host: Option<String>,
    /// Choices that nobody understood, in words; they change nothing.
    pub not_understood: Vec<String>,
}

/// Where the signature goes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Placement {
    /// The `Authorization` header.
    #[default]
    Header,
    /// The query: a presigned URL.
    Query {
        /// For how many seconds it counts, 1 to [`MAX_EXPIRES`].
        expires: u32,
    },
}

/// A presigned URL counts for a week at most
/// ([`X-Amz-Expires`](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html)).
pub const MAX_EXPIRES: u32 = 604_800;

/// For how many seconds a presigned URL counts if nobody says.
pub const DEFAULT_EXPIRES: u32 = 900;

impl Placement {
    /// Whether the signature goes into the query.
    pub fn is_query(self) -> bool {
        matches!(self, Self::Query { .. })
    }
}

/// What happens to the session token.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SessionTokenRule {
    /// Sent and signed.
    Signed,
    /// Sent, added after signing (`IoT` and a few others).
    Unsigned,
    /// Not sent.
    Omit,
}

impl fmt::Display for SessionTokenRule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Signed => "signed",
            Self::Unsigned => "unsigned",
            Self::Omit => "omit",
        })
    }
}

/// Which headers are signed: a base, and headers switched by hand. A header on both lists is left
/// out.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SignedHeadersRule {
    /// What counts for a header on neither list.
    pub base: HeadersBase,
    /// Signed by choice, any letter case.
    pub signed: Vec<String>,
    /// Left out by choice, any letter case.
    pub unsigned: Vec<String>,
}

/// Which headers are signed if nobody switches them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum HeadersBase {
    /// All but the volatile ones; in a presigned URL only those that whoever opens it must send.
    /// See [`super::choose_headers`].
    #[default]
    Stable,
    /// Everything that is given but the four that `aws-sigv4` leaves out; for replaying published
    /// vectors.
    Everything,
}

impl SignedHeadersRule {
    /// Everything that is given, but for these.
    pub fn everything_but(unsigned: Vec<String>) -> Self {
        Self {
            base: HeadersBase::Everything,
            signed: Vec::new(),
            unsigned,
        }
    }
}

impl Default for SigningSettings {
    fn default() -> Self {
        Self {
            algorithm: Algorithm::HmacSha256,
            placement: Placement::Header,
            normalize_path: true,
            double_encode: true,
            escape_path: false,
            content_sha256_header: false,
            unsigned_payload: false,
            session_token: SessionTokenRule::Signed,
            signed_headers: SignedHeadersRule::default(),
            signed_host: None,
            not_understood: Vec::new(),
        }
    }
}

impl SigningSettings {
    /// What a service expects.
    ///
    /// S3 takes the path as it is on the wire and wants the payload hash in a header
    /// ([Authenticating requests](https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html)).
    pub fn for_service(service: &str) -> Self {
        match service {
            _ if is_s3(service) => Self {
                normalize_path: false,
                double_encode: false,
                escape_path: true,
                content_sha256_header: true,
                ..Self::default()
            },
            "aoss" | "vpc-lattice-svcs" => Self {
                content_sha256_header: true,
                ..Self::default()
            },
            _ => Self::default(),
        }
    }
}

/// Whether a service signs by S3's rules.
pub(super) fn is_s3(service: &str) -> bool {
    matches!(
        service,
        "s3" | "s3-object-lambda" | "s3-outposts" | "s3express"
    )
}
