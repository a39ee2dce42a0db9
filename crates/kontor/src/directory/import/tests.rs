//! Rules of imports.
