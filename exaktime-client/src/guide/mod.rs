//! What is known of ExakTime's API, and what is assumed: [`exaktime_api`], which comments cite as
//! "exaktime-api.md section 4.7".

#[doc = include_str!("../../docs/exaktime-api.md")]
pub mod exaktime_api {}
