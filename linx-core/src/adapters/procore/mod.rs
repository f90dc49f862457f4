//! Procore as the office: each question of the port is a few requests of the client, each answer is translated.

mod company;
mod cost_codes;
mod doctor;
mod drafts;
mod entries;
mod office;

pub use company::ProcoreOffice;
