//! The journeys: Kontor's real binary, a real browser, a real mail server.
//!
//! One target for all of them, because each further target would link the whole
//! binary once more. A journey is one file with one story; what they share is in
//! [`support`].

mod access;
mod apart;
mod backup;
mod barriers;
mod calm;
mod demo;
mod doors;
mod duplicates;
mod entry;
mod former_names;
mod guards;
mod house;
mod imports;
mod imports_undone;
mod industries;
mod invitations;
mod journal;
mod journey_demo;
mod journey_import;
mod journey_inside;
mod journey_logo;
mod journey_plain;
mod journey_search;
mod journey_set_up;
mod log_writers;
mod logos;
mod lookup;
mod mail_server;
mod meanwhile;
mod memberships;
mod merges;
mod notices;
mod offers;
mod officer;
mod operation;
mod pages;
mod privacy;
mod roles;
mod search;
mod shell;
mod sources;
mod statements;
mod stranger;
mod support;
mod texts;
mod ways;
mod world;
