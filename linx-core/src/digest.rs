//! A digest of what a plan was made from.

use std::hash::{BuildHasher, Hash};

use foldhash::quality::FixedState;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// A short digest of any plain data: the same data gives the same text on every machine.
pub(crate) fn digest(data: &impl Serialize) -> String {
    // Plain data of this crate always serialises; if it did not, the digest would merely not match.
    let json = serde_json::to_vec(data).unwrap_or_default();
    let hash = Sha256::digest(&json);
    hash.iter().take(12).fold(String::new(), |mut text, byte| {
        use std::fmt::Write;
        let _ = write!(text, "{byte:02x}");
        text
    })
}

/// A fingerprint of a list of any length, whatever the order of its rows. Quicker than [`digest`] by far, and of use
/// on the machine that made it only.
pub(crate) fn fingerprint(rows: &[impl Hash]) -> [u8; 16] {
    let state = FixedState::default();
    let sum: u128 = rows.iter().map(|row| u128::from(state.hash_one(row))).sum();
    sum.to_be_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_knows_every_row_and_how_often_it_comes_but_no_order() {
        assert_eq!(fingerprint(&["one", "two"]), fingerprint(&["two", "one"]));
        let lists: [&[&str]; 6] = [&[], &[""], &["one"], &["one", "one"], &["one", "two"], &["onetwo"]];
        let fingerprints: std::collections::BTreeSet<_> = lists.iter().map(|list| fingerprint(list)).collect();
        assert_eq!(fingerprints.len(), lists.len());
    }
}
