//! STS's two actions, over the query protocol.

use url::form_urlencoded;

use super::call_log::Gate;
use super::judge::CallContext;
use super::received::ReceivedRequest;
use super::verify::Checks;
use super::world::{Caller, World, role};
use crate::denial::Denial;
use crate::practice;
use crate::sigv4::RequestDateTime;

const VERSION: &str = "2011-06-15";
const DEFAULT_SECONDS: u64 = 3_600;
/// A role assumed from a role lasts an hour at most.
const CHAINED_SECONDS: u64 = 3_600;
const SESSION_NAME_PATTERN: &str = r"Member must satisfy regular expression pattern: [\w+=,.@-]*";

/// Whether a request is meant for STS: it posts to `/`, or names an action there.
pub(super) fn is_for_sts(request: &ReceivedRequest) -> bool {
    request.path == "/" && (request.method == "POST" || request.parameter("Action").is_some())
}

/// Parameters of the query and of the form.
struct Parameters(Vec<(String, String)>);

impl Parameters {
    fn of(request: &ReceivedRequest) -> Self {
        let query = form_urlencoded::parse(request.query.as_bytes());
        let form = form_urlencoded::parse(&request.body);
        Self(
            query
                .chain(form)
                .map(|(name, value)| (name.into_owned(), value.into_owned()))
                .collect(),
        )
    }

    fn get(&self, name: &str) -> Option<&str> {
        self.0
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.as_str())
    }
}

/// A valid `AssumeRole` call.
struct AssumeRole<'a> {
    arn: &'a str,
    session_name: &'a str,
    seconds: u64,
    external_id: Option<&'a str>,
}

/// Does what the request asks for, and gives the XML of the answer.
pub(super) fn act(
    request: &ReceivedRequest,
    world: &mut World,
    caller: &Caller,
    context: &CallContext,
    checks: &mut Checks,
) -> Result<String, Denial> {
    let parameters = Parameters::of(request);
    match parameters.get("Action").unwrap_or_default() {
        "GetCallerIdentity" => {
            checks.record(Gate::Action, Ok(()))?;
            Ok(caller_identity_xml(caller, &context.request_id))
        }
        "AssumeRole" => {
            let call = checks.record(Gate::Action, read_assume_role(&parameters))?;
            assume_role(&call, world, caller, context, checks)
        }
        action => {
            let denial = Denial::InvalidAction {
                action: action.to_owned(),
                version: parameters.get("Version").unwrap_or(VERSION).to_owned(),
            };
            checks.record(Gate::Action, Err(denial))
        }
    }
}

fn read_assume_role(parameters: &Parameters) -> Result<AssumeRole<'_>, Denial> {
    let invalid = |value: Option<&str>, parameter, constraint| Denial::InvalidParameter {
        value: value.map(str::to_owned),
        parameter,
        constraint,
    };
    let required = |name, parameter| {
        parameters
            .get(name)
            .ok_or_else(|| invalid(None, parameter, "Member must not be null"))
    };
    let arn = required("RoleArn", "roleArn")?;
    let session_name = required("RoleSessionName", "roleSessionName")?;
    if arn.chars().count() < 20 {
        return Err(invalid(
            Some(arn),
            "roleArn",
            "Member must have length greater than or equal to 20",
        ));
    }
    if !is_role_arn(arn) {
        return Err(Denial::InvalidArn(arn.to_owned()));
    }
    let is_pattern = |text: &str| {
        text.chars()
            .all(|c| c.is_ascii_alphanumeric() || "_+=,.@-".contains(c))
    };
    if !is_pattern(session_name) {
        return Err(invalid(
            Some(session_name),
            "roleSessionName",
            SESSION_NAME_PATTERN,
        ));
    }
    if session_name.len() < 2 {
        return Err(invalid(
            Some(session_name),
            "roleSessionName",
            "Member must have length greater than or equal to 2",
        ));
    }
    if session_name.len() > 64 {
        return Err(invalid(
            Some(session_name),
            "roleSessionName",
            "Member must have length less than or equal to 64",
        ));
    }
    Ok(AssumeRole {
        arn,
        session_name,
        seconds: read_seconds(parameters.get("DurationSeconds"))?,
        external_id: parameters.get("ExternalId"),
    })
}

fn read_seconds(given: Option<&str>) -> Result<u64, Denial> {
    let Some(text) = given else {
        return Ok(DEFAULT_SECONDS);
    };
    let constraint = match text.parse::<u64>() {
        Ok(seconds @ 900..=43_200) => return Ok(seconds),
        Ok(0..900) => "Member must have value greater than or equal to 900",
        Ok(_) => "Member must have value less than or equal to 43200",
        Err(_) => "Member must be an integer",
    };
    Err(Denial::InvalidParameter {
        value: Some(text.to_owned()),
        parameter: "durationSeconds",
        constraint,
    })
}

fn is_role_arn(arn: &str) -> bool {
    let parts: Vec<&str> = arn.splitn(6, ':').collect();
    matches!(
        parts.as_slice(),
        ["arn", "aws", "iam", "", account, resource]
            if account.len() == 12
                && account.bytes().all(|b| b.is_ascii_digit())
                && resource.strip_prefix("role/").is_some_and(|name| !name.is_empty())
    )
}

fn assume_role(
    call: &AssumeRole<'_>,
    world: &mut World,
    caller: &Caller,
    context: &CallContext,
    checks: &mut Checks,
) -> Result<String, Denial> {
    // A missing role, a wrong external id and a silent trust policy read the same.
    let role = role(call.arn)
        .filter(|role| {
            role.external_id
                .is_none_or(|wanted| call.external_id == Some(wanted))
        })
        .ok_or_else(|| Denial::AssumeRoleDenied {
            caller: caller.arn.clone(),
            role: call.arn.to_owned(),
        });
    let role = checks.record(Gate::Permission, role)?;
    let length = if caller.role.is_some() && call.seconds > CHAINED_SECONDS {
        Err(Denial::RoleChainingTooLong)
    } else if call.seconds > role.max_session_seconds {
        Err(Denial::SessionTooLong)
    } else {
        Ok(())
    };
    checks.record(Gate::SessionLength, length)?;
    let session = world.open_session(
        role,
        call.session_name,
        context.now,
        call.seconds,
        &context.seed,
    );
    Ok(format!(
        "<AssumeRoleResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  \
         <AssumeRoleResult>\n    <AssumedRoleUser>\n      <AssumedRoleId>{id}</AssumedRoleId>\n      \
         <Arn>{arn}</Arn>\n    </AssumedRoleUser>\n    <Credentials>\n      \
         <AccessKeyId>{key}</AccessKeyId>\n      <SecretAccessKey>{secret}</SecretAccessKey>\n      \
         <SessionToken>{token}</SessionToken>\n      <Expiration>{expires}</Expiration>\n    \
         </Credentials>\n  </AssumeRoleResult>\n{metadata}</AssumeRoleResponse>\n",
        id = session.user_id(),
        arn = session.arn(),
        key = session.access_key_id,
        secret = session.secret_access_key.expose(),
        token = session.token.expose(),
        expires = extended(session.expires),
        metadata = response_metadata(&context.request_id),
    ))
}

fn caller_identity_xml(caller: &Caller, request_id: &str) -> String {
    format!(
        "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\">\n  \
         <GetCallerIdentityResult>\n    <Arn>{}</Arn>\n    <UserId>{}</UserId>\n    \
         <Account>{}</Account>\n  </GetCallerIdentityResult>\n{}</GetCallerIdentityResponse>\n",
        caller.arn,
        caller.user_id,
        practice::ACCOUNT_ID,
        response_metadata(request_id),
    )
}

fn response_metadata(request_id: &str) -> String {
    format!(
        "  <ResponseMetadata>\n    <RequestId>{request_id}</RequestId>\n  </ResponseMetadata>\n"
    )
}

/// `2026-01-02T03:04:05Z`.
fn extended(time: RequestDateTime) -> String {
    jiff::Timestamp::try_from(time.time()).map_or_else(
        |_| time.to_string(),
        |timestamp| timestamp.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
    )
}
