//! The choices that Signature Version 4 leaves to the signer.

/// How to sign; the default is what API Gateway expects.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own in AWS's document"
)]
pub struct SigningSettings {
    /// Remove dot segments and double slashes from the path before it is encoded (not for S3).
    pub normalize_path: bool,
    /// Encode the path of the wire once more (every service but S3).
    pub double_encode: bool,
    /// Send `x-amz-content-sha256`.
    pub content_sha256_header: bool,
    /// Sign `UNSIGNED-PAYLOAD` in place of the body's hash.
    pub unsigned_payload: bool,
    /// What happens to the session token.
    pub session_token: SessionTokenRule,
    /// Which headers are signed.
    pub signed_headers: SignedHeadersRule,
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

/// Which headers are signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignedHeadersRule {
    /// All but the volatile ones, see [`super::choose_headers`].
    Default,
    /// Everything that is given but the four that `aws-sigv4` leaves out and these; for replaying
    /// published vectors.
    EverythingBut(Vec<String>),
}

impl Default for SigningSettings {
    fn default() -> Self {
        Self {
            normalize_path: true,
            double_encode: true,
            content_sha256_header: false,
            unsigned_payload: false,
            session_token: SessionTokenRule::Signed,
            signed_headers: SignedHeadersRule::Default,
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
            "s3" | "s3-object-lambda" | "s3-outposts" => Self {
                normalize_path: false,
                double_encode: false,
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

/// Changes to what a service expects; the default changes nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a switch of its own in AWS's document"
)]
pub struct SigningOverrides {
    /// Sign `UNSIGNED-PAYLOAD`.
    pub unsigned_payload: bool,
    /// Send `x-amz-content-sha256`.
    pub content_sha256_header: bool,
    /// What happens to the session token.
    pub session_token: Option<SessionTokenRule>,
    /// Take the path as it is instead of encoding it once more.
    pub single_encode: bool,
    /// Keep double slashes and dot segments of the path.
    pub keep_path: bool,
}

impl SigningOverrides {
    /// The settings of a service with these changes.
    pub fn apply(self, mut settings: SigningSettings) -> SigningSettings {
        settings.unsigned_payload |= self.unsigned_payload;
        settings.content_sha256_header |= self.content_sha256_header;
        settings.double_encode &= !self.single_encode;
        settings.normalize_path &= !self.keep_path;
        if let Some(rule) = self.session_token {
            settings.session_token = rule;
        }
        settings
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn changes_leave_the_rest_of_a_services_rules() {
        let s3 = SigningSettings::for_service("s3");
        let changed = SigningOverrides {
            session_token: Some(SessionTokenRule::Omit),
            ..SigningOverrides::default()
        }
        .apply(s3.clone());
        assert!(!changed.double_encode && !changed.normalize_path && changed.content_sha256_header);
        assert_eq!(changed.session_token, SessionTokenRule::Omit);
        assert_eq!(SigningOverrides::default().apply(s3.clone()), s3);
    }
}
