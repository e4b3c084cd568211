//! Mends a request as an explanation proposes, and takes that back.
//!
//! ```text
//! Mend ─▶ the draft changes ─▶ a notice: “Region set to eu-west-1”, Undo ─▶ UndoMending
//!     └─▶ or what has no draft: keys are entered, credentials renewed, the request sent again
//! ```
//!
//! Nothing is written into the file: a mended draft is an edited draft.

use std::sync::Arc;
use std::time::SystemTime;

use super::{AppState, Command, Dialog, Effect, Failure, NoticeId, TabId};
use crate::collection::{
    AuthSpec, AwsAuthSpec, Param, ParamKind, RequestContext, RequestDraft, Row, Variable,
    VariableValue, path_param_names,
};
use crate::exchange::SigningPreview;
use crate::explain::{Explanation, Mending};
use crate::practice;
use crate::profile::ProfileKind;
use crate::request::SigningChoice;
use crate::sigv4::{
    SessionTokenRule, SignedHeadersRule, SigningOverrides, SigningSettings, choose_headers,
};
use crate::template::{Origin, Reveal, Segment, Value, VariableSet, segments};

/// How many mendings of a tab can be taken back.
const MOST: usize = 10;

/// What a mending may change of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Mendable {
    url: String,
    params: Vec<Param>,
    headers: Vec<Row>,
    auth: AuthSpec,
    variables: Vec<Variable>,
}

impl Mendable {
    fn of(draft: &RequestDraft) -> Self {
        Self {
            url: draft.url.clone(),
            params: draft.params.clone(),
            headers: draft.headers.clone(),
            auth: draft.auth.clone(),
            variables: draft.variables.clone(),
        }
    }
}

/// A mending that can be taken back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mended {
    /// The notice that tells of it.
    notice: NoticeId,
    before: Mendable,
    after: Mendable,
}

impl Mended {
    /// The notice that tells of it.
    pub(super) fn notice(&self) -> NoticeId {
        self.notice
    }

    /// Takes it back; what was edited since then stays as it is. `false` if something did.
    fn undo(self, draft: &mut RequestDraft) -> bool {
        let Self { before, after, .. } = self;
        let mut is_whole = true;
        let mut restore_url = false;
        if before.url != after.url || before.params != after.params {
            restore_url = draft.url == after.url && draft.params == after.params;
            is_whole &= restore_url;
        }
        if restore_url {
            draft.url = before.url;
            draft.params = before.params;
        }
        is_whole &= restore(&mut draft.headers, before.headers, &after.headers);
        is_whole &= restore(&mut draft.auth, before.auth, &after.auth);
        is_whole &= restore(&mut draft.variables, before.variables, &after.variables);
        is_whole
    }
}

/// Puts a part back as it was, unless it was edited since; `false` if it was.
fn restore<T: PartialEq>(now: &mut T, before: T, after: &T) -> bool {
    if before == *after {
        return true;
    }
    if now != after {
        return false;
    }
    *now = before;
    true
}

/// The last mendings of a tab, oldest first.
pub(super) type Mendings = Vec<Mended>;

/// What a draft is mended by.
struct Surroundings<'a> {
    context: &'a RequestContext,
    variables: VariableSet,
    /// The service that it is signed for.
    service: &'a str,
}

impl AppState {
    /// Mends a tab's request, or does what else is proposed.
    pub(super) fn mend(
        &mut self,
        id: TabId,
        mending: &Mending,
        sends: bool,
        now: SystemTime,
    ) -> Vec<Effect> {
        match mending {
            Mending::SendAgain => return self.send(id, now),
            Mending::EnterKeys => {
                let signer = self.signer(id);
                let effects = self.show_dialog(Dialog::Profiles);
                self.profiles.asked_for = signer;
                return effects;
            }
            Mending::RenewCredentials => {
                return match self.signer(id) {
                    Some(profile) => vec![Effect::RenewCredentials { profile, tab: id }],
                    None => self.no_profile(),
                };
            }
            _ => {}
        }
        if let Mending::Profile(name) = mending
            && self.workspace.profile_override.is_some()
        {
            // The profile chosen for all requests goes before the request's own.
            self.workspace.profile_override = Some(name.clone());
            self.workspace.touch();
        }
        let Some(tab) = self.tabs.get_mut(id) else {
            return Vec::new();
        };
        let context = self.workspace.context_of(tab.path.as_ref());
        let service = tab
            .derived()
            .and_then(|derived| match &derived.preview.signing {
                SigningPreview::Ready(ready) => Some(ready.scope.service.value.clone()),
                _ => None,
            })
            .unwrap_or_else(|| "execute-api".to_owned());
        let around = Surroundings {
            variables: context.variables_for(&tab.draft, self.workspace.runtime_variables()),
            context: &context,
            service: &service,
        };
        let before = Mendable::of(&tab.draft);
        match mend(&mut tab.draft, &around, mending) {
            Err(failure) => {
                self.fail(failure);
                return Vec::new();
            }
            Ok(text) => {
                let after = Mendable::of(&tab.draft);
                if after == before {
                    // It is so already: there is nothing to take back.
                } else {
                    tab.touch();
                    let notice = self.notices.add_undoable(text, id);
                    tab.mendings.push(Mended {
                        notice,
                        before,
                        after,
                    });
                    if tab.mendings.len() > MOST {
                        tab.mendings.remove(0);
                    }
                }
            }
        }
        if sends {
            self.send(id, now)
        } else {
            Vec::new()
        }
    }

    /// Takes a mending back.
    pub(super) fn undo_mending(&mut self, id: TabId, notice: NoticeId) {
        self.notices.forget(notice);
        let Some(tab) = self.tabs.get_mut(id) else {
            return;
        };
        let Some(at) = tab.mendings.iter().position(|known| known.notice == notice) else {
            return;
        };
        let mended = tab.mendings.remove(at);
        let is_whole = mended.undo(&mut tab.draft);
        tab.touch();
        if !is_whole {
            self.fail(Failure::new(
                "What was edited since then stays as it is",
                Some("only what still was as mended is back as before".to_owned()),
            ));
        }
    }

    /// New credentials are asked for at the next sending, or the old ones could not be dropped.
    pub(super) fn credentials_renewed(
        &mut self,
        tab: TabId,
        result: Result<(), Failure>,
        now: SystemTime,
    ) -> Vec<Effect> {
        match result {
            Ok(()) => self.send(tab, now),
            Err(failure) => {
                self.fail(failure);
                Vec::new()
            }
        }
    }

    /// The profile that a tab's request is signed as.
    fn signer(&self, id: TabId) -> Option<String> {
        let tab = self.tabs.get(id)?;
        tab.derived()
            .and_then(|derived| derived.profile.clone())
            .or_else(|| self.workspace.profile_override.clone())
    }

    /// The causes with what can be done here: the keys of a built-in profile cannot be entered, but
    /// another one signs right.
    pub(super) fn with_possible_mendings(
        &self,
        id: TabId,
        mut explanation: Arc<Explanation>,
    ) -> Arc<Explanation> {
        let signer = self.signer(id);
        let built_in = signer
            .as_deref()
            .and_then(|name| self.profiles.get(name))
            .filter(|profile| profile.kind == ProfileKind::BuiltIn);
        if let Some(profile) = built_in {
            let instead = (profile.name != practice::PROFILE)
                .then(|| Mending::Profile(practice::PROFILE.to_owned()));
            for cause in &mut Arc::make_mut(&mut explanation).causes {
                if cause.mending == Some(Mending::EnterKeys) {
                    cause.mending.clone_from(&instead);
                }
            }
        }
        explanation
    }

    fn no_profile(&mut self) -> Vec<Effect> {
        self.fail(Failure::new(
            "The request is signed with keys of its own, not as a profile",
            Some("put new values into the variables that its auth names".to_owned()),
        ));
        Vec::new()
    }
}

impl Command {
    /// Whether a mending changes the draft, so that it has to be sent again to take effect.
    pub fn changes_draft(mending: &Mending) -> bool {
        !matches!(
            mending,
            Mending::EnterKeys | Mending::RenewCredentials | Mending::SendAgain
        )
    }
}

/// Changes a draft; gives what was done, in words.
fn mend(
    draft: &mut RequestDraft,
    around: &Surroundings<'_>,
    mending: &Mending,
) -> Result<String, Failure> {
    match mending {
        Mending::Region(region) => {
            if rendered(around, &own_auth(draft, around)?.region) != *region {
                auth_mut(draft, around)?.region.clone_from(region);
            }
            Ok(format!("Region set to {region}"))
        }
        Mending::Service(service) => {
            if rendered(around, &own_auth(draft, around)?.service) != *service {
                auth_mut(draft, around)?.service.clone_from(service);
            }
            Ok(format!("Service set to {service}"))
        }
        Mending::ScopeFromHost => {
            let now = own_auth(draft, around)?;
            if !(now.region.is_empty() && now.service.is_empty()) {
                let auth = auth_mut(draft, around)?;
                auth.region.clear();
                auth.service.clear();
            }
            Ok("Region and service are taken from the host".to_owned())
        }
        Mending::ClockOffset(seconds) => {
            choose(
                draft,
                around,
                "sigv4.clockOffsetSeconds",
                &seconds.to_string(),
            );
            Ok(match seconds {
                0 => "Signed at the time of this machine".to_owned(),
                late if *late > 0 => format!("Signed {late} s later than this machine’s clock"),
                early => format!(
                    "Signed {} s earlier than this machine’s clock",
                    early.unsigned_abs()
                ),
            })
        }
        Mending::DoubleEncode(on) => {
            choose(draft, around, "sigv4.doubleEncode", &on.to_string());
            Ok(match on {
                true => "The path is encoded once more before signing".to_owned(),
                false => "The path is signed as it is sent".to_owned(),
            })
        }
        Mending::NormalizePath(on) => {
            choose(draft, around, "sigv4.normalizePath", &on.to_string());
            Ok(match on {
                true => "The path is normalised before signing".to_owned(),
                false => "The path is not normalised before signing".to_owned(),
            })
        }
        Mending::SignPayload => {
            choose(draft, around, "sigv4.payload", "signed");
            Ok("The body’s hash is signed".to_owned())
        }
        Mending::SignSessionToken => {
            choose(draft, around, "sigv4.sessionToken", "signed");
            Ok("The session token is signed".to_owned())
        }
        Mending::PlaceInHeader => {
            choose(draft, around, "sigv4.placement", "header");
            Ok("The signature goes into the header".to_owned())
        }
        Mending::Algorithm => {
            choose(draft, around, "sigv4.algorithm", "v4");
            Ok("Signed with AWS4-HMAC-SHA256".to_owned())
        }
        Mending::Profile(name) => {
            if rendered(around, &own_auth(draft, around)?.profile_name) != *name {
                auth_mut(draft, around)?.profile_name.clone_from(name);
            }
            Ok(format!("Signed as {name}"))
        }
        Mending::SignHeader(name) => {
            sign_header(draft, around, name, true);
            Ok(format!("The header {name} is signed"))
        }
        Mending::LeaveHeaderUnsigned(name) => {
            sign_header(draft, around, name, false);
            Ok(format!("The header {name} is sent unsigned"))
        }
        Mending::RemoveHeader(name) => remove_header(draft, around, name),
        Mending::SetHeader { name, value } => {
            set_header(draft, name, value);
            Ok(format!("Header {name} set"))
        }
        Mending::Url(url) => {
            set_url(draft, around, url);
            Ok("URL changed".to_owned())
        }
        Mending::EnterKeys | Mending::RenewCredentials | Mending::SendAgain => Ok(String::new()),
    }
}

/// The auth that counts, if it is Signature Version 4.
fn own_auth(draft: &RequestDraft, around: &Surroundings<'_>) -> Result<AwsAuthSpec, Failure> {
    match around.context.auth_for(draft).0 {
        AuthSpec::AwsSigV4(aws) => Ok(aws.clone()),
        other => Err(Failure::new(
            format!("The request is not signed: its auth is {}", other.title()),
            Some("choose IAM under Auth".to_owned()),
        )),
    }
}

/// The request's own auth; what was handed down becomes its own first.
fn auth_mut<'a>(
    draft: &'a mut RequestDraft,
    around: &Surroundings<'_>,
) -> Result<&'a mut AwsAuthSpec, Failure> {
    let now = own_auth(draft, around)?;
    if draft.auth == AuthSpec::Inherit {
        draft.auth = AuthSpec::AwsSigV4(now);
    }
    match &mut draft.auth {
        AuthSpec::AwsSigV4(aws) => Ok(aws),
        _ => Err(Failure::new("The request is not signed", None)),
    }
}

fn rendered(around: &Surroundings<'_>, text: &str) -> String {
    around
        .variables
        .render(text, Reveal::Masked)
        .map_or_else(|_| text.to_owned(), |rendered| rendered.text)
}

/// The reserved variables that the draft sees, the request's own of a name left out.
fn choices_without(
    draft: &RequestDraft,
    around: &Surroundings<'_>,
    name: &str,
) -> Vec<SigningChoice> {
    let mut others = draft.clone();
    others.variables.retain(|variable| variable.name != name);
    let seen = around.context.variables_for(&others, &[]);
    let mut names: Vec<&String> = seen
        .scopes()
        .iter()
        .flat_map(|scope| scope.variables.iter().map(|(name, _)| name))
        .filter(|name| name.starts_with("sigv4."))
        .collect();
    names.sort();
    names.dedup();
    names
        .into_iter()
        .filter_map(|name| {
            let (_, origin) = seen.lookup(name)?;
            let text = seen
                .render(&format!("{{{{{name}}}}}"), Reveal::Masked)
                .ok()?;
            Some(SigningChoice {
                name: name.clone(),
                value: text.text,
                origin: origin.clone(),
            })
        })
        .collect()
}

/// Sets a reserved variable of the request, or removes it where the value counts without it.
fn choose(draft: &mut RequestDraft, around: &Surroundings<'_>, name: &str, wanted: &str) {
    let others = choices_without(draft, around, name);
    let without = match others.iter().find(|choice| choice.name == name) {
        Some(choice) if !choice.value.trim().is_empty() => choice.value.trim().to_owned(),
        _ => default_of(&others, around.service, name),
    };
    if without == wanted {
        draft.variables.retain(|variable| variable.name != name);
    } else {
        set_variable(draft, name, wanted);
    }
}

/// What counts for a reserved variable if nobody sets it.
fn default_of(others: &[SigningChoice], service: &str, name: &str) -> String {
    let overrides = SigningOverrides::from_choices(others).unwrap_or_default();
    let settings: SigningSettings = overrides.for_service(service);
    match name {
        "sigv4.algorithm" => "v4".to_owned(),
        "sigv4.doubleEncode" => settings.double_encode.to_string(),
        "sigv4.normalizePath" => settings.normalize_path.to_string(),
        "sigv4.payload" if settings.unsigned_payload => "unsigned".to_owned(),
        "sigv4.payload" => "signed".to_owned(),
        "sigv4.sessionToken" => SessionTokenRule::Signed.to_string(),
        "sigv4.placement" => "header".to_owned(),
        "sigv4.clockOffsetSeconds" => "0".to_owned(),
        _ => String::new(),
    }
}

fn set_variable(draft: &mut RequestDraft, name: &str, value: &str) {
    match draft
        .variables
        .iter_mut()
        .find(|variable| variable.name == name)
    {
        Some(variable) => {
            variable.value = VariableValue::Plain(value.to_owned());
            variable.enabled = true;
        }
        None => draft.variables.push(Variable::plain(name, value)),
    }
}

const SIGNED: &str = "sigv4.signedHeaders";
const UNSIGNED: &str = "sigv4.unsignedHeaders";

/// Takes a header off the one list, and puts it onto the other one if it does not stand so by
/// itself.
fn sign_header(draft: &mut RequestDraft, around: &Surroundings<'_>, name: &str, is_signed: bool) {
    let (onto, off) = if is_signed {
        (SIGNED, UNSIGNED)
    } else {
        (UNSIGNED, SIGNED)
    };
    take_off_list(draft, around, off, name);
    let placement = SigningOverrides::from_choices(&choices_without(draft, around, ""))
        .unwrap_or_default()
        .for_service(around.service)
        .placement;
    let by_itself = choose_headers([name], &SignedHeadersRule::default(), placement)
        .iter()
        .any(|choice| choice.is_signed);
    let mut names = list(draft, around, onto);
    if by_itself == is_signed || names.iter().any(|known| known == name) {
        return;
    }
    names.push(name.to_owned());
    set_variable(draft, onto, &names.join(","));
}

/// Takes a header off a list.
fn take_off_list(draft: &mut RequestDraft, around: &Surroundings<'_>, list_name: &str, name: &str) {
    let names = list(draft, around, list_name);
    if !names.iter().any(|known| known == name) {
        return;
    }
    let left: Vec<String> = names.into_iter().filter(|known| known != name).collect();
    draft
        .variables
        .retain(|variable| variable.name != list_name);
    if list(draft, around, list_name) != left {
        // An empty list is none: a separator alone replaces what is handed down.
        let text = if left.is_empty() {
            ",".to_owned()
        } else {
            left.join(",")
        };
        set_variable(draft, list_name, &text);
    }
}

/// The names on a list as the draft sees it.
fn list(draft: &RequestDraft, around: &Surroundings<'_>, list_name: &str) -> Vec<String> {
    let seen = around.context.variables_for(draft, &[]);
    let Some((Value::Plain(_), _)) = seen.lookup(list_name) else {
        return Vec::new();
    };
    let text = seen
        .render(&format!("{{{{{list_name}}}}}"), Reveal::Masked)
        .map(|rendered| rendered.text)
        .unwrap_or_default();
    text.split([',', ';', ' '])
        .map(|name| name.trim().to_ascii_lowercase())
        .filter(|name| !name.is_empty())
        .collect()
}

fn is_named(row: &Row, name: &str) -> bool {
    row.name.trim().eq_ignore_ascii_case(name)
}

fn remove_header(
    draft: &mut RequestDraft,
    around: &Surroundings<'_>,
    name: &str,
) -> Result<String, Failure> {
    let inherited = around
        .context
        .headers
        .iter()
        .rev()
        .find(|(row, _)| row.enabled && is_named(row, name));
    if let Some((_, origin)) = inherited {
        // A request can replace what is handed down, but not take it away.
        let place = match origin {
            Origin::Request => origin.to_string(),
            other => format!("the {other}"),
        };
        return Err(Failure::new(
            format!("The header {name} is handed down by {place}"),
            Some("switch it off in the settings there".to_owned()),
        ));
    }
    let mut is_found = false;
    for row in draft.headers.iter_mut().filter(|row| is_named(row, name)) {
        // It stays in the file, so that it can be switched on again.
        row.enabled = false;
        is_found = true;
    }
    if is_found {
        Ok(format!("Header {name} switched off"))
    } else {
        Err(Failure::new(
            format!("The request has no header {name} of its own"),
            Some("look under Auth, or what the collection hands down".to_owned()),
        ))
    }
}

/// The request's own row; it replaces what is handed down under the name.
fn set_header(draft: &mut RequestDraft, name: &str, value: &str) {
    let at = draft
        .headers
        .iter()
        .position(|row| row.enabled && is_named(row, name))
        .or_else(|| draft.headers.iter().position(|row| is_named(row, name)));
    let Some(at) = at else {
        draft.headers.push(Row::new(name, value));
        return;
    };
    for (index, row) in draft.headers.iter_mut().enumerate() {
        if index == at {
            value.clone_into(&mut row.value);
            row.enabled = true;
        } else if is_named(row, name) {
            row.enabled = false;
        }
    }
}

/// Puts another URL in; a variable that the URL begins with stays where it says the same.
fn set_url(draft: &mut RequestDraft, around: &Surroundings<'_>, url: &str) {
    if rendered(around, &draft.url) == url {
        return;
    }
    let first = match segments(&draft.url).into_iter().next() {
        Some(Segment::Variable { name, span }) if span.start == 0 => {
            let written = draft.url.get(span).unwrap_or_default().to_owned();
            let value = rendered(around, &format!("{{{{{name}}}}}"));
            Some((written, value))
        }
        _ => None,
    };
    draft.url = match first {
        Some((written, value)) if !value.is_empty() && !value.contains("{{") => {
            match url.strip_prefix(value.as_str()) {
                Some(rest) => format!("{written}{rest}"),
                None => url.to_owned(),
            }
        }
        _ => url.to_owned(),
    };
    let named = path_param_names(&draft.url);
    draft
        .params
        .retain(|param| param.kind == ParamKind::Query || named.contains(&param.row.name));
    draft.params_from_url();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::state::tests::opened;
    use crate::template::Scope;

    const NOW: SystemTime = SystemTime::UNIX_EPOCH;

    fn inherited() -> RequestContext {
        RequestContext {
            auth: (
                AuthSpec::AwsSigV4(AwsAuthSpec {
                    profile_name: "dev".into(),
                    region: "{{region}}".into(),
                    ..AwsAuthSpec::default()
                }),
                Origin::Collection,
            ),
            headers: vec![(Row::new("X-Team", "pets"), Origin::Folder("Pets".into()))],
            scopes: vec![Scope {
                origin: Origin::Environment("dev".into()),
                variables: vec![
                    ("base".into(), Value::Plain("https://h/prod".into())),
                    ("region".into(), Value::Plain("us-east-1".into())),
                ],
            }],
            ..RequestContext::default()
        }
    }

    /// Mends twice and looks that the second time changes nothing.
    fn mended(
        draft: &RequestDraft,
        context: &RequestContext,
        mending: &Mending,
    ) -> Result<RequestDraft, Failure> {
        let mut draft = draft.clone();
        for _ in 0..2 {
            let around = Surroundings {
                variables: context.variables_for(&draft, &[]),
                context,
                service: "execute-api",
            };
            let before = draft.clone();
            let is_first = before.docs.is_empty();
            mend(&mut draft, &around, mending)?;
            if !is_first {
                assert_eq!(draft, before, "{mending:?} is not done once and for all");
            }
            draft.docs = "once".into();
        }
        draft.docs.clear();
        Ok(draft)
    }

    fn variables(draft: &RequestDraft) -> Vec<(&str, &str)> {
        draft
            .variables
            .iter()
            .map(|variable| match &variable.value {
                VariableValue::Plain(text) => (variable.name.as_str(), text.as_str()),
                VariableValue::Secret => (variable.name.as_str(), "secret"),
            })
            .collect()
    }

    #[test]
    fn region_and_service_become_the_requests_own() {
        let context = inherited();
        let draft = RequestDraft::new("x");
        let region = mended(&draft, &context, &Mending::Region("eu-west-1".into())).unwrap();
        let AuthSpec::AwsSigV4(aws) = &region.auth else {
            panic!("no auth of its own");
        };
        assert_eq!(
            (aws.profile_name.as_str(), aws.region.as_str()),
            ("dev", "eu-west-1"),
            "the rest of what was handed down stays"
        );
        // What is handed down says so already.
        let same = mended(&draft, &context, &Mending::Region("us-east-1".into())).unwrap();
        assert_eq!(same.auth, AuthSpec::Inherit);
        let service = mended(&region, &context, &Mending::Service("execute-api".into())).unwrap();
        let AuthSpec::AwsSigV4(aws) = &service.auth else {
            panic!("no auth of its own");
        };
        assert_eq!(
            (aws.region.as_str(), aws.service.as_str()),
            ("eu-west-1", "execute-api")
        );
        let host = mended(&service, &context, &Mending::ScopeFromHost).unwrap();
        let AuthSpec::AwsSigV4(aws) = &host.auth else {
            panic!("no auth of its own");
        };
        assert!(aws.region.is_empty() && aws.service.is_empty());
        let unsigned = RequestDraft {
            auth: AuthSpec::None,
            ..draft
        };
        let failure = mended(&unsigned, &context, &Mending::ScopeFromHost).unwrap_err();
        assert!(failure.message.contains("not signed"));
    }

    #[test]
    fn choices_become_reserved_variables_and_defaults_remove_them() {
        let context = inherited();
        let draft = RequestDraft::new("x");
        for (mending, name, value, back) in [
            (
                Mending::ClockOffset(-300),
                "sigv4.clockOffsetSeconds",
                "-300",
                Mending::ClockOffset(0),
            ),
            (
                Mending::DoubleEncode(false),
                "sigv4.doubleEncode",
                "false",
                Mending::DoubleEncode(true),
            ),
            (
                Mending::NormalizePath(false),
                "sigv4.normalizePath",
                "false",
                Mending::NormalizePath(true),
            ),
        ] {
            let changed = mended(&draft, &context, &mending).unwrap();
            assert_eq!(variables(&changed), [(name, value)]);
            let back = mended(&changed, &context, &back).unwrap();
            assert_eq!(variables(&back), [], "{name} counts without it");
        }
        for (name, wrong, mending) in [
            ("sigv4.payload", "unsigned", Mending::SignPayload),
            ("sigv4.sessionToken", "omit", Mending::SignSessionToken),
            ("sigv4.placement", "query", Mending::PlaceInHeader),
        ] {
            let mut wrong_one = draft.clone();
            wrong_one.variables.push(Variable::plain(name, wrong));
            let right = mended(&wrong_one, &context, &mending).unwrap();
            assert_eq!(variables(&right), []);
        }
    }

    #[test]
    fn a_choice_of_the_folder_is_overruled_by_name() {
        let mut context = inherited();
        context.scopes[0]
            .variables
            .push(("sigv4.payload".into(), Value::Plain("unsigned".into())));
        context.scopes[0]
            .variables
            .push(("sigv4.unsignedHeaders".into(), Value::Plain("x-a".into())));
        let draft = RequestDraft::new("x");
        let signed = mended(&draft, &context, &Mending::SignPayload).unwrap();
        assert_eq!(variables(&signed), [("sigv4.payload", "signed")]);
        let header = mended(&draft, &context, &Mending::SignHeader("x-a".into())).unwrap();
        assert_eq!(list(&header, &around(&context, &header), UNSIGNED), [""; 0]);
    }

    fn around<'a>(context: &'a RequestContext, draft: &RequestDraft) -> Surroundings<'a> {
        Surroundings {
            variables: context.variables_for(draft, &[]),
            context,
            service: "execute-api",
        }
    }

    #[test]
    fn headers_go_onto_the_lists_and_off_again() {
        let context = inherited();
        let draft = RequestDraft::new("x");
        let left = Mending::LeaveHeaderUnsigned("x-a".into());
        let out = mended(&draft, &context, &left).unwrap();
        assert_eq!(variables(&out), [(UNSIGNED, "x-a")]);
        let both = Mending::LeaveHeaderUnsigned("x-b".into());
        let out = mended(&out, &context, &both).unwrap();
        assert_eq!(variables(&out), [(UNSIGNED, "x-a,x-b")]);
        let mut draft = draft;
        draft.variables.push(Variable::plain(SIGNED, "accept"));
        let accept = Mending::SignHeader("user-agent".into());
        let signed = mended(&draft, &context, &accept).unwrap();
        assert_eq!(variables(&signed), [(SIGNED, "accept,user-agent")]);
        let off = Mending::LeaveHeaderUnsigned("accept".into());
        let mut twice = signed;
        mend(&mut twice, &around(&context, &draft), &off).unwrap();
        assert_eq!(
            variables(&twice),
            [(SIGNED, "user-agent")],
            "accept is not signed by itself"
        );
    }

    #[test]
    fn header_rows_are_set_and_switched_off() {
        let context = inherited();
        let mut draft = RequestDraft::new("x");
        let set = Mending::SetHeader {
            name: "x-team".into(),
            value: "orders".into(),
        };
        let own = mended(&draft, &context, &set).unwrap();
        assert_eq!(own.headers, [Row::new("x-team", "orders")]);
        draft.headers = vec![
            Row::new("Authorization", "Bearer x"),
            Row::new("accept", "*/*"),
        ];
        let remove = Mending::RemoveHeader("authorization".into());
        let removed = mended(&draft, &context, &remove).unwrap();
        let on: Vec<bool> = removed.headers.iter().map(|row| row.enabled).collect();
        assert_eq!(on, [false, true]);
        let failure =
            mended(&draft, &context, &Mending::RemoveHeader("x-team".into())).unwrap_err();
        assert!(failure.message.contains("Pets"), "{}", failure.message);
        let failure =
            mended(&draft, &context, &Mending::RemoveHeader("x-none".into())).unwrap_err();
        assert!(failure.message.contains("no header"));
    }

    #[test]
    fn a_url_keeps_its_variable_and_its_parameters_follow() {
        let context = inherited();
        let mut draft = RequestDraft {
            url: "{{base}}/pets/:id?a=1".into(),
            ..RequestDraft::new("x")
        };
        draft.params_from_url();
        let url = Mending::Url("https://h/prod/pets/7?b=2".into());
        let changed = mended(&draft, &context, &url).unwrap();
        assert_eq!(changed.url, "{{base}}/pets/7?b=2");
        let names: Vec<&str> = changed.params.iter().map(|p| p.row.name.as_str()).collect();
        assert_eq!(names, ["b"]);
        let elsewhere = Mending::Url("https://other/pets".into());
        let changed = mended(&draft, &context, &elsewhere).unwrap();
        assert_eq!(changed.url, "https://other/pets");
    }

    #[test]
    fn a_mending_can_be_taken_back_and_leaves_later_edits_alone() {
        let (mut state, tab) = opened();
        state.tabs.get_mut(tab).unwrap().draft.auth = AuthSpec::AwsSigV4(AwsAuthSpec::default());
        let original = state.tabs.get(tab).unwrap().draft.clone();
        let mending = Mending::Region("eu-west-1".into());
        let effects = state.handle(
            Command::Mend {
                tab,
                mending: mending.clone(),
            },
            NOW,
        );
        assert_eq!(effects, [], "nothing is written or sent");
        let notice = state.notices.last()[0].clone();
        assert_eq!(
            (notice.text.as_str(), notice.undo),
            ("Region set to eu-west-1", Some(tab))
        );
        assert!(state.tabs.get(tab).unwrap().is_dirty());
        // Once more changes nothing, and says nothing.
        state.handle(Command::Mend { tab, mending }, NOW);
        assert_eq!(state.notices.last().len(), 1);
        let undo = Command::UndoMending {
            tab,
            notice: notice.id,
        };
        state.handle(undo.clone(), NOW);
        assert_eq!(state.tabs.get(tab).unwrap().draft, original);
        assert_eq!(state.notices.last(), []);
        state.handle(undo, NOW);
        assert_eq!(state.tabs.get(tab).unwrap().draft, original);

        let mending = Mending::SetHeader {
            name: "x-a".into(),
            value: "1".into(),
        };
        state.handle(Command::Mend { tab, mending }, NOW);
        let notice = state.notices.last()[0].id;
        let draft = &mut state.tabs.get_mut(tab).unwrap().draft;
        draft.headers[0].value = "2".into();
        draft.method = "PUT".into();
        state.handle(Command::UndoMending { tab, notice }, NOW);
        let draft = &state.tabs.get(tab).unwrap().draft;
        assert_eq!(
            (draft.headers[0].value.as_str(), draft.method.as_str()),
            ("2", "PUT")
        );
        assert!(state.notices.last()[0].text.contains("stays as it is"));
    }

    #[test]
    fn what_is_no_edit_asks_for_something_else() {
        let (mut state, tab) = opened();
        let draft = &mut state.tabs.get_mut(tab).unwrap().draft;
        draft.auth = AuthSpec::AwsSigV4(AwsAuthSpec {
            profile_name: "dev".into(),
            region: "us-east-1".into(),
            service: "execute-api".into(),
            ..AwsAuthSpec::default()
        });
        state.tabs.get_mut(tab).unwrap().touch();
        state.settle(NOW);
        let keys = Mending::EnterKeys;
        state.handle(Command::Mend { tab, mending: keys }, NOW);
        assert_eq!(state.dialog.open, Some(Dialog::Profiles));
        assert_eq!(state.profiles.asked_for.as_deref(), Some("dev"));
        state.handle(Command::CloseDialog, NOW);
        assert_eq!(state.profiles.asked_for, None);

        let mending = Mending::RenewCredentials;
        let effects = state.handle(Command::Mend { tab, mending }, NOW);
        let renew = Effect::RenewCredentials {
            profile: "dev".into(),
            tab,
        };
        assert_eq!(effects, [renew]);
        let failed = Command::CredentialsRenewed {
            tab,
            result: Err(Failure::new("no session", None)),
        };
        assert_eq!(state.handle(failed, NOW), []);
        let renewed = Command::CredentialsRenewed {
            tab,
            result: Ok(()),
        };
        assert!(matches!(
            state.handle(renewed, NOW).as_slice(),
            [Effect::StartSend(job)] if job.draft.auth.title() == "IAM"
        ));
        state.handle(Command::Cancel(tab), NOW);
        let mending = Mending::SendAgain;
        let effects = state.handle(Command::Mend { tab, mending }, NOW);
        assert!(matches!(effects.as_slice(), [Effect::StartSend(_)]));
    }

    #[test]
    fn another_algorithm_and_another_profile_are_mended() {
        let (mut state, tab) = opened();
        let draft = &mut state.tabs.get_mut(tab).unwrap().draft;
        draft.auth = AuthSpec::AwsSigV4(AwsAuthSpec {
            profile_name: practice::WRONG_SECRET_PROFILE.into(),
            ..AwsAuthSpec::default()
        });
        draft
            .variables
            .push(Variable::plain("sigv4.algorithm", "v4a"));
        state.tabs.get_mut(tab).unwrap().touch();
        let mending = Mending::Algorithm;
        state.handle(Command::Mend { tab, mending }, NOW);
        let draft = &state.tabs.get(tab).unwrap().draft;
        assert!(draft.variables.iter().all(|v| v.name != "sigv4.algorithm"));
        let mending = Mending::Profile(practice::PROFILE.into());
        state.workspace.profile_override = Some("dev".to_owned());
        state.handle(Command::Mend { tab, mending }, NOW);
        let draft = &state.tabs.get(tab).unwrap().draft;
        assert!(
            matches!(&draft.auth, AuthSpec::AwsSigV4(aws) if aws.profile_name == practice::PROFILE)
        );
        assert_eq!(
            state.workspace.profile_override.as_deref(),
            Some(practice::PROFILE)
        );
    }

    #[test]
    fn keys_of_a_built_in_profile_are_not_asked_for() {
        let (mut state, tab) = opened();
        let built_in = |name: &str| crate::profile::ProfileSummary {
            name: name.to_owned(),
            kind: ProfileKind::BuiltIn,
            source: "built in".to_owned(),
            access_key_id: None,
            account: None,
            region: None,
            expires_at: None,
            unusable: None,
        };
        state.profiles.list = vec![
            built_in(practice::PROFILE),
            built_in(practice::WRONG_SECRET_PROFILE),
        ];
        let explanation = Arc::new(Explanation {
            summary: String::new(),
            causes: vec![crate::explain::Cause {
                code: "wrong-secret",
                title: String::new(),
                likelihood: crate::explain::Likelihood::Likely,
                evidence: Vec::new(),
                fix: String::new(),
                mending: Some(Mending::EnterKeys),
            }],
            comparison: None,
        });
        for (signer, mending) in [
            (
                practice::WRONG_SECRET_PROFILE,
                Some(Mending::Profile(practice::PROFILE.into())),
            ),
            (practice::PROFILE, None),
            ("dev", Some(Mending::EnterKeys)),
        ] {
            state.workspace.profile_override = Some(signer.to_owned());
            let told = state.with_possible_mendings(tab, Arc::clone(&explanation));
            assert_eq!(told.causes[0].mending, mending, "{signer}");
        }
    }

    #[test]
    fn mend_and_send_sends_what_was_mended_and_nothing_that_could_not_be() {
        let (mut state, tab) = opened();
        let mending = Mending::Region("eu-west-1".into());
        let refused = state.handle(
            Command::MendAndSend {
                tab,
                mending: mending.clone(),
            },
            NOW,
        );
        assert_eq!(refused, [], "it is not signed");
        state.tabs.get_mut(tab).unwrap().draft.auth = AuthSpec::AwsSigV4(AwsAuthSpec::default());
        let effects = state.handle(Command::MendAndSend { tab, mending }, NOW);
        let [Effect::StartSend(job)] = effects.as_slice() else {
            panic!("not sent: {effects:?}");
        };
        assert!(matches!(&job.draft.auth, AuthSpec::AwsSigV4(aws) if aws.region == "eu-west-1"));
    }
}
