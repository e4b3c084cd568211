//! Evidence from a call that this program sent.

use crate::exchange::Exchange;
use crate::explain::{ClientSteps, Evidence, Given, GivenAnswer, GivenRequest, GivenSignature};
use crate::sigv4::SigningSteps;

/// More of an answer says nothing about a refusal.
const BODY_LIMIT: usize = 256 << 10;

impl ClientSteps {
    /// Our own steps, secrets included: for comparing, not for showing.
    pub fn of(steps: &SigningSteps) -> Self {
        Self {
            canonical_request: Some(steps.canonical_request.to_string()),
            string_to_sign: Some(steps.string_to_sign.to_string()),
            is_masked: false,
        }
    }
}

impl Evidence {
    /// What is known of an exchange. The request is as it was sent, secrets included; the answer's
    /// text is the one for showing, secrets of the request as dots.
    pub fn of_exchange(exchange: &Exchange) -> Self {
        let Exchange {
            request,
            signing,
            response,
            ..
        } = exchange;
        let mut given = GivenRequest {
            method: request.method.clone(),
            url: request.url.clone(),
            headers: request
                .headers
                .iter()
                .map(|header| (header.name.clone(), header.value.clone()))
                .collect(),
            body: Some(request.body.clone()),
            ..GivenRequest::default()
        };
        given.signature = GivenSignature::of_request(&given);
        let steps = signing
            .as_ref()
            .and_then(|signing| signing.trace.trace())
            .map(|trace| ClientSteps::of(&trace.steps));
        let headers = response
            .headers
            .iter()
            .map(|header| (header.name.clone(), header.value.clone()))
            .collect();
        let body = response.body.text().unwrap_or_default();
        let end = body.floor_char_boundary(BODY_LIMIT);
        let body = body.get(..end).unwrap_or_default().to_owned();
        Self {
            given: Given::Exchange,
            request: Some(given),
            steps,
            answer: Some(GivenAnswer::new(Some(response.status), headers, body)),
            echo: response.body.echo.clone(),
        }
    }
}
