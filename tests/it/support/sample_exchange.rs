//! A signed request and its answer, made by the domain itself, for everything that is drawn.

use std::time::Duration;

use bytes::Bytes;
use countersign::collection::{AuthSpec, AwsAuthSpec, Body, RequestContext, RequestDraft, Row};
use countersign::exchange::{
    DraftPreview, Exchange, ExchangeId, RecordedHeader, RequestRecord, ResponseBody,
    ResponseRecord, SigningRecord, Timings,
};
use countersign::practice;
use countersign::request::{ResolvedAuth, resolve};
use countersign::secret::SecretString;
use countersign::sigv4::{
    Credentials, RequestDateTime, SigningInput, SigningOverrides, choose_scope, sign,
};
use countersign::template::Reveal;

/// The session token of the sample; nowhere may it be seen.
pub(crate) const SESSION_TOKEN: &str = "IQoJb3JpZ2luX2VjEXAMPLETOKEN";

/// The time at which everything happens.
pub(crate) fn time() -> RequestDateTime {
    RequestDateTime::parse("20150830T101203Z").unwrap()
}

/// A POST with a query, headers, an API key and a body with Korean letters.
pub(crate) fn draft() -> RequestDraft {
    RequestDraft {
        method: "POST".to_owned(),
        url: format!(
            "https://{}.execute-api.us-east-1.amazonaws.com/prod/pets/나비?type=cat&limit=10&note=a b",
            practice::API_ID
        ),
        headers: vec![
            Row::new("accept", "application/json"),
            Row::new("x-api-key", practice::API_KEY),
            Row::new("x-team", "pets"),
        ],
        body: Body::Json(
            "{\n  \"name\": \"나비\",\n  \"type\": \"cat\",\n  \"price\": 124.5\n}".to_owned(),
        ),
        auth: AuthSpec::AwsSigV4(AwsAuthSpec {
            profile_name: practice::PROFILE.to_owned(),
            ..AwsAuthSpec::default()
        }),
        ..RequestDraft::new("Add a pet")
    }
}

/// Its preview.
pub(crate) fn preview() -> DraftPreview {
    DraftPreview::of(&draft(), &RequestContext::default(), &[], None, time())
}

/// The same, sent with these credentials; the answer is a list of pets.
pub(crate) fn exchange(credentials: &Credentials) -> Exchange {
    exchange_of(&draft(), credentials)
}

/// A draft, sent with these credentials; the answer is a list of pets.
pub(crate) fn exchange_of(draft: &RequestDraft, credentials: &Credentials) -> Exchange {
    let context = RequestContext::default();
    let variables = context.variables_for(draft, &[]);
    let request = resolve(draft, &context, &variables, Reveal::Secrets).unwrap();
    let ResolvedAuth::AwsSigV4(auth) = request.auth() else {
        panic!("the sample is signed");
    };
    let overrides = SigningOverrides::from_choices(&auth.choices).unwrap();
    let scope = choose_scope(auth, request.host(), None, &overrides).unwrap();
    let settings = overrides.for_service(&scope.service.value);
    let input = SigningInput {
        credentials,
        region: &scope.region.value,
        service: &scope.service.value,
        time: time(),
        settings: &settings,
    };
    let signed = sign(&request, &input).unwrap();
    let answer = serde_json::json!({
        "pets": [
            {"id": 1, "name": "Rex", "type": "dog", "price": 249.99, "available": true},
            {"id": 2, "name": "나비", "type": "cat", "price": 124.5, "owner": null},
            {"id": 3, "name": "Bubbles", "type": "fish", "price": 0.99, "available": false},
        ],
        "next": "https://a1b2c3d4e5.execute-api.us-east-1.amazonaws.com/prod/pets?page=2&limit=10",
    });
    let body = Bytes::from(answer.to_string());
    Exchange {
        id: ExchangeId(1),
        sent_at: time().time(),
        request: RequestRecord::new(
            signed.method().as_str(),
            signed.url().as_str(),
            signed.headers(),
            signed.body(),
            signed.redactor(),
        ),
        signing: Some(SigningRecord {
            trace: signed.trace().clone(),
            signed_as: "practice (built in)".to_owned(),
            region: scope.region,
            service: scope.service,
        }),
        response: ResponseRecord {
            status: 200,
            reason: "OK".to_owned(),
            http_version: "HTTP/1.1".to_owned(),
            headers: [
                ("content-type", "application/json"),
                ("content-length", "312"),
                ("x-amzn-requestid", "8b1f4d1a-6e0c-4f7f-9f5e-2f2b7d0c1a55"),
                ("x-amz-apigw-id", "YkT3pEXAMPLE="),
                ("set-cookie", "session=hunter2; Path=/"),
                ("date", "Sun, 30 Aug 2015 10:12:03 GMT"),
            ]
            .iter()
            .map(|(name, value)| RecordedHeader::received(name, value.as_bytes()))
            .collect(),
            wire_bytes: body.len() as u64,
            body: ResponseBody::new(body, "application/json"),
        },
        timings: Timings {
            dns: Some(Duration::from_micros(1_200)),
            connect: Some(Duration::from_micros(18_400)),
            tls: Some(Duration::from_micros(12_100)),
            first_byte: Duration::from_millis(81),
            total: Duration::from_micros(94_300),
        },
    }
}

/// The example credentials.
pub(crate) fn examples() -> Credentials {
    Credentials::new(practice::ACCESS_KEY_ID, practice::SECRET_ACCESS_KEY)
}

/// Temporary credentials that are not the documentation's.
pub(crate) fn temporary() -> Credentials {
    Credentials {
        access_key_id: "ASIAQNZGKIQY56JQ7WML".to_owned(),
        secret_access_key: SecretString::new("not+a+real+key/0123456789abcdefghijklmno"),
        session_token: Some(SecretString::new(SESSION_TOKEN)),
    }
}
