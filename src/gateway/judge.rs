//! The order of a call: stage, route, signature, permission, API key, backend.

use std::time::SystemTime;

use subtle::ConstantTimeEq as _;

use super::call_log::{CallLog, Gate};
use super::received::ReceivedRequest;
use super::reply::Reply;
use super::routes::{Authorization, Route, find_route, is_in_stage};
use super::sts;
use super::verify::{Checks, authenticate};
use super::world::{Caller, World};
use crate::denial::{AccessDeniedReason, Denial, ForbiddenCause, MessageProfile, Service};
use crate::practice;
use crate::sigv4::{ALGORITHM, RequestDateTime};

/// A path is cut here in the log.
const MAX_LOGGED_CHARS: usize = 512;

/// What a judgement needs besides the request and the world. Time and chance are arguments.
#[derive(Clone, Debug)]
pub struct CallContext {
    /// The gateway's time.
    pub now: RequestDateTime,
    /// The call's id.
    pub request_id: String,
    /// Random bytes, for credentials that are given out.
    pub seed: [u8; 48],
    /// Which of AWS's wordings.
    pub messages: MessageProfile,
}

/// The answer and what led to it.
#[derive(Clone, Debug)]
pub struct Judgement {
    /// The answer.
    pub reply: Reply,
    /// For the log.
    pub call: CallLog,
    /// Why it was refused.
    pub denial: Option<Denial>,
}

/// What a call has come to, refused or not.
struct Course {
    checks: Checks,
    caller: Option<Caller>,
}

/// Judges a call and answers it.
pub fn judge(request: &ReceivedRequest, world: &mut World, context: &CallContext) -> Judgement {
    let mut course = Course {
        checks: Checks::default(),
        caller: None,
    };
    let (service, outcome) = if sts::is_for_sts(request) {
        let answer = judge_sts(request, world, context, &mut course);
        (Service::Sts, answer)
    } else {
        let answer = judge_api(request, world, context, &mut course);
        (Service::ExecuteApi, answer)
    };
    finish(request, context, service, course, outcome)
}

/// The judgement of a request whose body was not read to its end.
pub(super) fn refuse_size(request: &ReceivedRequest, context: &CallContext) -> Judgement {
    let mut course = Course {
        checks: Checks::default(),
        caller: None,
    };
    let outcome = course
        .checks
        .record(Gate::Size, Err(Denial::RequestTooLarge));
    finish(request, context, Service::ExecuteApi, course, outcome)
}

fn finish(
    request: &ReceivedRequest,
    context: &CallContext,
    service: Service,
    course: Course,
    outcome: Result<Reply, Denial>,
) -> Judgement {
    let (reply, denial, refusal) = match outcome {
        Ok(reply) => (reply, None, None),
        Err(denial) => {
            let refusal = denial.refusal(service, context.messages, &context.request_id);
            let facts = (refusal.code, refusal.gateway_response);
            (Reply::refusal(service, refusal), Some(denial), Some(facts))
        }
    };
    let call = CallLog {
        time: context.now.to_string(),
        request_id: context.request_id.clone(),
        service: service.name(),
        method: request.method.chars().take(MAX_LOGGED_CHARS).collect(),
        path: request.path.chars().take(MAX_LOGGED_CHARS).collect(),
        checks: course.checks.0,
        status: reply.status,
        error_type: refusal.map(|(code, _)| code),
        gateway_response: refusal.and_then(|(_, response)| response),
        caller: course.caller.map(|caller| caller.arn),
    };
    Judgement {
        reply,
        call,
        denial,
    }
}

fn judge_sts(
    request: &ReceivedRequest,
    world: &mut World,
    context: &CallContext,
    course: &mut Course,
) -> Result<Reply, Denial> {
    let checks = &mut course.checks;
    let caller = authenticate(request, world, Service::Sts, context.now, checks)?;
    let caller = course.caller.insert(caller);
    sts::act(request, world, caller, context, checks).map(Reply::xml)
}

fn judge_api(
    request: &ReceivedRequest,
    world: &World,
    context: &CallContext,
    course: &mut Course,
) -> Result<Reply, Denial> {
    let checks = &mut course.checks;
    checks.require(Gate::Stage, is_in_stage(&request.path), || {
        Denial::Forbidden(ForbiddenCause::Stage)
    })?;
    let route = find_route(&request.method, &request.path).ok_or_else(|| unrouted(request));
    let route = checks.record(Gate::Route, route)?;
    if route.authorization == Authorization::AwsIam {
        let caller = authenticate(request, world, Service::ExecuteApi, context.now, checks)?;
        let caller = course.caller.insert(caller);
        checks.require(Gate::Permission, caller.may_invoke(route.method), || {
            Denial::AccessDenied {
                caller: caller.arn.clone(),
                resource: route.arn(&request.path),
                reason: AccessDeniedReason::NoIdentityPolicy,
            }
        })?;
    }
    check_api_key(request, route, checks)?;
    Ok(route.answer(request, course.caller.as_ref(), &context.request_id))
}

/// A call without a route is refused as if it lacked an identity; with an `Authorization` header of
/// another scheme it comes as far as the reader of that header.
fn unrouted(request: &ReceivedRequest) -> Denial {
    let is_other_scheme = request
        .header("authorization")
        .is_some_and(|header| !header.trim_start().starts_with(ALGORITHM));
    if !is_other_scheme {
        return Denial::MissingAuthenticationToken;
    }
    // It ends at the header's form, so neither keys nor the time matter.
    let time = RequestDateTime::new(SystemTime::UNIX_EPOCH);
    let mut unseen = Checks::default();
    authenticate(
        request,
        &World::new(),
        Service::ExecuteApi,
        time,
        &mut unseen,
    )
    .err()
    .unwrap_or(Denial::MissingAuthenticationToken)
}

fn check_api_key(
    request: &ReceivedRequest,
    route: &Route,
    checks: &mut Checks,
) -> Result<(), Denial> {
    if !route.api_key_required {
        return Ok(());
    }
    let mut keys = request.values("x-api-key");
    let is_known = keys
        .next()
        .is_some_and(|key| bool::from(key.ct_eq(practice::API_KEY.as_bytes())));
    checks.require(Gate::ApiKey, is_known, || {
        Denial::Forbidden(ForbiddenCause::ApiKey)
    })
}
