//! Clocks, and signatures that have grown old.

use super::{Case, CatalogueEntry, Findings, entry};
use crate::explain::{Given, Likelihood, Mending, Placement};
use crate::sigv4::RequestDateTime;

pub(super) const ENTRIES: [CatalogueEntry; 7] = [
    entry(
        "clock-slow",
        "the signer's clock is slow",
        "set the clock, or sign with a clock offset",
    ),
    entry(
        "clock-fast",
        "the signer's clock is fast",
        "set the clock, or sign with a clock offset",
    ),
    entry(
        "presigned-expired",
        "the presigned URL is older than API Gateway accepts",
        "presign it again; API Gateway accepts a URL for five minutes, whatever X-Amz-Expires says",
    ),
    entry(
        "stale-retry",
        "a retry sent the first try's signature again",
        "sign every try anew, with the time of that try",
    ),
    entry(
        "paused-before-send",
        "minutes passed between signing and sending",
        "sign right before sending: a laptop that slept or a frozen function keeps an old signature",
    ),
    entry(
        "date-format",
        "the time of the request has another form than YYYYMMDDTHHMMSSZ",
        "write x-amz-date in UTC as in 20260102T030405Z: no dashes, no colons, no fractions",
    ),
    entry(
        "time-not-as-sent",
        "another time was signed than the one that was sent",
        "use one time for x-amz-date, for the string to sign and for the scope's date",
    ),
];

/// How far off a clock may be until a bare refusal is blamed on it, in seconds.
const SUSPICIOUS: i64 = 270;

/// What a message about the clock says.
struct ClockMessage {
    signed_at: RequestDateTime,
    gateway: RequestDateTime,
    minutes: Option<u32>,
    is_early: bool,
}

pub(super) fn look(case: &Case<'_>, found: &mut Findings) {
    if let Some(told) = read(case.message()) {
        tell(case, &told, found);
    } else {
        by_date_header(case, found);
    }
    date_format(case, found);
    old_url(case, found);
}

/// A presigned URL that has not been sent yet, and is too old already.
fn old_url(case: &Case<'_>, found: &mut Findings) {
    let (Some(now), Some(signed_at), true) =
        (case.known.now, case.signed_at(), case.is_unanswered())
    else {
        return;
    };
    let is_ours = case.signature().is_some_and(|signature| {
        signature.placement == Placement::Query
            && signature
                .scope()
                .is_some_and(|scope| scope.service == "execute-api")
    });
    let age = seconds(now) - seconds(signed_at);
    if is_ours && age > 300 {
        found
            .add("presigned-expired", Likelihood::VeryLikely)
            .saw(format!("it was signed {} ago", words(age)))
            .mend(Mending::SendAgain);
    }
}

/// `Signature expired: A is now earlier than B (C - 5 min.)`, and its twin.
fn read(message: &str) -> Option<ClockMessage> {
    let (rest, is_early) = match message.split_once("Signature expired: ") {
        Some((_, rest)) => (rest, false),
        None => (message.split_once("Signature not yet current: ")?.1, true),
    };
    let signed_at = RequestDateTime::parse(rest.get(..16)?)?;
    let (_, bracket) = rest.split_once('(')?;
    let gateway = RequestDateTime::parse(bracket.get(..16)?)?;
    let minutes = bracket
        .split_once(" min")
        .and_then(|(before, _)| before.rsplit(' ').next()?.parse().ok());
    Some(ClockMessage {
        signed_at,
        gateway,
        minutes,
        is_early,
    })
}

fn seconds(time: RequestDateTime) -> i64 {
    time.time()
        .duration_since(std::time::UNIX_EPOCH)
        .ok()
        .and_then(|since| i64::try_from(since.as_secs()).ok())
        .unwrap_or_default()
}

/// In words: `20 min 4 s`.
fn words(seconds: i64) -> String {
    let seconds = seconds.unsigned_abs();
    let (days, hours) = (seconds / 86_400, seconds / 3_600 % 24);
    let (minutes, rest) = (seconds / 60 % 60, seconds % 60);
    if days > 0 {
        format!("{days} d {hours} h")
    } else if hours > 0 {
        format!("{hours} h {minutes} min")
    } else if minutes > 0 {
        format!("{minutes} min {rest} s")
    } else {
        format!("{rest} s")
    }
}

fn tell(case: &Case<'_>, told: &ClockMessage, found: &mut Findings) {
    let late = seconds(told.gateway) - seconds(told.signed_at);
    let seen = format!(
        "the signature's time is {}, the gateway's {}: {} {}",
        told.signed_at,
        told.gateway,
        words(late),
        if late < 0 { "ahead" } else { "behind" }
    );
    let window = told.minutes.map(|minutes| {
        format!("the message itself says that {minutes} minutes either way are accepted")
    });
    let add = |found: &mut Findings, code, likelihood, more: Option<String>, mending| {
        let mut telling = found.add(code, likelihood).saw(seen.clone());
        for evidence in more.into_iter().chain(window.clone()) {
            telling = telling.saw(evidence);
        }
        telling.mend(mending);
    };
    // The clock of this machine against the gateway's, if the answer came just now.
    let off = case
        .known
        .now
        .map(|now| seconds(told.gateway) - seconds(now));
    let offset = Mending::ClockOffset(off.unwrap_or(late));
    if told.is_early {
        add(
            found,
            "clock-fast",
            Likelihood::VeryLikely,
            None,
            Some(offset),
        );
        return;
    }
    let is_presigned = case
        .signature()
        .is_some_and(|signature| signature.placement == Placement::Query);
    let waited = case
        .known
        .sent_at
        .zip(case.signed_at())
        .map(|(sent, signed)| seconds(sent) - seconds(signed))
        .filter(|waited| *waited > 60);
    let clock_is_right = off.is_some_and(|off| off.abs() < 60);
    // This program signs right before it sends, every try anew.
    if case.evidence.given == Given::Exchange && clock_is_right {
        let more = "this machine's clock agrees with the gateway's: another time was set for the signature";
        add(
            found,
            "clock-slow",
            Likelihood::VeryLikely,
            Some(more.to_owned()),
            Some(offset),
        );
        return;
    }
    let is_retry = case.known.attempt.is_some_and(|attempt| attempt > 1);
    if let Some(waited) = waited.filter(|_| !is_presigned) {
        let more = format!("it was sent {} after it was signed", words(waited));
        let code = if is_retry {
            "stale-retry"
        } else {
            "paused-before-send"
        };
        add(
            found,
            code,
            Likelihood::Proven,
            Some(more),
            Some(Mending::SendAgain),
        );
        return;
    }
    if is_presigned {
        let more = case
            .signature()
            .and_then(|signature| signature.expires.as_deref())
            .map(|expires| format!("X-Amz-Expires={expires} does not count on API Gateway"));
        add(
            found,
            "presigned-expired",
            Likelihood::VeryLikely,
            more,
            Some(Mending::SendAgain),
        );
    }
    if clock_is_right {
        let more = Some("this machine's clock agrees with the gateway's".to_owned());
        let code = if is_retry {
            "stale-retry"
        } else {
            "paused-before-send"
        };
        add(
            found,
            code,
            Likelihood::VeryLikely,
            more,
            Some(Mending::SendAgain),
        );
        return;
    }
    let more = off.map(|off| {
        format!(
            "this machine's clock is {} {} the gateway's",
            words(off),
            if off < 0 { "ahead of" } else { "behind" }
        )
    });
    let clock = if is_presigned {
        Likelihood::Likely
    } else {
        Likelihood::VeryLikely
    };
    add(found, "clock-slow", clock, more, Some(offset));
    for code in ["stale-retry", "paused-before-send"] {
        add(
            found,
            code,
            Likelihood::Possible,
            None,
            Some(Mending::SendAgain),
        );
    }
}

/// A bare refusal whose `Date` is far from the signature's time: HTTP APIs say no more.
fn by_date_header(case: &Case<'_>, found: &mut Findings) {
    let date = case
        .refusal()
        .and_then(|answer| answer.header("date"))
        .and_then(|date| jiff::fmt::rfc2822::parse(date).ok())
        .map(|date| date.timestamp().as_second());
    let (Some(date), Some(signed_at)) = (date, case.signed_at()) else {
        return;
    };
    let late = date - seconds(signed_at);
    let is_bare = case.status() == Some(403) && case.message() == "Forbidden";
    if !is_bare || late.abs() < SUSPICIOUS {
        return;
    }
    let code = if late > 0 { "clock-slow" } else { "clock-fast" };
    found
        .add(code, Likelihood::VeryLikely)
        .saw(format!(
            "the answer's Date is {} {} the signature's time",
            words(late),
            if late > 0 { "after" } else { "before" }
        ))
        .mend(Mending::ClockOffset(late));
}

fn date_format(case: &Case<'_>, found: &mut Findings) {
    if let Some(given) = case.between("'basic format'. Got '", "'") {
        found
            .add("date-format", Likelihood::Proven)
            .saw(format!("the gateway read “{given}”"));
    } else if let Some(given) = case
        .signature()
        .and_then(|signature| signature.date_time.as_deref())
        .filter(|given| RequestDateTime::parse(given).is_none())
        .filter(|given| jiff::fmt::rfc2822::parse(given).is_err())
    {
        found
            .add("date-format", case.visible())
            .saw(format!("the time is written “{given}”"));
    }
}
