//! Times and sizes in words.

use std::time::{Duration, SystemTime};

/// `12.4 ms`, `1.25 s`, `2 min 5 s`.
pub(super) fn span(time: Duration) -> String {
    let seconds = time.as_secs_f64();
    if seconds < 0.001 {
        format!("{} µs", time.as_micros())
    } else if seconds < 0.0995 {
        format!("{:.1} ms", seconds * 1e3)
    } else if seconds < 0.9995 {
        format!("{:.0} ms", seconds * 1e3)
    } else if seconds < 60.0 {
        format!("{seconds:.2} s")
    } else {
        format!("{} min {} s", time.as_secs() / 60, time.as_secs() % 60)
    }
}

/// A time that runs: tenths of a second.
pub(super) fn elapsed(time: Duration) -> String {
    format!("{:.1} s", time.as_secs_f64())
}

/// `812 B`, `1.2 kB`, `104 MB`: powers of 1000.
pub(in crate::ui) fn size(bytes: u64) -> String {
    let mut value = bytes as f64;
    if bytes < 1000 {
        return format!("{bytes} B");
    }
    for unit in ["kB", "MB", "GB"] {
        value /= 1000.0;
        if value < 9.95 {
            return format!("{value:.1} {unit}");
        }
        if value < 999.5 {
            return format!("{value:.0} {unit}");
        }
    }
    format!("{value:.0} GB")
}

/// `10:12:03 UTC`.
pub(super) fn clock(time: SystemTime) -> String {
    jiff::Timestamp::try_from(time)
        .map(|time| time.strftime("%H:%M:%S UTC").to_string())
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times() {
        for (micros, text) in [
            (420, "420 µs"),
            (12_430, "12.4 ms"),
            (99_960, "100 ms"),
            (650_400, "650 ms"),
            (999_900, "1.00 s"),
            (1_254_000, "1.25 s"),
            (125_400_000, "2 min 5 s"),
        ] {
            assert_eq!(span(Duration::from_micros(micros)), text);
        }
        assert_eq!(elapsed(Duration::from_millis(1240)), "1.2 s");
    }

    #[test]
    fn sizes() {
        for (bytes, text) in [
            (0, "0 B"),
            (812, "812 B"),
            (1_234, "1.2 kB"),
            (9_990, "10 kB"),
            (999_800, "1.0 MB"),
            (104_000_000, "104 MB"),
            (5_000_000_000_000, "5000 GB"),
        ] {
            assert_eq!(size(bytes), text);
        }
    }

    #[test]
    fn clocks() {
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(1_440_938_163);
        assert_eq!(clock(time), "12:36:03 UTC");
    }
}
