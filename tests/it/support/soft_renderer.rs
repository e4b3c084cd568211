//! Draws egui's meshes on the CPU: the same picture everywhere, with no GPU and no driver.

use std::collections::HashMap;

use egui::epaint::{ImageData, Primitive, Vertex};
use egui::{ClippedPrimitive, Rect, TextureFilter, TextureId, TexturesDelta};
use egui_kittest::TestRenderer;
use image::RgbaImage;

/// Red, green, blue, alpha, premultiplied, from 0 to 1.
type Pixel = [f32; 4];

/// A [`TestRenderer`] that needs nothing but memory.
#[derive(Default)]
pub(crate) struct SoftRenderer {
    textures: HashMap<TextureId, Texture>,
}

struct Texture {
    width: usize,
    pixels: Vec<Pixel>,
    is_smooth: bool,
}

impl Texture {
    fn at(&self, x: i32, y: i32) -> Pixel {
        let height = self.pixels.len() / self.width;
        let x = (x.max(0) as usize).min(self.width - 1);
        let y = (y.max(0) as usize).min(height - 1);
        self.pixels[y * self.width + x]
    }

    fn sample(&self, u: f32, v: f32) -> Pixel {
        let height = self.pixels.len() / self.width;
        let (x, y) = (u * self.width as f32, v * height as f32);
        if !self.is_smooth {
            return self.at(x.floor() as i32, y.floor() as i32);
        }
        let (x, y) = (x - 0.5, y - 0.5);
        let (left, top) = (x.floor(), y.floor());
        let (fx, fy) = (x - left, y - top);
        let (left, top) = (left as i32, top as i32);
        let corners = [
            (self.at(left, top), (1.0 - fx) * (1.0 - fy)),
            (self.at(left + 1, top), fx * (1.0 - fy)),
            (self.at(left, top + 1), (1.0 - fx) * fy),
            (self.at(left + 1, top + 1), fx * fy),
        ];
        let mut mixed = [0.0; 4];
        for (pixel, weight) in corners {
            for (sum, part) in mixed.iter_mut().zip(pixel) {
                *sum += part * weight;
            }
        }
        mixed
    }
}

/// The picture while it is painted.
struct Canvas {
    width: usize,
    height: usize,
    scale: f32,
    pixels: Vec<Pixel>,
}

impl Canvas {
    /// The pixels that a rectangle of points covers.
    fn bounds(&self, rect: Rect) -> [usize; 4] {
        let x = |x: f32| (x * self.scale).round().clamp(0.0, self.width as f32) as usize;
        let y = |y: f32| (y * self.scale).round().clamp(0.0, self.height as f32) as usize;
        [x(rect.min.x), y(rect.min.y), x(rect.max.x), y(rect.max.y)]
    }

    #[expect(clippy::float_cmp, reason = "a pixel lies on an edge or it does not")]
    fn triangle(&mut self, clip: [usize; 4], mut corners: [Vertex; 3], texture: &Texture) {
        let scale = f64::from(self.scale);
        let place = |vertex: &Vertex| {
            [
                f64::from(vertex.pos.x) * scale,
                f64::from(vertex.pos.y) * scale,
            ]
        };
        let side = |a: [f64; 2], b: [f64; 2], c: [f64; 2]| {
            (b[0] - a[0]) * (c[1] - a[1]) - (b[1] - a[1]) * (c[0] - a[0])
        };
        let mut area = side(place(&corners[0]), place(&corners[1]), place(&corners[2]));
        if area == 0.0 || !area.is_finite() {
            return;
        }
        if area < 0.0 {
            corners.swap(1, 2);
            area = -area;
        }
        let at = [place(&corners[0]), place(&corners[1]), place(&corners[2])];
        // A pixel on an edge that two triangles share belongs to one of them.
        let owns = |a: [f64; 2], b: [f64; 2]| (a[1] == b[1] && b[0] > a[0]) || b[1] < a[1];
        let owned = [owns(at[1], at[2]), owns(at[2], at[0]), owns(at[0], at[1])];
        let low = |axis: usize| at.iter().map(|p| p[axis]).fold(f64::MAX, f64::min);
        let high = |axis: usize| at.iter().map(|p| p[axis]).fold(f64::MIN, f64::max);
        let left = clip[0].max(low(0).floor().max(0.0) as usize);
        let top = clip[1].max(low(1).floor().max(0.0) as usize);
        let right = clip[2].min(high(0).ceil().max(0.0) as usize);
        let bottom = clip[3].min(high(1).ceil().max(0.0) as usize);
        let colours = corners.map(|corner| corner.color.to_array().map(|c| f32::from(c) / 255.0));
        let [first, ..] = corners;
        let is_plain = corners
            .iter()
            .all(|corner| corner.color == first.color && corner.uv == first.uv);
        let plain = {
            let texel = texture.sample(first.uv.x, first.uv.y);
            let colour: Pixel = std::array::from_fn(|i| texel[i] * colours[0][i]);
            colour
        };
        // The sides change by the same amount from pixel to pixel.
        let sides = [(at[1], at[2]), (at[2], at[0]), (at[0], at[1])];
        let step = sides.map(|(a, b)| a[1] - b[1]);
        for y in top..bottom {
            let start = [left as f64 + 0.5, y as f64 + 0.5];
            let mut parts = sides.map(|(a, b)| side(a, b, start));
            let line = &mut self.pixels[y * self.width..][left..right.max(left)];
            for below in line {
                let [a, b, c] = parts;
                parts = [a + step[0], b + step[1], c + step[2]];
                if a < 0.0 || b < 0.0 || c < 0.0 {
                    continue;
                }
                if (a == 0.0 && !owned[0]) || (b == 0.0 && !owned[1]) || (c == 0.0 && !owned[2]) {
                    continue;
                }
                let colour = if is_plain {
                    plain
                } else {
                    let weights = [a, b, c].map(|part| (part / area) as f32);
                    let mix = |values: [f32; 3]| {
                        values[0] * weights[0] + values[1] * weights[1] + values[2] * weights[2]
                    };
                    let texel = texture.sample(
                        mix(corners.map(|corner| corner.uv.x)),
                        mix(corners.map(|corner| corner.uv.y)),
                    );
                    std::array::from_fn(|channel| {
                        texel[channel] * mix(colours.map(|colour| colour[channel]))
                    })
                };
                let under = 1.0 - colour[3];
                *below = [
                    colour[0] + below[0] * under,
                    colour[1] + below[1] * under,
                    colour[2] + below[2] * under,
                    colour[3] + below[3] * under,
                ];
            }
        }
    }

    fn paint(&mut self, primitives: &[ClippedPrimitive], textures: &HashMap<TextureId, Texture>) {
        for primitive in primitives {
            let Primitive::Mesh(mesh) = &primitive.primitive else {
                continue;
            };
            let Some(texture) = textures.get(&mesh.texture_id) else {
                continue;
            };
            let clip = self.bounds(primitive.clip_rect);
            for corners in mesh.indices.as_chunks::<3>().0 {
                let corners = corners.map(|index| mesh.vertices[index as usize]);
                self.triangle(clip, corners, texture);
            }
        }
    }
}

impl TestRenderer for SoftRenderer {
    #[expect(
        clippy::iter_over_hash_type,
        reason = "each texture has a place of its own"
    )]
    fn handle_delta(&mut self, delta: &mut TexturesDelta) {
        for (id, patches) in &delta.set {
            for patch in patches {
                let ImageData::Color(image) = &patch.image;
                let pixels = image
                    .pixels
                    .iter()
                    .map(|pixel| pixel.to_array().map(|c| f32::from(c) / 255.0));
                let [width, height] = image.size;
                match patch.pos {
                    None => {
                        let texture = Texture {
                            width,
                            pixels: pixels.collect(),
                            is_smooth: patch.options.magnification == TextureFilter::Linear,
                        };
                        self.textures.insert(*id, texture);
                    }
                    Some([x, y]) => {
                        let texture = self.textures.get_mut(id).expect("the texture is known");
                        let pixels: Vec<Pixel> = pixels.collect();
                        for row in 0..height {
                            let to = (y + row) * texture.width + x;
                            texture.pixels[to..to + width]
                                .copy_from_slice(&pixels[row * width..(row + 1) * width]);
                        }
                    }
                }
            }
        }
        for id in &delta.free {
            self.textures.remove(id);
        }
        delta.clear();
    }

    fn render(
        &mut self,
        ctx: &egui::Context,
        output: &egui::FullOutput,
    ) -> Result<RgbaImage, String> {
        let scale = output.pixels_per_point;
        let size = ctx.content_rect().size() * scale;
        let (width, height) = (size.x.round() as usize, size.y.round() as usize);
        let mut canvas = Canvas {
            width,
            height,
            scale,
            pixels: vec![[0.0, 0.0, 0.0, 1.0]; width * height],
        };
        let primitives = ctx.tessellate(output.shapes.clone(), scale);
        canvas.paint(&primitives, &self.textures);
        let bytes = canvas
            .pixels
            .iter()
            .flat_map(|pixel| pixel.map(|c| (c.clamp(0.0, 1.0) * 255.0).round() as u8))
            .collect();
        RgbaImage::from_raw(width as u32, height as u32, bytes)
            .ok_or_else(|| "the picture has another size".to_owned())
    }
}
