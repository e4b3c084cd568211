//! Choices that change what a service expects: the reserved `sigv4.*` variables of a collection,
//! and the flags of the command line over them.

use super::settings::{
    DEFAULT_EXPIRES, MAX_EXPIRES, Placement, SessionTokenRule, SigningSettings, is_s3,
};
use super::string_to_sign::Algorithm;
use crate::request::SigningChoice;
use crate::template::{Origin, edit_distance};

/// Changes to what a service expects; the default changes nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SigningOverrides {
    /// The region, from a flag of the command line.
    pub region: Option<String>,
    /// The service, from a flag of the command line.
    pub service: Option<String>,
    /// `SigV4` or `SigV4a`.
    pub algorithm: Option<Algorithm>,
    /// Where the signature goes.
    pub placement: Option<Placement>,
    /// The regions of a `SigV4a` signature, joined by `,`; `*` for all.
    pub region_set: Option<String>,
    /// Remove dot segments and double slashes from the path, or keep them.
    pub normalize_path: Option<bool>,
    /// Encode the path once more, or take it as it is.
    pub double_encode: Option<bool>,
    /// Send `x-amz-content-sha256`, or not.
    pub content_sha256_header: Option<bool>,
    /// Sign `UNSIGNED-PAYLOAD`, or the body's hash.
    pub unsigned_payload: Option<bool>,
    /// What happens to the session token.
    pub session_token: Option<SessionTokenRule>,
    /// Headers to be signed that by default are not.
    pub signed_headers: Vec<String>,
    /// Headers to be left out that by default are signed.
    pub unsigned_headers: Vec<String>,
    /// The host to sign in place of the one that is sent.
    pub signed_host: Option<String>,
    /// Sign so many seconds later than the clock says; negative is earlier.
    pub clock_offset_seconds: Option<i64>,
    /// Choices that nobody understood, in words.
    pub not_understood: Vec<String>,
}

/// A reserved variable that holds something it may not.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{name}` ({origin}) is `{value}`; it must be {allowed}")]
pub struct ChoiceError {
    /// The variable.
    pub name: String,
    /// What it holds.
    pub value: String,
    /// Where it stands.
    pub origin: Origin,
    /// What it may hold.
    pub allowed: &'static str,
}

/// The reserved variables of signing.
const NAMES: [&str; 13] = [
    "sigv4.algorithm",
    "sigv4.clockOffsetSeconds",
    "sigv4.contentSha256Header",
    "sigv4.doubleEncode",
    "sigv4.expires",
    "sigv4.host",
    "sigv4.normalizePath",
    "sigv4.payload",
    "sigv4.placement",
    "sigv4.regionSet",
    "sigv4.sessionToken",
    "sigv4.signedHeaders",
    "sigv4.unsignedHeaders",
];

/// Ten years, in seconds: farther off is a slip of the hand.
const MAX_CLOCK_OFFSET: i64 = 10 * 366 * 86_400;

/// What a set of regions may be.
pub const REGION_SET_ALLOWED: &str =
    "regions joined by commas, as in us-east-1,eu-west-1, or * for all";

/// A set of regions in the form in which it is signed: joined by commas, no blanks.
pub fn region_set(text: &str) -> Option<String> {
    let regions: Vec<&str> = text.split(',').map(str::trim).collect();
    let is_region = |region: &&str| {
        !region.is_empty()
            && region
                .bytes()
                .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || matches!(b, b'-' | b'*'))
    };
    regions.iter().all(is_region).then(|| regions.join(","))
}

const TRUE_OR_FALSE: &str = "true or false";

impl SigningOverrides {
    /// Reads the `sigv4.*` variables that a request sees. An unknown name is no error, because a
    /// later version may know it, but it is told.
    pub fn from_choices(choices: &[SigningChoice]) -> Result<Self, ChoiceError> {
        let mut out = Self::default();
        let mut expires = None;
        let mut is_query = None;
        for choice in choices {
            let value = choice.value.trim();
            let wrong = |allowed| ChoiceError {
                name: choice.name.clone(),
                value: value.to_owned(),
                origin: choice.origin.clone(),
                allowed,
            };
            let flag = || match value {
                "true" => Ok(Some(true)),
                "false" => Ok(Some(false)),
                _ => Err(wrong(TRUE_OR_FALSE)),
            };
            if value.is_empty() {
                continue;
            }
            match choice.name.as_str() {
                "sigv4.algorithm" => {
                    out.algorithm = Some(match value {
                        "v4" | "AWS4-HMAC-SHA256" => Algorithm::HmacSha256,
                        "v4a" | "AWS4-ECDSA-P256-SHA256" => Algorithm::EcdsaP256Sha256,
                        _ => {
                            return Err(wrong(
                                "AWS4-HMAC-SHA256 (v4) or AWS4-ECDSA-P256-SHA256 (v4a)",
                            ));
                        }
                    });
                }
                "sigv4.placement" => {
                    is_query = Some(match value {
                        "header" => false,
                        "query" => true,
                        _ => return Err(wrong("header or query")),
                    });
                }
                "sigv4.expires" => {
                    let seconds = value.parse().ok().filter(|s| (1..=MAX_EXPIRES).contains(s));
                    expires =
                        Some(seconds.ok_or_else(|| wrong("a number of seconds from 1 to 604800"))?);
                }
                "sigv4.payload" => {
                    out.unsigned_payload = Some(match value {
                        "signed" => false,
                        "unsigned" => true,
                        _ => return Err(wrong("signed or unsigned")),
                    });
                }
                "sigv4.sessionToken" => {
                    out.session_token = Some(match value {
                        "signed" => SessionTokenRule::Signed,
                        "unsigned" => SessionTokenRule::Unsigned,
                        "omit" => SessionTokenRule::Omit,
                        _ => return Err(wrong("signed, unsigned or omit")),
                    });
                }
                "sigv4.contentSha256Header" => out.content_sha256_header = flag()?,
                "sigv4.doubleEncode" => out.double_encode = flag()?,
                "sigv4.normalizePath" => out.normalize_path = flag()?,
                "sigv4.regionSet" => {
                    out.region_set =
                        Some(region_set(value).ok_or_else(|| wrong(REGION_SET_ALLOWED))?);
                }
                "sigv4.host" => {
                    let is_host = !value.contains([' ', '\t', '/', '@']);
                    out.signed_host = Some(
                        is_host
                            .then(|| value.to_owned())
                            .ok_or_else(|| wrong("a host, with its port if it has one"))?,
                    );
                }
                "sigv4.signedHeaders" => out.signed_headers = names(value),
                "sigv4.unsignedHeaders" => out.unsigned_headers = names(value),
                "sigv4.clockOffsetSeconds" => {
                    let seconds = value
                        .parse()
                        .ok()
                        .filter(|seconds: &i64| seconds.abs() <= MAX_CLOCK_OFFSET);
                    out.clock_offset_seconds = Some(seconds.ok_or_else(|| {
                        wrong("a whole number of seconds, ten years at the most")
                    })?);
                }
                unknown => out.not_understood.push(not_understood(unknown, choice)),
            }
        }
        out.placement = match (is_query, expires) {
            (Some(true), expires) => Some(Placement::Query {
                expires: expires.unwrap_or(DEFAULT_EXPIRES),
            }),
            (Some(false), _) => Some(Placement::Header),
            // How long a presigned URL would count does not ask for one.
            (None, _) => None,
        };
        Ok(out)
    }

    /// These, and where they say nothing, `lower`.
    #[must_use]
    pub fn or(self, lower: Self) -> Self {
        let list = |upper: Vec<String>, lower: Vec<String>| {
            if upper.is_empty() { lower } else { upper }
        };
        Self {
            region: self.region.or(lower.region),
            service: self.service.or(lower.service),
            algorithm: self.algorithm.or(lower.algorithm),
            placement: self.placement.or(lower.placement),
            region_set: self.region_set.or(lower.region_set),
            normalize_path: self.normalize_path.or(lower.normalize_path),
            double_encode: self.double_encode.or(lower.double_encode),
            content_sha256_header: self.content_sha256_header.or(lower.content_sha256_header),
            unsigned_payload: self.unsigned_payload.or(lower.unsigned_payload),
            session_token: self.session_token.or(lower.session_token),
            signed_headers: list(self.signed_headers, lower.signed_headers),
            unsigned_headers: list(self.unsigned_headers, lower.unsigned_headers),
            signed_host: self.signed_host.or(lower.signed_host),
            clock_offset_seconds: self.clock_offset_seconds.or(lower.clock_offset_seconds),
            not_understood: list(self.not_understood, lower.not_understood),
        }
    }

    /// The settings of a service with these changes.
    pub fn for_service(&self, service: &str) -> SigningSettings {
        let mut settings = SigningSettings::for_service(service);
        if let Some(placement) = self.placement {
            settings.placement = placement;
            // A presigned URL of S3 is opened by whoever has it, with any body: its hash is never
            // signed (https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html).
            settings.unsigned_payload |= placement.is_query() && is_s3(service);
        }
        let set = |target: &mut bool, choice: Option<bool>| *target = choice.unwrap_or(*target);
        set(&mut settings.normalize_path, self.normalize_path);
        set(&mut settings.double_encode, self.double_encode);
        set(
            &mut settings.content_sha256_header,
            self.content_sha256_header,
        );
        set(&mut settings.unsigned_payload, self.unsigned_payload);
        settings.algorithm = self.algorithm.unwrap_or(settings.algorithm);
        settings.session_token = self.session_token.unwrap_or(settings.session_token);
        settings
            .signed_headers
            .signed
            .clone_from(&self.signed_headers);
        settings
            .signed_headers
            .unsigned
            .clone_from(&self.unsigned_headers);
        settings.signed_host.clone_from(&self.signed_host);
        settings.not_understood.clone_from(&self.not_understood);
        settings
    }
}

fn names(list: &str) -> Vec<String> {
    list.split([',', ';', ' '])
        .map(str::trim)
        .filter(|name| !name.is_empty())
        .map(str::to_ascii_lowercase)
        .collect()
}

fn not_understood(name: &str, choice: &SigningChoice) -> String {
    let nearest = NAMES
        .iter()
        .map(|known| {
            (
                edit_distance(&known.to_lowercase(), &name.to_lowercase()),
                known,
            )
        })
        .min()
        .filter(|(distance, _)| *distance <= 4);
    let hint = nearest
        .map(|(_, known)| format!("; did you mean `{known}`?"))
        .unwrap_or_default();
    format!(
        "the variable `{name}` ({}) is not one that signing knows{hint}",
        choice.origin
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn choice(name: &str, value: &str) -> SigningChoice {
        SigningChoice {
            name: name.to_owned(),
            value: value.to_owned(),
            origin: Origin::Request,
        }
    }

    #[test]
    fn every_reserved_variable_is_read() {
        let read = SigningOverrides::from_choices(&[
            choice("sigv4.algorithm", "v4a"),
            choice("sigv4.regionSet", "us-east-1,eu-west-1"),
            choice("sigv4.placement", "query"),
            choice("sigv4.expires", "60"),
            choice("sigv4.payload", "unsigned"),
            choice("sigv4.contentSha256Header", "true"),
            choice("sigv4.sessionToken", "omit"),
            choice("sigv4.doubleEncode", "false"),
            choice("sigv4.normalizePath", "false"),
            choice("sigv4.host", "api.example.com"),
            choice("sigv4.signedHeaders", "X-Api-Key, accept"),
            choice("sigv4.unsignedHeaders", "x-demo"),
            choice("sigv4.clockOffsetSeconds", "-90"),
        ])
        .unwrap();
        assert_eq!(
            read,
            SigningOverrides {
                region: None,
                service: None,
                algorithm: Some(Algorithm::EcdsaP256Sha256),
                placement: Some(Placement::Query { expires: 60 }),
                region_set: Some("us-east-1,eu-west-1".into()),
                normalize_path: Some(false),
                double_encode: Some(false),
                content_sha256_header: Some(true),
                unsigned_payload: Some(true),
                session_token: Some(SessionTokenRule::Omit),
                signed_headers: vec!["x-api-key".into(), "accept".into()],
                unsigned_headers: vec!["x-demo".into()],
                signed_host: Some("api.example.com".into()),
                clock_offset_seconds: Some(-90),
                not_understood: Vec::new(),
            }
        );
    }

    #[test]
    fn a_wrong_value_is_refused_and_a_wrong_name_told() {
        let error = SigningOverrides::from_choices(&[choice("sigv4.placement", "qeury")]);
        assert_eq!(
            error.unwrap_err().to_string(),
            "`sigv4.placement` (this request) is `qeury`; it must be header or query"
        );
        for (name, value) in [
            ("sigv4.expires", "0"),
            ("sigv4.expires", "604801"),
            ("sigv4.doubleEncode", "yes"),
            ("sigv4.clockOffsetSeconds", "1.5"),
        ] {
            assert!(SigningOverrides::from_choices(&[choice(name, value)]).is_err());
        }
        let read = SigningOverrides::from_choices(&[choice("sigv4.placment", "query")]).unwrap();
        assert_eq!(
            read.not_understood,
            [
                "the variable `sigv4.placment` (this request) is not one that signing knows; did you mean `sigv4.placement`?"
            ]
        );
        assert_eq!(read.placement, None);
    }

    #[test]
    fn changes_leave_the_rest_of_a_services_rules() {
        let changed = SigningOverrides {
            session_token: Some(SessionTokenRule::Omit),
            ..SigningOverrides::default()
        }
        .for_service("s3");
        assert!(!changed.double_encode && !changed.normalize_path && changed.content_sha256_header);
        assert_eq!(changed.session_token, SessionTokenRule::Omit);
        assert_eq!(
            SigningOverrides::default().for_service("s3"),
            SigningSettings::for_service("s3")
        );
        let without = SigningOverrides {
            content_sha256_header: Some(false),
            ..SigningOverrides::default()
        };
        assert!(!without.for_service("aoss").content_sha256_header);
    }

    #[test]
    fn a_presigned_url_of_s3_leaves_the_payload_open() {
        let query = SigningOverrides {
            placement: Some(Placement::Query { expires: 60 }),
            ..SigningOverrides::default()
        };
        assert!(query.for_service("s3").unsigned_payload);
        assert!(!query.for_service("execute-api").unsigned_payload);
        let signed = SigningOverrides {
            unsigned_payload: Some(false),
            ..query
        };
        assert!(!signed.for_service("s3").unsigned_payload);
    }

    #[test]
    fn flags_win_over_variables() {
        let flags = SigningOverrides {
            double_encode: Some(false),
            ..SigningOverrides::default()
        };
        let variables = SigningOverrides {
            double_encode: Some(true),
            unsigned_payload: Some(true),
            ..SigningOverrides::default()
        };
        let both = flags.or(variables);
        assert_eq!(
            (both.double_encode, both.unsigned_payload),
            (Some(false), Some(true))
        );
    }
}
