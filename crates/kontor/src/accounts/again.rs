//! A form that is shown again with all that was typed.

use axum::http::StatusCode;
use kontor_platform::{Error, FieldErrors, Result};

/// How a form is shown again: with what must be corrected, or, at `field`, with the
/// wish to try again later.
///
/// # Errors
/// Every error that another try with the same words cannot put right.
pub fn again(error: Error, field: &'static str) -> Result<(StatusCode, FieldErrors)> {
    let (status, key) = match error {
        Error::Invalid(errors) => return Ok((StatusCode::UNPROCESSABLE_ENTITY, errors)),
        Error::TooMany {
            overload: false, ..
        } => (StatusCode::TOO_MANY_REQUESTS, "error-too-many-text"),
        Error::TooMany { .. } => (StatusCode::SERVICE_UNAVAILABLE, "error-busy-text"),
        other => return Err(other),
    };
    let mut errors = FieldErrors::default();
    errors.add(field, key);
    Ok((status, errors))
}
