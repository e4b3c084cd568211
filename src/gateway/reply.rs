//! An answer before it becomes HTTP.

use crate::denial::{Refusal, Service};

/// An answer; the server adds ids and the date.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// Who answers; decides which headers go with it.
    pub service: Service,
    /// The status.
    pub status: u16,
    /// The body's type.
    pub content_type: &'static str,
    /// `x-amzn-ErrorType`, only on refusals of API Gateway.
    pub error_type: Option<&'static str>,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    /// An answer of an API in JSON.
    pub fn json(body: &serde_json::Value) -> Self {
        Self {
            service: Service::ExecuteApi,
            status: 200,
            content_type: "application/json",
            error_type: None,
            body: body.to_string().into_bytes(),
        }
    }

    /// An answer of STS.
    pub fn xml(body: String) -> Self {
        Self {
            service: Service::Sts,
            status: 200,
            content_type: "text/xml",
            error_type: None,
            body: body.into_bytes(),
        }
    }

    /// A refusal.
    pub fn refusal(service: Service, refusal: Refusal) -> Self {
        Self {
            service,
            status: refusal.status,
            content_type: refusal.content_type,
            error_type: (service == Service::ExecuteApi).then_some(refusal.code),
            body: refusal.body.into_bytes(),
        }
    }
}
