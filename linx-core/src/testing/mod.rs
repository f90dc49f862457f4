//! What holds the parts of an embedder to what Linx expects of them. Behind the feature `testing`.

pub mod ledger;

/// Returns the mark of a line that was sent with this content, as it stands in `origin_data` of Procore's entry: what an entry
/// that Linx wrote carries in a test or a benchmark.
pub fn mark(key: &crate::change::LineKey, content: &crate::model::EntryContent) -> String {
    crate::ledger::recover::mark(key, content)
}
