//! What should stand in Procore against what Linx wrote there before.

pub(super) mod baseline;
pub(super) mod compare;
pub(super) mod window;
