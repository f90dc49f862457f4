//! How a list goes from page to page, as a port: each service has its own way.

use bytes::Bytes;
use serde_json::value::RawValue;
use url::Url;

use crate::endpoint::{Endpoint, Raw};
use crate::error::Error;

/// The most pages of one list that are read.
pub(super) const MOST_PAGES: u64 = 100_000;

/// How a list goes from page to page; one implementation per paging scheme, pure.
pub trait Paging: Send + Sync {
    /// The first page of `list`.
    fn first(&self, list: Endpoint<Raw>) -> Endpoint<Raw>;

    /// Reads one page and says what follows. `base` resolves relative links.
    fn read(&self, base: &Url, asked: &Endpoint<Raw>, answer: &http::Response<Bytes>) -> Result<Page, Error>;

    /// The pages after the first, in order, where their addresses can be told from it: they are fetched side by side.
    /// What the last of them says of a next page is followed all the same. None by default.
    fn ahead(&self, _first: &Page) -> Vec<Endpoint<Raw>> {
        Vec::new()
    }
}

/// One page as a scheme reads it.
#[derive(Debug)]
pub struct Page {
    /// The rows, not read yet.
    pub rows: Vec<Box<RawValue>>,
    /// The next page; `None` ends the list.
    pub next: Option<Endpoint<Raw>>,
    /// How many rows the whole list has, where the server tells.
    pub total: Option<u64>,
}
