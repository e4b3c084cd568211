//! The routes of the practice API, and what answers behind them.

use percent_encoding::percent_decode_str;
use serde_json::{Value, json};
use url::form_urlencoded;

use super::received::ReceivedRequest;
use super::reply::Reply;
use super::world::Caller;
use crate::practice;

/// The name of the practice API key.
pub(super) const API_KEY_NAME: &str = "practice";

/// How a method knows its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Authorization {
    /// It does not ask.
    None,
    /// By a signature.
    AwsIam,
}

impl Authorization {
    /// API Gateway's word.
    pub fn name(self) -> &'static str {
        match self {
            Self::None => "NONE",
            Self::AwsIam => "AWS_IAM",
        }
    }
}

/// What answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Backend {
    Open,
    ListPets,
    CreatePet,
    EchoPath,
    CreateOrder,
    Key,
}

/// A method of the API.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Route {
    /// The HTTP method.
    pub method: &'static str,
    /// The path with its stage; `{proxy+}` stands for the rest.
    pub path: &'static str,
    /// How it knows its caller.
    pub authorization: Authorization,
    /// Whether it wants an API key.
    pub api_key_required: bool,
    backend: Backend,
}

/// Every route.
pub const ROUTES: [Route; 7] = [
    Route {
        method: "GET",
        path: "/prod/open",
        authorization: Authorization::None,
        api_key_required: false,
        backend: Backend::Open,
    },
    Route {
        method: "GET",
        path: "/prod/pets",
        authorization: Authorization::AwsIam,
        api_key_required: false,
        backend: Backend::ListPets,
    },
    Route {
        method: "POST",
        path: "/prod/pets",
        authorization: Authorization::AwsIam,
        api_key_required: false,
        backend: Backend::CreatePet,
    },
    Route {
        method: "GET",
        path: "/prod/pets/{proxy+}",
        authorization: Authorization::AwsIam,
        api_key_required: false,
        backend: Backend::EchoPath,
    },
    Route {
        method: "POST",
        path: "/prod/pets/{proxy+}",
        authorization: Authorization::AwsIam,
        api_key_required: false,
        backend: Backend::EchoPath,
    },
    Route {
        method: "POST",
        path: "/prod/orders",
        authorization: Authorization::AwsIam,
        api_key_required: true,
        backend: Backend::CreateOrder,
    },
    Route {
        method: "GET",
        path: "/prod/key",
        authorization: Authorization::None,
        api_key_required: true,
        backend: Backend::Key,
    },
];

/// Whether a path begins with the stage.
pub(super) fn is_in_stage(path: &str) -> bool {
    path.split('/').nth(1) == Some(practice::STAGE)
}

/// The route of a method and a path as received. One slash at the end does not count.
pub(super) fn find_route(method: &str, path: &str) -> Option<&'static Route> {
    let path = path.strip_suffix('/').unwrap_or(path);
    ROUTES
        .iter()
        .find(|route| route.method == method && matches_path(route.path, path))
}

fn matches_path(pattern: &str, path: &str) -> bool {
    match pattern.strip_suffix("{proxy+}") {
        Some(start) => path
            .strip_prefix(start)
            .is_some_and(|rest| !rest.is_empty()),
        None => pattern == path,
    }
}

impl Route {
    /// The ARN that a policy names.
    pub(super) fn arn(&self, path: &str) -> String {
        let resource = path
            .strip_prefix('/')
            .and_then(|path| path.strip_prefix(practice::STAGE))
            .unwrap_or_default();
        format!(
            "arn:aws:execute-api:{}:{}:{}/{}/{}{resource}",
            practice::REGION,
            practice::ACCOUNT_ID,
            practice::API_ID,
            practice::STAGE,
            self.method
        )
    }

    /// The backend's answer.
    pub(super) fn answer(
        &self,
        request: &ReceivedRequest,
        caller: Option<&Caller>,
        request_id: &str,
    ) -> Reply {
        let body = match self.backend {
            Backend::Open => json!({
                "message": "This route is open to everyone.",
                "api": practice::API_ID,
                "stage": practice::STAGE,
            }),
            Backend::ListPets => list_pets(request, caller),
            Backend::CreatePet => json!({
                "pet": body_value(request),
                "caller": caller_value(caller),
            }),
            Backend::EchoPath => json!({
                "resource": "/pets/{proxy+}",
                "method": request.method,
                "path": request.path,
                "pathParameters": {"proxy": proxy_parameter(&request.path)},
                "queryStringParameters": query_value(request),
                "body": body_value(request),
                "caller": caller_value(caller),
            }),
            Backend::CreateOrder => json!({
                "orderId": request_id,
                "order": body_value(request),
                "apiKey": API_KEY_NAME,
                "caller": caller_value(caller),
            }),
            Backend::Key => json!({
                "message": "The API key is in the usage plan of this stage.",
                "apiKey": API_KEY_NAME,
            }),
        };
        Reply::json(&body)
    }
}

fn list_pets(request: &ReceivedRequest, caller: Option<&Caller>) -> Value {
    const PETS: [(u32, &str, &str, f64); 4] = [
        (1, "dog", "Rex", 249.99),
        (2, "cat", "Misty", 124.99),
        (3, "fish", "Nemo", 0.99),
        (4, "dog", "Luna", 199.5),
    ];
    let wanted = request.parameter("type");
    let pets: Vec<Value> = PETS
        .iter()
        .filter(|(_, kind, _, _)| wanted.as_deref().is_none_or(|wanted| wanted == *kind))
        .map(
            |(id, kind, name, price)| json!({"id": id, "type": kind, "name": name, "price": price}),
        )
        .collect();
    json!({"pets": pets, "caller": caller_value(caller)})
}

fn caller_value(caller: Option<&Caller>) -> Value {
    caller.map_or(Value::Null, |caller| {
        json!({
            "arn": caller.arn,
            "account": caller.account,
            "userId": caller.user_id,
            "accessKey": caller.access_key_id,
        })
    })
}

/// The body as JSON, else as text; `null` if there is none.
fn body_value(request: &ReceivedRequest) -> Value {
    if request.body.is_empty() {
        return Value::Null;
    }
    serde_json::from_slice(&request.body)
        .unwrap_or_else(|_| Value::from(String::from_utf8_lossy(&request.body)))
}

fn proxy_parameter(path: &str) -> String {
    let rest = path.splitn(4, '/').nth(3).unwrap_or_default();
    percent_decode_str(rest).decode_utf8_lossy().into_owned()
}

/// The query as a REST API hands it on: of a repeated name the last value.
fn query_value(request: &ReceivedRequest) -> Value {
    let pairs: serde_json::Map<String, Value> = form_urlencoded::parse(request.query.as_bytes())
        .filter(|(name, _)| !name.starts_with("X-Amz-"))
        .map(|(name, value)| (name.into_owned(), Value::from(value)))
        .collect();
    Value::Object(pairs)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn routes_are_found_by_method_and_path() {
        let found = |method, path| find_route(method, path).map(|route| route.path);
        assert_eq!(found("GET", "/prod/pets"), Some("/prod/pets"));
        assert_eq!(found("GET", "/prod/pets/"), Some("/prod/pets"));
        assert_eq!(
            found("POST", "/prod/pets/a%20b/%40me"),
            Some("/prod/pets/{proxy+}")
        );
        assert_eq!(found("DELETE", "/prod/pets"), None);
        assert_eq!(found("GET", "/prod/petsx"), None);
        assert_eq!(found("GET", "/prod/pets//"), None);
        assert!(is_in_stage("/prod") && is_in_stage("/prod/x"));
        assert!(!is_in_stage("/") && !is_in_stage("/production/x") && !is_in_stage(""));
    }

    #[test]
    fn the_arn_of_a_method() {
        let route = find_route("GET", "/prod/pets/7").unwrap();
        assert_eq!(
            route.arn("/prod/pets/7"),
            "arn:aws:execute-api:us-east-1:111122223333:a1b2c3d4e5/prod/GET/pets/7"
        );
        assert_eq!(proxy_parameter("/prod/pets/a%20b/%40me"), "a b/@me");
    }
}
