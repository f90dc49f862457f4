//! The company that the adapter asks.

use procore_client::Client;

/// A Procore company as the office, reached through its client.
#[derive(Clone)]
pub struct ProcoreOffice {
    pub(super) client: Client,
}

impl ProcoreOffice {
    /// Returns the company that `client` was built for. Its writes obey the client's read-only mode.
    pub fn new(client: Client) -> Self {
        Self { client }
    }
}
