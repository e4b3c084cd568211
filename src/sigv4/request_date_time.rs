//! The time of a signature.

use std::fmt;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// The last second that can be written: 9999-12-30T22:00:00Z, the end of [`Timestamp`].
const LAST: u64 = 253_402_207_200;

/// `RequestDateTime`: whole seconds, written `YYYYMMDDTHHMMSSZ` (ISO 8601 basic, UTC), from 1970 to
/// the end of the year 9999; a time outside becomes the nearest inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestDateTime(SystemTime);

impl RequestDateTime {
    /// The second in which a time lies.
    pub fn new(time: SystemTime) -> Self {
        let whole = time
            .duration_since(SystemTime::UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        Self(SystemTime::UNIX_EPOCH + Duration::from_secs(whole.min(LAST)))
    }

    /// Reads `YYYYMMDDTHHMMSSZ`, and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let is_shape = text.len() == 16
            && text.bytes().enumerate().all(|(i, b)| match i {
                8 => b == b'T',
                15 => b == b'Z',
                _ => b.is_ascii_digit(),
            });
        if !is_shape {
            return None;
        }
        let two = |at: usize| text.get(at..at + 2)?.parse::<i8>().ok();
        let year = text.get(..4)?.parse().ok()?;
        let civil = DateTime::new(year, two(4)?, two(6)?, two(9)?, two(11)?, two(13)?, 0).ok()?;
        let timestamp = TimeZone::UTC.to_timestamp(civil).ok()?;
        let seconds = u64::try_from(timestamp.as_second()).ok()?;
        Some(Self(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)))
    }

    /// The time.
    pub fn time(self) -> SystemTime {
        self.0
    }

    /// So many seconds later, or earlier if negative.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        let by = Duration::from_secs(seconds.unsigned_abs());
        if seconds < 0 {
            Self::new(self.0.checked_sub(by).unwrap_or(SystemTime::UNIX_EPOCH))
        } else {
            let last = SystemTime::UNIX_EPOCH + Duration::from_secs(LAST);
            Self::new(self.0.checked_add(by).unwrap_or(last))
        }
    }

    /// `YYYYMMDD`, as in the credential scope.
    pub fn date(self) -> String {
        let mut out = String::with_capacity(8);
        push_date(self.civil(), &mut out);
        out
    }

    /// Appends it as written: without a formatter, which takes longer than all of a hash.
    pub(super) fn write(self, out: &mut String) {
        let time = self.civil();
        push_date(time, out);
        out.push('T');
        for part in [time.hour(), time.minute(), time.second()] {
            push_two(part.into(), out);
        }
        out.push('Z');
    }

    fn civil(self) -> DateTime {
        TimeZone::UTC.to_datetime(Timestamp::try_from(self.0).unwrap_or_default())
    }
}

impl fmt::Display for RequestDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::with_capacity(16);
        self.write(&mut text);
        f.write_str(&text)
    }
}

/// `YYYYMMDD` of a year from 1970 to 9999.
fn push_date(day: DateTime, out: &mut String) {
    let year = day.year();
    for part in [year / 100, year % 100, day.month().into(), day.day().into()] {
        push_two(part, out);
    }
}

/// Two digits of a number from 0 to 99.
fn push_two(number: i16, out: &mut String) {
    for digit in [number / 10, number % 10] {
        out.push(char::from(b'0' + digit as u8));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn written_and_read_back() {
        let time = RequestDateTime::parse("20150830T123600Z").unwrap();
        assert_eq!(
            time.time()
                .duration_since(SystemTime::UNIX_EPOCH)
                .unwrap()
                .as_secs(),
            1_440_938_160
        );
        assert_eq!(time.to_string(), "20150830T123600Z");
        assert_eq!(time.date(), "20150830");
    }

    #[test]
    fn times_that_cannot_be_written_become_the_nearest() {
        let far = SystemTime::UNIX_EPOCH + Duration::from_secs(1 << 40);
        assert_eq!(RequestDateTime::new(far).to_string(), "99991230T220000Z");
        let before = SystemTime::UNIX_EPOCH - Duration::from_secs(1);
        assert_eq!(RequestDateTime::new(before).to_string(), "19700101T000000Z");
        let time = RequestDateTime::parse("20150830T123600Z").unwrap();
        assert_eq!(time.plus_seconds(i64::MAX).to_string(), "99991230T220000Z");
        assert_eq!(time.plus_seconds(i64::MIN).to_string(), "19700101T000000Z");
        assert_eq!(time.plus_seconds(-60).to_string(), "20150830T123500Z");
    }

    #[test]
    fn other_forms_are_refused() {
        for text in [
            "2015-08-30T12:36:00Z",
            "20150830T123600",
            "20151330T123600Z",
            "20150830T123660Z",
            "",
            "20150830T1236000",
            "20150230T123600Z",
            "99991231T235959Z",
        ] {
            assert_eq!(RequestDateTime::parse(text), None, "{text}");
        }
    }
}
