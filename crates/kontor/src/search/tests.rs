//! The search on real databases.
