//! How to, by topic; and what is known of ExakTime's API, [`exaktime_api`], which comments cite as
//! "exaktime-api.md section 4.7".

#[doc = include_str!("auth.md")]
pub mod auth {}

#[doc = include_str!("lists.md")]
pub mod lists {}

#[doc = include_str!("records.md")]
pub mod records {}

#[doc = include_str!("limits.md")]
pub mod limits {}

#[doc = include_str!("errors.md")]
pub mod errors {}

#[doc = include_str!("time.md")]
pub mod time {}

#[doc = include_str!("sandbox.md")]
pub mod sandbox {}

#[doc = include_str!("assumptions.md")]
pub mod assumptions {}

#[doc = include_str!("../../docs/exaktime-api.md")]
pub mod exaktime_api {}
