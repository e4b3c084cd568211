//! What a draft would send and sign, before it is sent: secrets masked, nothing fetched.

use crate::collection::{AuthSpec, RequestContext, RequestDraft};
use crate::profile::{ProfileKind, ProfileSummary};
use crate::request::{ResolveErrors, ResolvedAuth, ResolvedRequest, resolve};
use crate::secret::SecretString;
use crate::sigv4::{
    ChoiceError, Credentials, RequestDateTime, Scope, ScopeError, SigningInput, SigningOverrides,
    SigningSteps, choose_scope, preview_hashed,
};
use crate::template::{MASK, Reveal};

/// A draft with its variables filled in and its signing derived as far as no secret is needed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DraftPreview {
    /// The request with masked secrets, or what keeps it from being one.
    pub request: Result<ResolvedRequest, ResolveErrors>,
    /// The signing.
    pub signing: SigningPreview,
}

/// The signing of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SigningPreview {
    /// The draft is not signed with Signature Version 4; the auth's name.
    NotSigned {
        /// None, Basic, Bearer, API key.
        auth: String,
    },
    /// The draft cannot be resolved; see [`DraftPreview::request`].
    NotResolved,
    /// Region or service is not known.
    NoScope(ScopeError),
    /// A reserved variable holds what it may not.
    BadChoice(ChoiceError),
    /// Steps 1 and 2.
    Ready(Box<ReadyPreview>),
}

/// Steps 1 and 2 of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadyPreview {
    /// The steps; a masked secret in the request is masked here too, so hashes may differ from
    /// those of the sent request.
    pub steps: SigningSteps,
    /// Region and service with their sources.
    pub scope: Scope,
    /// The profile that would sign, if one is named.
    pub profile: Option<String>,
}

impl DraftPreview {
    /// Derives it. `profile` is the override or the summary of the profile that the draft names
    /// (see [`DraftPreview::profile_name`]); `time` is the time that the preview pretends to sign at.
    pub fn of(
        draft: &RequestDraft,
        context: &RequestContext,
        runtime_variables: &[(String, String)],
        profile: Option<&ProfileSummary>,
        time: RequestDateTime,
    ) -> Self {
        Self::after(None, draft, context, runtime_variables, profile, time)
    }

    /// Derives it, after an earlier one of the same draft: a body that is still the same is not
    /// hashed again.
    pub fn after(
        earlier: Option<&Self>,
        draft: &RequestDraft,
        context: &RequestContext,
        runtime_variables: &[(String, String)],
        profile: Option<&ProfileSummary>,
        time: RequestDateTime,
    ) -> Self {
        let variables = context.variables_for(draft, runtime_variables);
        let request = resolve(draft, context, &variables, Reveal::Masked);
        let signing = match (&request, context.auth_for(draft).0) {
            (_, auth) if !matches!(auth, AuthSpec::AwsSigV4(_)) => SigningPreview::NotSigned {
                auth: auth.title().to_owned(),
            },
            (Err(_), _) => SigningPreview::NotResolved,
            (Ok(request), _) => {
                let hash = earlier.and_then(|earlier| known_hash(earlier, request));
                signing(request, profile, time, hash)
            }
        };
        Self { request, signing }
    }

    /// The profile that a draft names, with its variables filled in.
    pub fn profile_name(
        draft: &RequestDraft,
        context: &RequestContext,
        runtime_variables: &[(String, String)],
    ) -> Option<String> {
        let AuthSpec::AwsSigV4(aws) = context.auth_for(draft).0 else {
            return None;
        };
        let variables = context.variables_for(draft, runtime_variables);
        let name = variables
            .render(&aws.profile_name, Reveal::Masked)
            .ok()?
            .text;
        (!name.is_empty()).then_some(name)
    }
}

/// The hash of a body in an earlier preview, if the body is the same there.
fn known_hash<'a>(earlier: &'a DraftPreview, request: &ResolvedRequest) -> Option<&'a str> {
    let SigningPreview::Ready(ready) = &earlier.signing else {
        return None;
    };
    let is_hash = !ready.steps.settings.unsigned_payload;
    let body = request.body().bytes()?;
    let known = earlier.request.as_ref().ok()?.body().bytes()?;
    (is_hash && body == known).then_some(&ready.steps.canonical_request.hashed_payload)
}

fn signing(
    request: &ResolvedRequest,
    profile: Option<&ProfileSummary>,
    time: RequestDateTime,
    body_sha256: Option<&str>,
) -> SigningPreview {
    let ResolvedAuth::AwsSigV4(auth) = request.auth() else {
        return SigningPreview::NotSigned {
            auth: "None".to_owned(),
        };
    };
    let profile_region =
        profile.and_then(|p| p.region.as_deref().map(|region| (p.name.as_str(), region)));
    let overrides = match SigningOverrides::from_choices(&auth.choices) {
        Ok(overrides) => overrides,
        Err(error) => return SigningPreview::BadChoice(error),
    };
    let scope = match choose_scope(auth, request.host(), profile_region, &overrides) {
        Ok(scope) => scope,
        Err(error) => return SigningPreview::NoScope(error),
    };
    let access_key_id = auth
        .keys
        .as_ref()
        .map(|(id, _, _)| id.clone())
        .or_else(|| profile.and_then(|p| p.access_key_id.clone()))
        .unwrap_or_else(|| MASK.to_owned());
    // Temporary credentials bring a token line; its value is masked wherever it is shown.
    let is_role = profile.is_some_and(|p| matches!(p.kind, ProfileKind::Role { .. }));
    let session_token =
        (is_role || access_key_id.starts_with("ASIA")).then(|| SecretString::new("session-token"));
    let credentials = Credentials {
        access_key_id,
        secret_access_key: SecretString::default(),
        session_token,
    };
    let settings = overrides.for_service(&scope.service.value);
    let time = time.plus_seconds(overrides.clock_offset_seconds.unwrap_or_default());
    let input = SigningInput {
        credentials: &credentials,
        region: &scope.region.value,
        service: &scope.service.value,
        time,
        settings: &settings,
    };
    match preview_hashed(request, &input, body_sha256) {
        Ok(steps) => SigningPreview::Ready(Box::new(ReadyPreview {
            steps,
            scope,
            profile: profile
                .map(|p| p.name.clone())
                .or_else(|| auth.profile_name.clone()),
        })),
        Err(_) => SigningPreview::NotResolved,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::collection::{AwsAuthSpec, Body};
    use crate::sigv4::hash_hex;

    fn draft(url: &str, body: &str) -> RequestDraft {
        RequestDraft {
            method: "POST".to_owned(),
            url: url.to_owned(),
            body: Body::Text(body.to_owned()),
            auth: AuthSpec::AwsSigV4(AwsAuthSpec::default()),
            ..RequestDraft::new("x")
        }
    }

    fn payload(preview: &DraftPreview) -> &str {
        match &preview.signing {
            SigningPreview::Ready(ready) => &ready.steps.canonical_request.hashed_payload,
            other => panic!("not ready: {other:?}"),
        }
    }

    #[test]
    fn a_body_that_is_the_same_is_not_hashed_again_and_another_one_is() {
        let host = "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com";
        let context = RequestContext::default();
        let time = RequestDateTime::parse("20150830T101203Z").unwrap();
        let after = |earlier: Option<&DraftPreview>, path: &str, body: &str| {
            let draft = draft(&format!("{host}{path}"), body);
            DraftPreview::after(earlier, &draft, &context, &[], None, time)
        };
        let mut first = after(None, "/a", "body");
        assert_eq!(payload(&first), hash_hex(b"body"));
        // A hash that no body has shows where it was taken from.
        let SigningPreview::Ready(ready) = &mut first.signing else {
            panic!("not ready");
        };
        ready.steps.canonical_request.hashed_payload = "taken over".to_owned();
        assert_eq!(payload(&after(Some(&first), "/b", "body")), "taken over");
        assert_eq!(
            payload(&after(Some(&first), "/b", "other")),
            hash_hex(b"other")
        );
    }
}
