//! The steps of a client that does not tell them, from what it sent.

use super::detective::{EMPTY_SHA256, UrlParts, signed_query, signed_values};
use super::{ClientSteps, GivenRequest};
use crate::sigv4::{CanonicalRequest, PathRule, SigningSettings, hash_hex};

impl ClientSteps {
    /// What a client has to have computed for a request that carries a signature: by the headers
    /// that the signature names and by the rules of its service. `None` if too little is known.
    pub fn derived(request: &GivenRequest) -> Option<Self> {
        let signature = request.signature.as_ref()?;
        let scope = signature.scope()?;
        let url = UrlParts::parse(&request.url)?;
        let method = match request.method.as_str() {
            "" => "GET",
            method => method,
        };
        let sent_hash = request.header_values("x-amz-content-sha256").next();
        let payload = match (&request.body, sent_hash) {
            (_, Some(hash)) => hash.to_owned(),
            (Some(body), None) => hash_hex(body),
            (None, None) if matches!(method, "GET" | "HEAD" | "DELETE" | "OPTIONS") => {
                EMPTY_SHA256.to_owned()
            }
            (None, None) => return None,
        };
        let settings = SigningSettings::for_service(scope.service);
        let names = signature.signed_headers.as_deref().unwrap_or_default();
        let signed = signed_values(request, names, url.authority);
        let canonical = CanonicalRequest::derive(
            method,
            url.path,
            &signed_query(signature.placement, url.query),
            signed.iter().map(|(n, v)| (n.as_str(), v.as_str())),
            payload,
            PathRule {
                normalize: settings.normalize_path,
                encode: settings.double_encode,
            },
        );
        let time = signature
            .date_time
            .as_deref()
            .or_else(|| request.header_values("x-amz-date").next());
        let string_to_sign = time.map(|time| {
            format!(
                "{}\n{time}\n{}/{}/{}/{}\n{}",
                signature.algorithm,
                scope.date,
                scope.region,
                scope.service,
                scope.terminator,
                canonical.sha256()
            )
        });
        Some(Self {
            canonical_request: Some(canonical.to_string()),
            string_to_sign,
            is_masked: false,
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::explain::{ClientSteps, read};

    #[test]
    fn the_steps_follow_from_a_request_and_its_signed_headers() {
        let text = "GET /prod/a%20b?x=1 HTTP/1.1\n\
             Host: abc123.execute-api.eu-west-1.amazonaws.com\n\
             X-Amz-Date: 20260102T030405Z\n\
             Accept: */*\n\
             Authorization: AWS4-HMAC-SHA256 Credential=AKIAIOSFODNN7EXAMPLE/20260102/eu-west-1/execute-api/aws4_request, SignedHeaders=host;x-amz-date, Signature=00\n\n";
        let evidence = read(text).unwrap();
        let steps = ClientSteps::derived(evidence.request.as_ref().unwrap()).unwrap();
        assert_eq!(
            steps.canonical_request.as_deref(),
            Some(
                "GET\n/prod/a%2520b\nx=1\nhost:abc123.execute-api.eu-west-1.amazonaws.com\nx-amz-date:20260102T030405Z\n\nhost;x-amz-date\ne3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
            )
        );
        assert!(steps.string_to_sign.unwrap().starts_with(
            "AWS4-HMAC-SHA256\n20260102T030405Z\n20260102/eu-west-1/execute-api/aws4_request\n"
        ));
    }

    #[test]
    fn a_body_that_is_not_known_is_not_guessed() {
        let text = "https://abc123.execute-api.eu-west-1.amazonaws.com/prod/a?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=AKIAIOSFODNN7EXAMPLE%2F20260102%2Feu-west-1%2Fexecute-api%2Faws4_request&X-Amz-Date=20260102T030405Z&X-Amz-Expires=60&X-Amz-SignedHeaders=host&X-Amz-Signature=00";
        let mut request = read(text).unwrap().request.unwrap();
        let steps = ClientSteps::derived(&request).unwrap();
        let canonical = steps.canonical_request.unwrap();
        assert!(!canonical.contains("X-Amz-Signature"), "{canonical}");
        request.method = "POST".to_owned();
        assert_eq!(ClientSteps::derived(&request), None);
    }
}
