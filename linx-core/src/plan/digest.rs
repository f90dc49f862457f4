//! A digest of what a plan was made from.

use serde::Serialize;
use sha2::{Digest, Sha256};

/// A short digest of any plain data: the same data gives the same text on every machine.
pub fn digest(data: &impl Serialize) -> String {
    // Plain data of this crate always serialises; if it did not, the digest would merely not match.
    let json = serde_json::to_vec(data).unwrap_or_default();
    let hash = Sha256::digest(&json);
    hash.iter().take(12).fold(String::new(), |mut text, byte| {
        use std::fmt::Write;
        let _ = write!(text, "{byte:02x}");
        text
    })
}
