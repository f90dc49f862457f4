//! Sends endpoints: credentials, rate limit, sending, judging, waiting and trying again, in one place.

mod builder;
mod call;
mod judge;
mod proof;
mod send;
mod wait;

pub use builder::EngineBuilder;
pub use send::{Answer, Engine};
pub use wait::{OnWait, Wait, WaitReason};
