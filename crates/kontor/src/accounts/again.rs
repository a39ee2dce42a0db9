//! A form that is shown again with all that was typed.

use axum::http::StatusCode;
use kontor_platform::{Error, FieldErrors, Result};

/// A limit that ends later than this many seconds from now is one of the day.
const SOON_S: u32 = 3600;

/// Key of what somebody is told whose tries are used up for so many seconds.
pub fn too_many(retry_after_s: u32) -> &'static str {
    match retry_after_s > SOON_S {
        true => "error-too-many-today",
        false => "error-too-many-text",
    }
}

/// How a form is shown again: with what must be corrected, or, at `field`, with the
/// wish to try again later.
///
/// # Errors
/// Every error that another try with the same words cannot put right.
pub fn again(error: Error, field: &'static str) -> Result<(StatusCode, FieldErrors)> {
    let (status, key) = match error {
        Error::Invalid(errors) => return Ok((StatusCode::UNPROCESSABLE_ENTITY, errors)),
        Error::TooMany {
            overload: false,
            retry_after_s,
        } => (StatusCode::TOO_MANY_REQUESTS, too_many(retry_after_s)),
        Error::TooMany { .. } => (StatusCode::SERVICE_UNAVAILABLE, "error-busy-text"),
        other => return Err(other),
    };
    let mut errors = FieldErrors::default();
    errors.add(field, key);
    Ok((status, errors))
}
