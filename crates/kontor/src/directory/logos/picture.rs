//! Uploads become pictures: told by their content, limited before they are
//! unpacked, drawn anew small. Pure, but for one lock.

use std::io::Cursor;
use std::sync::{Mutex, PoisonError};

use image::codecs::png::{CompressionType, FilterType, PngEncoder};
use image::{
    DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, Rgba, RgbaImage,
    guess_format, imageops,
};

/// The largest upload in bytes.
pub const MOST_BYTES: usize = 1024 * 1024;
/// The longest side of an upload in points.
const MOST_SIDE: u32 = 4096;
/// Most points of an upload.
const MOST_POINTS: u64 = 8_000_000;
/// Most bytes that an upload may take when it is unpacked.
const MOST_UNPACKED: u64 = 40 * 1024 * 1024;
/// The box into which a picture is fitted, in points.
const BOX: (u32, u32) = (320, 160);

/// Only one upload is unpacked at a time, so that many do not fill the memory.
static ONE: Mutex<()> = Mutex::new(());

/// A picture as it is stored.
#[derive(Debug, Clone)]
pub struct Picture {
    /// As a PNG file.
    pub png: Vec<u8>,
    pub width: u32,
    pub height: u32,
}

/// Reads an upload and draws it anew; else the key of the text that says what
/// is wrong with it and what to do.
pub fn draw(upload: &[u8]) -> Result<Picture, &'static str> {
    if upload.len() > MOST_BYTES {
        return Err("logo-trouble-bytes");
    }
    let format = guess_format(upload).ok();
    let taken = [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP];
    let format = format.filter(|f| taken.contains(f));
    let format = format.ok_or("logo-trouble-kind")?;
    // Whoever panicked before has left nothing behind.
    let _one = ONE.lock().unwrap_or_else(PoisonError::into_inner);
    let small = shrunk(unpacked(upload, format)?);
    let (width, height) = small.dimensions();
    let mut png = Vec::new();
    let quality =
        PngEncoder::new_with_quality(&mut png, CompressionType::Best, FilterType::Adaptive);
    let drawn = small.write_with_encoder(quality);
    drawn.map_err(|_| "logo-trouble-broken")?;
    Ok(Picture { png, width, height })
}

/// The points of an upload, turned as its camera says, if it keeps the limits.
fn unpacked(upload: &[u8], format: ImageFormat) -> Result<DynamicImage, &'static str> {
    let broken = |_| "logo-trouble-broken";
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_UNPACKED);
    let mut reader = ImageReader::with_format(Cursor::new(upload), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(broken)?;
    let (width, height) = decoder.dimensions();
    let is_large = width > MOST_SIDE || height > MOST_SIDE;
    let points = u64::from(width) * u64::from(height);
    if is_large || points > MOST_POINTS || decoder.total_bytes() > MOST_UNPACKED {
        return Err("logo-trouble-points");
    }
    let turned = decoder.orientation().map_err(broken)?;
    let mut image = DynamicImage::from_decoder(decoder).map_err(broken)?;
    image.apply_orientation(turned);
    Ok(image)
}

/// Width and height inside of the box, never larger than they were.
fn fitted(width: u32, height: u32) -> (u32, u32) {
    let (most_width, most_height) = (f64::from(BOX.0), f64::from(BOX.1));
    let (w, h) = (f64::from(width.max(1)), f64::from(height.max(1)));
    let scale = (most_width / w).min(most_height / h).min(1.0);
    let side = |length: f64, most: u32| ((length * scale).round() as u32).clamp(1, most);
    (side(w, BOX.0), side(h, BOX.1))
}

/// The image fitted into the box. What cannot be seen through weighs more than
/// what can, or else edges take the colour of invisible points.
fn shrunk(image: DynamicImage) -> RgbaImage {
    let (width, height) = fitted(image.width(), image.height());
    if (width, height) == (image.width(), image.height()) {
        return image.into_rgba8();
    }
    if !image.color().has_alpha() {
        return image.thumbnail_exact(width, height).into_rgba8();
    }
    let mut whole = image.into_rgba8();
    for Rgba([r, g, b, a]) in whole.pixels_mut() {
        for colour in [r, g, b] {
            *colour = weighed(*colour, *a, 255);
        }
    }
    let mut small = imageops::thumbnail(&whole, width, height);
    for Rgba([r, g, b, a]) in small.pixels_mut() {
        for colour in [r, g, b] {
            *colour = weighed(*colour, 255, (*a).max(1));
        }
    }
    small
}

/// `colour * by / of`, rounded, 255 at most.
fn weighed(colour: u8, by: u8, of: u8) -> u8 {
    let of = u32::from(of);
    let value = (u32::from(colour) * u32::from(by) + of / 2) / of;
    u8::try_from(value).unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(image: &DynamicImage, format: ImageFormat) -> Vec<u8> {
        let mut bytes = Cursor::new(Vec::new());
        image.write_to(&mut bytes, format).unwrap();
        bytes.into_inner()
    }

    fn flat(width: u32, height: u32, colour: [u8; 4]) -> DynamicImage {
        RgbaImage::from_pixel(width, height, Rgba(colour)).into()
    }

    fn drawn(upload: &[u8]) -> RgbaImage {
        let picture = draw(upload).unwrap();
        let read = image::load_from_memory_with_format(&picture.png, ImageFormat::Png).unwrap();
        assert_eq!(
            (read.width(), read.height()),
            (picture.width, picture.height)
        );
        read.into_rgba8()
    }

    /// A PNG file that says it has these sides, and next to nothing in it.
    fn hollow(width: u32, height: u32) -> Vec<u8> {
        let mut head = b"IHDR".to_vec();
        head.extend(width.to_be_bytes());
        head.extend(height.to_be_bytes());
        head.extend([8, 6, 0, 0, 0]);
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        for part in [
            head,
            b"IDAT\x78\x9c\x03\x00\x00\x00\x00\x01".to_vec(),
            b"IEND".to_vec(),
        ] {
            let mut sum = flate2::Crc::new();
            sum.update(&part);
            bytes.extend((u32::try_from(part.len()).unwrap() - 4).to_be_bytes());
            bytes.extend(&part);
            bytes.extend(sum.sum().to_be_bytes());
        }
        bytes
    }

    #[test]
    fn three_formats_are_fitted_into_the_box_and_none_is_enlarged() {
        let wide = flat(800, 200, [200, 30, 30, 255]).to_rgb8().into();
        for format in [ImageFormat::Png, ImageFormat::Jpeg, ImageFormat::WebP] {
            let small = drawn(&file(&wide, format));
            assert_eq!(small.dimensions(), (320, 80), "{format:?}");
            let Rgba([red, green, ..]) = *small.get_pixel(100, 40);
            assert!(red > 190 && green < 50, "{format:?}");
        }
        let small = drawn(&file(&flat(20, 10, [1, 2, 3, 255]), ImageFormat::Png));
        assert_eq!(small.dimensions(), (20, 10));
        assert_eq!(fitted(4096, 1), (320, 1));
        assert_eq!(fitted(100, 4000), (4, 160));
    }

    #[test]
    fn what_can_be_seen_through_stays_so_and_does_not_colour_the_edges() {
        let mut image = RgbaImage::from_pixel(640, 640, Rgba([0, 0, 0, 0]));
        for (x, _, point) in image.enumerate_pixels_mut() {
            if x % 2 == 0 {
                *point = Rgba([250, 200, 10, 255]);
            }
        }
        let small = drawn(&file(&image.into(), ImageFormat::Png));
        let Rgba([r, g, _, a]) = *small.get_pixel(80, 80);
        assert!(
            r > 245 && g > 195,
            "{r} {g}: no black from invisible points"
        );
        assert!((100..156).contains(&a), "{a}");
    }

    #[test]
    fn nothing_of_the_file_but_its_points_is_kept() {
        let jpeg = file(
            &flat(400, 200, [9, 9, 9, 255]).to_rgb8().into(),
            ImageFormat::Jpeg,
        );
        // A comment behind the beginning, and words behind the end.
        let mut told = jpeg[..2].to_vec();
        told.extend(b"\xff\xfe\x00\x0fGeheimer Ort");
        told.extend(&jpeg[2..]);
        told.extend(b"<script>alert(1)</script>");
        let picture = draw(&told).unwrap();
        let text = String::from_utf8_lossy(&picture.png).into_owned();
        assert!(!text.contains("Geheimer") && !text.contains("script"));
        assert!(String::from_utf8_lossy(&told).contains("Geheimer Ort"));
    }

    #[test]
    fn bombs_other_formats_and_halves_are_refused_each_with_its_reason() {
        assert_eq!(
            draw(&hollow(30_000, 30_000)).err(),
            Some("logo-trouble-points")
        );
        assert_eq!(draw(&hollow(4096, 4096)).err(), Some("logo-trouble-points"));
        assert_eq!(draw(&hollow(100, 5000)).err(), Some("logo-trouble-points"));
        assert_eq!(draw(&hollow(50, 50)).err(), Some("logo-trouble-broken"));
        let svg = b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>";
        for other in [&svg[..], b"GIF89a\x01\x00\x01\x00", b"", b"%PDF-1.7"] {
            assert_eq!(draw(other).err(), Some("logo-trouble-kind"));
        }
        let whole = file(&flat(300, 300, [5, 6, 7, 255]), ImageFormat::Png);
        let half = &whole[..whole.len() / 2];
        assert_eq!(draw(half).err(), Some("logo-trouble-broken"));
        assert_eq!(
            draw(&vec![0; MOST_BYTES + 1]).err(),
            Some("logo-trouble-bytes")
        );
    }
}
