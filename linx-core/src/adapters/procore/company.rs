//! The company that the adapter asks.

use procore_client::Client;

/// A Procore company through its client.
#[derive(Clone)]
pub struct ProcoreOffice {
    pub(super) client: Client,
}

impl ProcoreOffice {
    /// The company of `client`.
    pub fn new(client: Client) -> Self {
        Self { client }
    }
}
