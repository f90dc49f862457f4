//! How to, by topic. Each page has a runnable example of its name in the crate's `examples` folder.

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
