//! Styles, scripts, fonts and pictures: embedded, named by their content and
//! therefore kept by browsers for a year.

use std::io::Write;
use std::sync::{Arc, OnceLock};

use axum::body::Bytes;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rust_embed::RustEmbed;
use rustc_hash::FxHashMap;

use crate::secret;

struct Asset {
    bytes: Bytes,
    mime: &'static str,
    brotli: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
}

/// All embedded files. Clones share them.
#[derive(Clone)]
pub struct Assets(Arc<Inner>);

struct Inner {
    addresses: FxHashMap<String, String>,
    files: FxHashMap<String, Asset>,
    /// The icon sprite's address up to an icon's name.
    icons: String,
}

impl Assets {
    /// Names every file of `E` by its content; addresses inside style sheets
    /// (`url("name")`) follow.
    pub fn load<E: RustEmbed>() -> Assets {
        let mut addresses = FxHashMap::default();
        let mut files = FxHashMap::default();
        let mut names: Vec<String> = E::iter().map(|n| n.to_string()).collect();
        // Style sheets last: they name the others.
        names.sort_by_key(|n| (n.ends_with(".css"), n.clone()));
        for name in names {
            let (Some(file), Some(mime)) = (E::get(&name), mime(&name)) else {
                continue;
            };
            let bytes = if name.ends_with(".css") {
                let text = String::from_utf8_lossy(&file.data);
                Bytes::from(follow(&text, &addresses))
            } else {
                Bytes::from(file.data.into_owned())
            };
            let short = name.rsplit('/').next().unwrap_or(&name).to_owned();
            let (stem, end) = short.rsplit_once('.').unwrap_or((&short, ""));
            let digest = secret::hash(&String::from_utf8_lossy(&bytes));
            let hashed = format!("{stem}.{}.{end}", &digest[..12]);
            addresses.insert(short, format!("/assets/{hashed}"));
            let asset = Asset {
                bytes,
                mime,
                brotli: OnceLock::new(),
                gzip: OnceLock::new(),
            };
            files.insert(hashed, asset);
        }
        let sprite = addresses.get("icons.svg").map_or("", String::as_str);
        let icons = format!("{sprite}#i-");
        Assets(Arc::new(Inner {
            addresses,
            files,
            icons,
        }))
    }

    /// What the address of every icon in the sprite begins with.
    pub fn icons(&self) -> &str {
        &self.0.icons
    }

    /// The address of a file by its plain name.
    pub fn address(&self, name: &str) -> &str {
        self.0
            .addresses
            .get(name)
            .map_or("/assets/missing", String::as_str)
    }

    /// Answers `/assets/{hashed}`.
    pub fn serve(&self, hashed: &str, asked: &HeaderMap) -> Response {
        let Some(asset) = self.0.files.get(hashed) else {
            return StatusCode::NOT_FOUND.into_response();
        };
        let (bytes, encoding) = encoded(asset, asked);
        let mut answer = bytes.into_response();
        let headers = answer.headers_mut();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(asset.mime));
        headers.insert(header::VARY, HeaderValue::from_static("accept-encoding"));
        headers.insert(
            header::CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=31536000, immutable"),
        );
        if let Some(encoding) = encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        answer
    }
}

fn encoded(asset: &Asset, asked: &HeaderMap) -> (Bytes, Option<&'static str>) {
    let packed = asset.mime.starts_with("text/") || asset.mime.contains("svg");
    match accepted(asked) {
        Some("br") if packed => (
            asset.brotli.get_or_init(|| brotli(&asset.bytes, 9)).clone(),
            Some("br"),
        ),
        Some("gzip") if packed => (
            asset.gzip.get_or_init(|| gzip(&asset.bytes)).clone(),
            Some("gzip"),
        ),
        _ => (asset.bytes.clone(), None),
    }
}

/// The best encoding that the asker takes.
pub fn accepted(asked: &HeaderMap) -> Option<&'static str> {
    let text = asked.get(header::ACCEPT_ENCODING)?.to_str().ok()?;
    ["br", "gzip"].into_iter().find(|name| {
        text.split(',').any(|part| {
            let mut words = part.trim().split(';');
            words.next() == Some(name) && words.next().is_none_or(|q| q.trim() != "q=0")
        })
    })
}

/// Brotli with a quality of 0 to 11.
pub fn brotli(bytes: &[u8], quality: u32) -> Bytes {
    let mut out = Vec::new();
    {
        let mut writer = ::brotli::CompressorWriter::new(&mut out, 16384, quality, 20);
        writer.write_all(bytes).expect("memory takes it");
    }
    out.into()
}

/// Gzip at its usual level.
pub fn gzip(bytes: &[u8]) -> Bytes {
    let mut writer = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    writer.write_all(bytes).expect("memory takes it");
    writer.finish().expect("memory takes it").into()
}

fn follow(css: &str, addresses: &FxHashMap<String, String>) -> String {
    let mut out = css.to_owned();
    for (name, address) in addresses {
        out = out.replace(&format!("url(\"{name}\")"), &format!("url(\"{address}\")"));
    }
    out
}

/// The kinds that are served; licences and notes beside them are not.
fn mime(name: &str) -> Option<&'static str> {
    Some(match name.rsplit('.').next()? {
        "css" => "text/css; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "svg" => "image/svg+xml",
        "woff2" => "font/woff2",
        "png" => "image/png",
        "ico" => "image/x-icon",
        _ => return None,
    })
}
