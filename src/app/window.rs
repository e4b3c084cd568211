//! Opens the window, and says in plain words why it could not.

use std::any::Any;
use std::io::Write as _;
use std::panic::{
    AssertUnwindSafe, PanicHookInfo, catch_unwind, resume_unwind, set_hook, take_hook,
};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use super::startup::{AppPorts, Start, StartupError};
use super::{App, first_frame::FirstFrame};
use crate::ui::theme;

/// What `run_window` needs to know.
#[derive(Clone, Debug)]
pub struct WindowOptions {
    /// The collection to open, in place of the last one.
    pub collection: Option<PathBuf>,
    /// Open the window, tell how long that took, and exit.
    pub first_frame: bool,
    /// When the process began.
    pub started: Instant,
}

/// Why there is no window.
#[derive(Debug, thiserror::Error)]
pub enum WindowError {
    /// No display to open it on.
    #[error("there is no display to open a window on: DISPLAY and WAYLAND_DISPLAY are not set")]
    NoDisplay,
    /// The display does not let anyone in.
    #[error("the display cannot be used: {0}")]
    Display(String),
    /// A library that windows need is missing.
    #[error(
        "the library {library} is missing; on Debian and Ubuntu it is in the package {package}"
    )]
    MissingLibrary {
        /// The library's file.
        library: String,
        /// The Debian package that has it.
        package: &'static str,
    },
    /// No way to draw.
    #[error(
        "there is no OpenGL to draw with; on Debian and Ubuntu install libegl1 and libgl1-mesa-dri ({0})"
    )]
    NoGraphics(String),
    /// Something before the window failed.
    #[error(transparent)]
    Startup(#[from] StartupError),
    /// Anything else.
    #[error("the window could not be opened: {0}")]
    Other(String),
}

impl WindowError {
    /// What can be done instead.
    pub fn hint(&self) -> &'static str {
        "without a window there are: countersign explain, gateway, profiles, send, sign (see countersign --help)"
    }
}

/// Opens the window for the terminal: a failure is told in two lines on standard error. Gives the
/// exit code.
pub fn run(options: WindowOptions) -> u8 {
    match run_window(options) {
        Ok(()) => 0,
        Err(error) => {
            // If nobody reads standard error, there is nobody to tell.
            writeln!(std::io::stderr(), "countersign: {error}\n{}", error.hint()).ok();
            1
        }
    }
}

/// Opens the window and stays until it is closed.
pub fn run_window(options: WindowOptions) -> Result<(), WindowError> {
    if cfg!(target_os = "linux") && !has_display() {
        return Err(WindowError::NoDisplay);
    }
    let ports = AppPorts::real()?;
    let native = eframe::NativeOptions {
        viewport: egui::ViewportBuilder::default()
            .with_title("Countersign")
            .with_app_id("countersign")
            .with_icon(Arc::new(theme::window_icon(128)))
            .with_inner_size([1280.0, 820.0])
            .with_min_inner_size([880.0, 560.0])
            .with_min_inner_size([720.0, 480.0]),
        persistence_path: Some(ports.home.window_file()),
        ..eframe::NativeOptions::default()
    };
    let WindowOptions {
        collection,
        first_frame,
        started,
    } = options;
    let outcome = catch_library_panic(AssertUnwindSafe(|| {
        eframe::run_native(
            "countersign",
            native,
            Box::new(move |cc| {
                let mut app = App::new(cc, ports, Start { collection })?;
                if first_frame {
                    app.first_frame = Some(FirstFrame::new(started));
                }
                Ok(Box::new(app))
            }),
        )
    }));
    match outcome {
        Ok(Ok(())) => Ok(()),
        Ok(Err(error)) => Err(told(&error)),
        Err(payload) => {
            let text = panic_text(&*payload);
            match missing_library(&text) {
                Some(error) => Err(error),
                None => resume_unwind(payload),
            }
        }
    }
}

/// Whether a display is named at all.
fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY", "WAYLAND_SOCKET"]
        .iter()
        .any(|name| std::env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Runs something in which `xkbcommon-dl` panics when its library is missing; that panic prints
/// nothing, every other one prints as usual.
fn catch_library_panic<T>(
    work: AssertUnwindSafe<impl FnOnce() -> T>,
) -> Result<T, Box<dyn Any + Send>> {
    let usual: Arc<dyn Fn(&PanicHookInfo<'_>) + Send + Sync> = Arc::from(take_hook());
    let after = Arc::clone(&usual);
    set_hook(Box::new(move |info| {
        if missing_library(&panic_text(info.payload())).is_none() {
            usual(info);
        }
    }));
    let outcome = catch_unwind(work);
    set_hook(Box::new(move |info| after(info)));
    outcome
}

fn panic_text(payload: &(dyn Any + Send)) -> String {
    payload
        .downcast_ref::<String>()
        .cloned()
        .or_else(|| {
            payload
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
        })
        .unwrap_or_default()
}

/// The libraries that are opened when the window is, and the Debian packages that have them.
const LIBRARIES: [(&str, &str); 9] = [
    ("libxkbcommon-x11", "libxkbcommon-x11-0"),
    ("libxkbcommon", "libxkbcommon0"),
    ("libXcursor", "libxcursor1"),
    ("libXi", "libxi6"),
    ("libX11-xcb", "libx11-xcb1"),
    ("libX11", "libx11-6"),
    ("libEGL", "libegl1"),
    ("libGL", "libgl1"),
    ("libwayland-client", "libwayland-client0"),
];

/// The missing library that a text is about.
fn missing_library(text: &str) -> Option<WindowError> {
    let is_about_loading = [
        "could not be loaded",
        "LibraryOpenError",
        "cannot open shared object",
    ]
    .iter()
    .any(|words| text.contains(words));
    let (library, package) = LIBRARIES
        .iter()
        .find(|(library, _)| text.contains(library))?;
    is_about_loading.then(|| WindowError::MissingLibrary {
        library: format!("{library}.so"),
        package,
    })
}

fn told(error: &eframe::Error) -> WindowError {
    let text = format!("{error} {error:?}");
    if let Some(missing) = missing_library(&text) {
        return missing;
    }
    match error {
        eframe::Error::NoGlutinConfigs(..)
        | eframe::Error::Glutin(_)
        | eframe::Error::OpenGL(_) => WindowError::NoGraphics(short(&error.to_string())),
        eframe::Error::WinitEventLoop(_) | eframe::Error::Winit(_) => {
            WindowError::Display(short(&error.to_string()))
        }
        eframe::Error::AppCreation(source) => WindowError::Other(source.to_string()),
    }
}

/// The first line of a text, not too long, and without the place in a library's source that it was
/// raised at.
fn short(text: &str) -> String {
    let told = text
        .split_once(".rs:")
        .and_then(|(_, rest)| rest.split_once(": "))
        .map_or(text, |(_, told)| told);
    told.lines()
        .next()
        .unwrap_or_default()
        .chars()
        .take(160)
        .collect()
}

/// Prints one line of JSON on standard output.
pub(super) fn print_line(json: &serde_json::Value) {
    // Nobody may be listening, and there is no other place to say so.
    writeln!(std::io::stdout(), "{json}").ok();
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_library_is_told_with_its_package() {
        let error =
            missing_library("Library libxkbcommon-x11.so could not be loaded.: ..").unwrap();
        assert_eq!(
            error.to_string(),
            "the library libxkbcommon-x11.so is missing; on Debian and Ubuntu it is in the package libxkbcommon-x11-0"
        );
        let text = "XNotSupported(LibraryOpenError(OpenError { detail: \"opening library failed (libXcursor.so.1: cannot open shared object file)\"";
        assert!(matches!(
            missing_library(text),
            Some(WindowError::MissingLibrary {
                package: "libxcursor1",
                ..
            })
        ));
        assert!(missing_library("index out of bounds in libGL").is_none());
    }

    #[test]
    fn a_place_in_a_librarys_source_is_no_news() {
        let text =
            "winit EventLoopError: os error at /x/winit/src/linux/mod.rs:788: Failed to open";
        assert_eq!(short(text), "Failed to open");
        assert_eq!(short("plain\nmore"), "plain");
    }

    #[test]
    fn the_library_panic_is_caught_and_others_pass_on() {
        let caught = catch_library_panic(AssertUnwindSafe(|| {
            panic!("Library libxkbcommon-x11.so could not be loaded.")
        }));
        let Err(payload) = caught.map(|(): ()| ()) else {
            panic!("not caught")
        };
        assert!(missing_library(&panic_text(&*payload)).is_some());
        assert_eq!(catch_library_panic(AssertUnwindSafe(|| 7)).ok(), Some(7));
    }
}
