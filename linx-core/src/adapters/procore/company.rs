//! The company that the adapter asks.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use procore_client::Client;

/// A Procore company as the office, reached through its client.
#[derive(Clone)]
pub struct ProcoreOffice {
    pub(super) client: Client,
    /// Whether this company was found to take no text for an entry's `origin_id` (hazard B11).
    pub(super) refuses_text_ids: Arc<AtomicBool>,
}

impl ProcoreOffice {
    /// Returns the company that `client` was built for. Its writes obey the client's read-only mode.
    pub fn new(client: Client) -> Self {
        Self {
            client,
            refuses_text_ids: Arc::default(),
        }
    }
}
