//! Flags that describe a request, named as curl's where curl has them.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use bytes::Bytes;
use clap::{Args, ValueEnum};

use super::exit;
use crate::collection::{AuthSpec, AwsAuthSpec, RequestDraft, Row};
use crate::request::{FileBody, RequestBody};
use crate::sigv4::{
    Algorithm, MAX_EXPIRES, Placement, REGION_SET_ALLOWED, RequestDateTime, SessionTokenRule,
    SigningOverrides, region_set,
};

/// An ad-hoc request.
#[derive(Args, Clone, Debug, Default)]
pub(super) struct RequestFlags {
    /// The method; GET, or POST when there is data
    #[arg(short = 'X', long = "request", value_name = "METHOD")]
    pub(super) method: Option<String>,
    /// A header, `Name: value`; may be repeated
    #[arg(short = 'H', long = "header", value_name = "NAME: VALUE")]
    pub(super) headers: Vec<String>,
    /// Data of the body, @FILE or @- for standard input, line breaks of files left out; repeated ones are joined by &
    #[arg(short = 'd', long = "data", value_name = "DATA")]
    pub(super) data: Vec<String>,
    /// Data of the body, every byte as it is; @FILE, hashed and sent without reading it into memory, or @- for standard input
    #[arg(long = "data-binary", value_name = "DATA")]
    pub(super) data_binary: Option<String>,
}

/// Who signs and how.
#[derive(Args, Clone, Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a flag of the command line"
)]
pub(super) struct SigningFlags {
    /// Sign as this profile
    #[arg(long, value_name = "NAME")]
    pub(super) profile: Option<String>,
    /// Sign with the keys of the environment (`AWS_ACCESS_KEY_ID` and its kin)
    #[arg(long, conflicts_with = "profile")]
    pub(super) env_credentials: bool,
    /// The service to sign for; without it the host says
    #[arg(long)]
    pub(super) service: Option<String>,
    /// The region to sign for; without it the host says
    #[arg(long)]
    pub(super) region: Option<String>,
    /// Sign at this time instead of now
    #[arg(long, value_name = "YYYYMMDDTHHMMSSZ", value_parser = read_time)]
    pub(super) at: Option<RequestDateTime>,
    /// Put the signature into the query: a presigned URL that counts for so many seconds
    #[arg(long, value_name = "SECONDS", value_parser = clap::value_parser!(u32).range(1..=i64::from(MAX_EXPIRES)))]
    pub(super) presign: Option<u32>,
    /// Sign UNSIGNED-PAYLOAD instead of the body's hash
    #[arg(long)]
    pub(super) unsigned_payload: bool,
    /// Send x-amz-content-sha256
    #[arg(long)]
    pub(super) content_sha256: bool,
    /// What happens to the session token
    #[arg(long, value_name = "RULE")]
    pub(super) session_token: Option<SessionTokenFlag>,
    /// Take the path as it is instead of encoding it once more
    #[arg(long)]
    pub(super) single_encode: bool,
    /// Keep double slashes of the path; dot segments are gone before, as no client sends them
    #[arg(long)]
    pub(super) no_normalize: bool,
    /// Sign this header too, though by default it is not; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(super) sign_header: Vec<String>,
    /// Leave this header out of the signature; it is sent all the same; may be repeated
    #[arg(long, value_name = "NAME")]
    pub(super) no_sign_header: Vec<String>,
    /// Sign with a key pair (AWS4-ECDSA-P256-SHA256) for a set of regions
    #[arg(long)]
    pub(super) sigv4a: bool,
    /// The regions of such a signature, joined by commas; * for all
    #[arg(long, value_name = "REGIONS", requires = "sigv4a", value_parser = read_region_set)]
    pub(super) region_set: Option<String>,
}

/// `--session-token`.
#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum SessionTokenFlag {
    /// Sent and signed
    Signed,
    /// Sent, added after signing
    Unsigned,
    /// Not sent
    Omit,
}

fn read_time(text: &str) -> Result<RequestDateTime, String> {
    RequestDateTime::parse(text)
        .ok_or_else(|| "the form is YYYYMMDDTHHMMSSZ, as in 20150830T123600Z".to_owned())
}

fn read_region_set(text: &str) -> Result<String, String> {
    region_set(text).ok_or_else(|| format!("it must be {REGION_SET_ALLOWED}"))
}

impl SigningFlags {
    /// Whether any of it asks for a signature.
    pub(super) fn asks_for_signature(&self) -> bool {
        self.profile.is_some()
            || self.env_credentials
            || self.service.is_some()
            || self.region.is_some()
            || self.at.is_some()
            || self.overrides() != SigningOverrides::default()
    }

    /// The profile that these flags name; keys of the environment go by a name of their own.
    pub(super) fn profile_name(&self) -> Option<String> {
        if self.env_credentials {
            Some("environment".to_owned())
        } else {
            self.profile.clone()
        }
    }

    /// The changes to how the service is signed for.
    pub(super) fn overrides(&self) -> SigningOverrides {
        let on = |flag: bool| flag.then_some(true);
        let off = |flag: bool| flag.then_some(false);
        let lower = |names: &[String]| names.iter().map(|n| n.to_ascii_lowercase()).collect();
        SigningOverrides {
            region: self.region.clone(),
            service: self.service.clone(),
            algorithm: self.sigv4a.then_some(Algorithm::EcdsaP256Sha256),
            placement: self.presign.map(|expires| Placement::Query { expires }),
            region_set: self.region_set.clone(),
            normalize_path: off(self.no_normalize),
            double_encode: off(self.single_encode),
            content_sha256_header: on(self.content_sha256),
            unsigned_payload: on(self.unsigned_payload),
            session_token: self.session_token.map(|rule| match rule {
                SessionTokenFlag::Signed => SessionTokenRule::Signed,
                SessionTokenFlag::Unsigned => SessionTokenRule::Unsigned,
                SessionTokenFlag::Omit => SessionTokenRule::Omit,
            }),
            signed_headers: lower(&self.sign_header),
            unsigned_headers: lower(&self.no_sign_header),
            ..SigningOverrides::default()
        }
    }
}

impl RequestFlags {
    /// Whether any of them is given.
    pub(super) fn is_empty(&self) -> bool {
        self.method.is_none()
            && self.headers.is_empty()
            && self.data.is_empty()
            && self.data_binary.is_none()
    }

    /// The draft and its body.
    pub(super) fn draft(
        &self,
        url: &str,
        is_signed: bool,
    ) -> Result<(RequestDraft, Option<RequestBody>), (u8, String)> {
        let body = self.body().map_err(|message| (exit::REQUEST, message))?;
        let method = self
            .method
            .clone()
            .unwrap_or_else(|| if body.is_some() { "POST" } else { "GET" }.to_owned());
        let mut draft = RequestDraft {
            method,
            url: url.to_owned(),
            ..RequestDraft::new(url)
        };
        for header in &self.headers {
            // `X-Name;` is curl's way to send a header without a value.
            let empty = header.strip_suffix(';').map(|name| (name, ""));
            let (name, value) = header.split_once(':').or(empty).ok_or_else(|| {
                let message = format!("the header `{header}` is not `Name: value`");
                (exit::USAGE, message)
            })?;
            draft.headers.push(Row::new(name.trim(), value.trim()));
        }
        let has_type = draft
            .headers
            .iter()
            .any(|row| row.name.eq_ignore_ascii_case("content-type"));
        if body.is_some() && !has_type {
            // As curl does for -d and --data-binary.
            draft.headers.push(Row::new(
                "content-type",
                "application/x-www-form-urlencoded",
            ));
        }
        draft.auth = if is_signed {
            AuthSpec::AwsSigV4(AwsAuthSpec::default())
        } else {
            AuthSpec::None
        };
        Ok((draft, body))
    }

    fn body(&self) -> Result<Option<RequestBody>, String> {
        if let Some(file) = self.lone_file() {
            return Ok(Some(RequestBody::File(FileBody::new(file))));
        }
        let mut parts: Vec<Vec<u8>> = Vec::new();
        for data in &self.data {
            let mut bytes = read_data(data)?;
            if data.starts_with('@') {
                bytes.retain(|byte| !matches!(byte, b'\r' | b'\n' | 0));
            }
            parts.push(bytes);
        }
        if let Some(data) = &self.data_binary {
            parts.push(read_data(data)?);
        }
        Ok((!parts.is_empty()).then(|| Bytes::from(parts.join(&b'&')).into()))
    }

    /// The regular file that is the whole body. What is no file (a pipe, a device) can be read only
    /// once and is read, and so is what is joined with other data.
    fn lone_file(&self) -> Option<&Path> {
        let path = Path::new(self.data_binary.as_deref()?.strip_prefix('@')?);
        let is_file = fs::metadata(path).is_ok_and(|found| found.is_file());
        (self.data.is_empty() && path.as_os_str() != "-" && is_file).then_some(path)
    }
}

fn read_data(data: &str) -> Result<Vec<u8>, String> {
    match data.strip_prefix('@') {
        None => Ok(data.as_bytes().to_vec()),
        Some("-") => {
            let mut bytes = Vec::new();
            io::stdin()
                .lock()
                .read_to_end(&mut bytes)
                .map_err(|error| format!("standard input cannot be read: {error}"))?;
            Ok(bytes)
        }
        Some(path) => fs::read(Path::new(path))
            .map_err(|error| format!("the data file cannot be read: {error} ({path})")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_makes_a_post_with_curls_type() {
        let flags = RequestFlags {
            data: vec!["a=1".into(), "b=2".into()],
            ..RequestFlags::default()
        };
        let (draft, body) = flags.draft("http://h/", false).unwrap();
        assert_eq!(draft.method, "POST");
        assert_eq!(body.unwrap().bytes().unwrap(), "a=1&b=2");
        assert_eq!(
            draft.headers,
            [Row::new(
                "content-type",
                "application/x-www-form-urlencoded"
            )]
        );
    }

    #[test]
    fn every_signing_flag_asks_for_a_signature() {
        assert!(!SigningFlags::default().asks_for_signature());
        for flags in [
            SigningFlags {
                single_encode: true,
                ..SigningFlags::default()
            },
            SigningFlags {
                content_sha256: true,
                ..SigningFlags::default()
            },
            SigningFlags {
                at: RequestDateTime::parse("20150830T123600Z"),
                ..SigningFlags::default()
            },
            SigningFlags {
                session_token: Some(SessionTokenFlag::Signed),
                ..SigningFlags::default()
            },
        ] {
            assert!(flags.asks_for_signature(), "{flags:?}");
        }
    }
}
