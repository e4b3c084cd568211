//! The window's icon: a gate's arch with a countersign, the two strokes of a check, in it.
//!
//! `assets/icon.svg` is the same drawing.

use egui::{Color32, IconData, Pos2, Theme, pos2};

use super::Tokens;

/// How many samples a pixel takes in each direction.
const SAMPLES: usize = 4;

/// The icon, `size` pixels wide and high.
pub fn window_icon(size: usize) -> IconData {
    let tokens = Tokens::for_theme(Theme::Light);
    let mut rgba = Vec::with_capacity(size * size * 4);
    let step = 64.0 / (size * SAMPLES) as f32;
    for y in 0..size {
        for x in 0..size {
            let (mut plate, mut sign) = (0_u32, 0_u32);
            for sy in 0..SAMPLES {
                for sx in 0..SAMPLES {
                    let at = pos2(
                        ((x * SAMPLES + sx) as f32 + 0.5) * step,
                        ((y * SAMPLES + sy) as f32 + 0.5) * step,
                    );
                    if in_plate(at) {
                        plate += 1;
                        sign += u32::from(in_sign(at));
                    }
                }
            }
            let all = (SAMPLES * SAMPLES) as u32;
            let colour = mix(tokens.accent, tokens.on_accent, sign, plate.max(1));
            rgba.extend([
                colour.r(),
                colour.g(),
                colour.b(),
                (plate * 255 / all) as u8,
            ]);
        }
    }
    IconData {
        rgba,
        width: size as u32,
        height: size as u32,
    }
}

fn mix(a: Color32, b: Color32, part: u32, whole: u32) -> Color32 {
    a.lerp_to_gamma(b, part as f32 / whole as f32)
}

/// The plate: a square of 60 with corners of 14, in a field of 64.
fn in_plate(at: Pos2) -> bool {
    let inside = pos2(at.x.clamp(16.0, 48.0), at.y.clamp(16.0, 48.0));
    at.distance(inside) <= 14.0
}

/// The gate's arch and the check under it.
fn in_sign(at: Pos2) -> bool {
    let arch = {
        let centre = pos2(32.0, 30.0);
        let ring = (at.distance(centre) - 16.0).abs() <= 2.5 && at.y <= 30.0;
        let posts = (at.y > 30.0 && at.y <= 48.0) && ((at.x - 32.0).abs() - 16.0).abs() <= 2.5;
        ring || posts
    };
    arch || near_line(at, pos2(24.5, 36.5), pos2(30.5, 42.5))
        || near_line(at, pos2(30.5, 42.5), pos2(40.0, 29.5))
}

fn near_line(at: Pos2, from: Pos2, to: Pos2) -> bool {
    let along = to - from;
    let t = ((at - from).dot(along) / along.length_sq()).clamp(0.0, 1.0);
    at.distance(from + along * t) <= 2.5
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_icon_is_a_plate_with_a_sign_on_it() {
        let icon = window_icon(64);
        assert_eq!(icon.rgba.len(), 64 * 64 * 4);
        let pixel = |x: usize, y: usize| -> [u8; 4] {
            icon.rgba[(y * 64 + x) * 4..][..4].try_into().unwrap()
        };
        let tokens = Tokens::for_theme(Theme::Light);
        assert_eq!(pixel(0, 0)[3], 0, "the corners are clear");
        assert_eq!(pixel(32, 6)[..3], tokens.accent.to_array()[..3]);
        assert_eq!(pixel(32, 14)[..3], tokens.on_accent.to_array()[..3]);
    }
}
