//! The time of a signature.

use std::fmt;
use std::time::{Duration, SystemTime};

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// `RequestDateTime`: whole seconds, written `YYYYMMDDTHHMMSSZ` (ISO 8601 basic, UTC).
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestDateTime(SystemTime);

impl RequestDateTime {
    /// The second in which a time lies.
    pub fn new(time: SystemTime) -> Self {
        let whole = time
            .duration_since(SystemTime::UNIX_EPOCH)
            .map_or(0, |since| since.as_secs());
        Self(SystemTime::UNIX_EPOCH + Duration::from_secs(whole))
    }

    /// Reads `YYYYMMDDTHHMMSSZ`, and nothing else.
    pub fn parse(text: &str) -> Option<Self> {
        let shape = text.len() == 16
            && text.bytes().enumerate().all(|(i, b)| match i {
                8 => b == b'T',
                15 => b == b'Z',
                _ => b.is_ascii_digit(),
            });
        if !shape {
            return None;
        }
        let civil = DateTime::strptime("%Y%m%dT%H%M%S", text.get(..15)?).ok()?;
        let timestamp = TimeZone::UTC.to_timestamp(civil).ok()?;
        let seconds = u64::try_from(timestamp.as_second()).ok()?;
        let read = Self(SystemTime::UNIX_EPOCH + Duration::from_secs(seconds));
        // A leap second would be read as the second before it.
        (read.to_string() == text).then_some(read)
    }

    /// The time.
    pub fn time(self) -> SystemTime {
        self.0
    }

    /// So many seconds later, or earlier if negative; a time before 1970 becomes its first second.
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        let by = Duration::from_secs(seconds.unsigned_abs());
        let moved = if seconds < 0 {
            self.0.checked_sub(by)
        } else {
            self.0.checked_add(by)
        };
        Self(moved.map_or(SystemTime::UNIX_EPOCH, |time| {
            time.max(SystemTime::UNIX_EPOCH)
        }))
    }

    /// `YYYYMMDD`, as in the credential scope.
    pub fn date(self) -> String {
        self.to_string().chars().take(8).collect()
    }
}

impl fmt::Display for RequestDateTime {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let timestamp = Timestamp::try_from(self.0).unwrap_or_default();
        write!(f, "{}", timestamp.strftime("%Y%m%dT%H%M%SZ"))
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
    fn other_forms_are_refused() {
        for text in [
            "2015-08-30T12:36:00Z",
            "20150830T123600",
            "20151330T123600Z",
            "20150830T123660Z",
            "",
            "20150830T1236000",
        ] {
            assert_eq!(RequestDateTime::parse(text), None, "{text}");
        }
    }
}
