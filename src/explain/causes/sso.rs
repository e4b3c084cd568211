//! Single sign-on, told by whatever wanted its credentials.

use super::{Case, CatalogueEntry, Findings, entry};
use crate::explain::{Likelihood, Mending};

pub(super) const ENTRIES: [CatalogueEntry; 4] = [
    entry(
        "sso-token-invalid",
        "the single sign-on's access token is over or was taken back",
        "log in again: aws sso login; if that does not help, aws sso logout first",
    ),
    entry(
        "sso-refresh-failed",
        "the single sign-on's token has expired and could not be renewed",
        "log in again: aws sso login",
    ),
    entry(
        "sso-session-expired",
        "the profile's single sign-on session has expired",
        "log in again: aws sso login --profile with this profile",
    ),
    entry(
        "sso-grant-over",
        "the single sign-on's registration or session is over",
        "log in again: aws sso login; a session lasts eight hours unless set otherwise",
    ),
];

pub(super) fn look(case: &Case<'_>, found: &mut Findings) {
    let is_portal = case.says("com.amazonaws.switchboard.portal");
    let code = if case.says("Session token not found or invalid") || is_portal {
        "sso-token-invalid"
    } else if case.says("Token has expired and refresh failed") {
        "sso-refresh-failed"
    } else if case.says("The SSO session associated with this profile has expired") {
        "sso-session-expired"
    } else if case.error_type().starts_with("InvalidGrant") || case.says("InvalidGrantException") {
        "sso-grant-over"
    } else {
        return;
    };
    found
        .add(code, Likelihood::Proven)
        .saw("the message is one of AWS's single sign-on, not of an API")
        .mend(Mending::RenewCredentials);
}
