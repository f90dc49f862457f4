//! What holds the parts of an embedder to what Linx expects of them. Behind the feature `testing`.

pub mod ledger;
