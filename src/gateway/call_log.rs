//! What the gateway saw: a call, its checks in their order, the verdict.

use std::collections::VecDeque;

use serde::Serialize;
use strum::IntoStaticStr;

/// A check, in the gateway's order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, IntoStaticStr)]
#[serde(rename_all = "kebab-case")]
#[strum(serialize_all = "kebab-case")]
pub enum Gate {
    /// The body is not longer than 10 MB.
    Size,
    /// The path begins with the stage.
    Stage,
    /// There is such a method and path.
    Route,
    /// Every `%` of the query is followed by two hex digits.
    QueryEscapes,
    /// The request says who calls.
    Identity,
    /// It says so in one place: in the header or in the query.
    Placement,
    /// The algorithm is `AWS4-HMAC-SHA256`.
    Algorithm,
    /// Every part of the header is `key=value`.
    KeyValueForm,
    /// No parameter is missing.
    Parameters,
    /// The host is signed.
    HostSigned,
    /// The date is ISO 8601 basic.
    DateFormat,
    /// The signature is not too old.
    NotExpired,
    /// The signature is not from the future.
    NotEarly,
    /// The credential has five elements.
    CredentialElements,
    /// Region, service, terminator and date of the scope are right.
    CredentialScope,
    /// The session token was given out with this key.
    SessionToken,
    /// The session is not over.
    SessionAlive,
    /// The access key exists.
    KeyKnown,
    /// The signature is the one that the gateway computes.
    Signature,
    /// A policy of the caller allows the call.
    Permission,
    /// The API key is in the usage plan of the stage.
    ApiKey,
    /// STS: the action and its parameters are in order.
    Action,
    /// STS: the session is not longer than the role allows.
    SessionLength,
}

impl Gate {
    /// The name in the log.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// A check and its outcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Check {
    /// Which.
    #[serde(rename = "check")]
    pub gate: Gate,
    /// Whether it was passed. The first that is not ends the judgement.
    pub passed: bool,
}

/// One call. No header value, query, body, key, token or signature is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct CallLog {
    /// The gateway's time, `YYYYMMDDTHHMMSSZ`.
    pub time: String,
    /// The id that the answer carries.
    pub request_id: String,
    /// `execute-api` or `sts`.
    pub service: &'static str,
    /// The method.
    pub method: String,
    /// The path without the query.
    pub path: String,
    /// Every check up to the first that failed.
    pub checks: Vec<Check>,
    /// The status of the answer.
    pub status: u16,
    /// The error type of a refusal.
    pub error_type: Option<&'static str>,
    /// Which gateway response an API's owner would see refused.
    pub gateway_response: Option<&'static str>,
    /// The caller's ARN, once the signature is right.
    pub caller: Option<String>,
}

/// The last calls.
#[derive(Debug)]
pub(super) struct CallRing {
    calls: VecDeque<CallLog>,
    capacity: usize,
}

impl CallRing {
    pub(super) fn new(capacity: usize) -> Self {
        Self {
            calls: VecDeque::new(),
            capacity: capacity.max(1),
        }
    }

    pub(super) fn push(&mut self, call: CallLog) {
        while self.calls.len() >= self.capacity {
            self.calls.pop_front();
        }
        self.calls.push_back(call);
    }

    pub(super) fn snapshot(&self) -> Vec<CallLog> {
        self.calls.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(path: &str) -> CallLog {
        CallLog {
            time: "20260102T030405Z".into(),
            request_id: "id".into(),
            service: "execute-api",
            method: "GET".into(),
            path: path.into(),
            checks: vec![Check {
                gate: Gate::HostSigned,
                passed: false,
            }],
            status: 403,
            error_type: Some("InvalidSignatureException"),
            gateway_response: Some("INVALID_SIGNATURE"),
            caller: None,
        }
    }

    #[test]
    fn the_ring_forgets_the_oldest() {
        let mut ring = CallRing::new(2);
        for path in ["/1", "/2", "/3"] {
            ring.push(call(path));
        }
        let paths: Vec<String> = ring.snapshot().into_iter().map(|call| call.path).collect();
        assert_eq!(paths, ["/2", "/3"]);
    }

    #[test]
    fn the_line_of_a_call() {
        assert_eq!(
            serde_json::to_string(&call("/prod")).unwrap(),
            r#"{"time":"20260102T030405Z","request_id":"id","service":"execute-api","method":"GET","path":"/prod","checks":[{"check":"host-signed","passed":false}],"status":403,"error_type":"InvalidSignatureException","gateway_response":"INVALID_SIGNATURE","caller":null}"#
        );
        assert_eq!(Gate::HostSigned.name(), "host-signed");
    }
}
