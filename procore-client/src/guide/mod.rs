//! How to, by topic, and what is known of Procore.
//!
//! Each page about a topic has a runnable example of its name in the crate's `examples` folder. [`procore_api`] is what
//! comments cite as "procore-api.md section 7.2" or "trap 22".

#[doc = include_str!("auth.md")]
pub mod auth {}

#[doc = include_str!("lists.md")]
pub mod lists {}

#[doc = include_str!("limits.md")]
pub mod limits {}

#[doc = include_str!("errors.md")]
pub mod errors {}

#[doc = include_str!("sandbox.md")]
pub mod sandbox {}

#[doc = include_str!("../../docs/procore-api.md")]
pub mod procore_api {}
