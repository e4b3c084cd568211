//! `--first-frame`: how long the window took, for packagers' smoke tests and benchmarks.

use std::time::Instant;

use serde_json::json;

use super::window::print_line;

/// The times up to the first frame.
#[derive(Debug)]
pub(super) struct FirstFrame {
    started: Instant,
    window_ms: f64,
    frames: u32,
}

impl FirstFrame {
    /// Begins when the window is there.
    pub(super) fn new(started: Instant) -> Self {
        Self {
            started,
            window_ms: millis(started),
            frames: 0,
        }
    }

    /// Called before each frame. The second call means that the first frame is on the screen: it
    /// prints, and asks for the end.
    pub(super) fn tick(&mut self, ctx: &egui::Context) {
        self.frames += 1;
        match self.frames {
            1 => ctx.request_repaint(),
            2 => {
                print_line(&json!({
                    "window_ms": self.window_ms,
                    "first_frame_ms": millis(self.started),
                    "rss_kib": resident_kib(),
                }));
                ctx.send_viewport_cmd(egui::ViewportCommand::Close);
            }
            _ => {}
        }
    }
}

/// Milliseconds since a time, to a tenth.
fn millis(since: Instant) -> f64 {
    (since.elapsed().as_secs_f64() * 10_000.0).round() / 10.0
}

/// The memory that the process holds; `None` where the system does not tell.
fn resident_kib() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmRSS:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    #[cfg(target_os = "linux")]
    fn the_memory_is_told() {
        assert!(resident_kib().unwrap() > 1000);
    }
}
