//! Sends endpoints: credentials, rate limit, sending, judging, waiting and trying again, in one place.

mod send;

pub use send::{Answer, Engine, EngineBuilder, OnWait, Wait, WaitReason, check_base};
