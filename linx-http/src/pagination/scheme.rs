//! How a list goes from page to page, as a port: each service has its own way.

use bytes::Bytes;
use serde_json::value::RawValue;
use url::Url;

use crate::endpoint::{Endpoint, Raw};
use crate::error::Error;

/// How a list goes from page to page. Pure: requests in, requests out.
///
/// A minor version may add methods, which then have a default.
pub trait Paging: Send + Sync {
    /// Returns the request for the first page of `list`.
    fn first(&self, list: Endpoint<Raw>) -> Endpoint<Raw>;

    /// Reads one page, the answer to `asked`, and says what follows. `base` resolves relative links.
    ///
    /// # Errors
    ///
    /// [`Unreadable`](crate::ErrorKind::Unreadable) if the answer is no page of a list.
    fn read(&self, base: &Url, asked: &Endpoint<Raw>, answer: &http::Response<Bytes>) -> Result<Page, Error>;

    /// Returns the requests for the pages after the first, in order, where their addresses can be told from it. They
    /// are fetched side by side, and what the last of them says of a next page is followed. By default there are none.
    fn ahead(&self, _first: &Page) -> Vec<Endpoint<Raw>> {
        Vec::new()
    }
}

/// One page of a list, as [`Paging::read`] finds it.
#[derive(Debug)]
#[non_exhaustive]
pub struct Page {
    /// The rows as JSON texts, which the list turns into values.
    pub rows: Vec<Box<RawValue>>,
    /// The next page; `None` ends the list.
    pub next: Option<Endpoint<Raw>>,
    /// How many rows the whole list has, where the server tells.
    pub total: Option<u64>,
    /// Why the list may go on although there is no next page; `None` where the end is told. It counts where no page
    /// tells a total (hazard A17).
    pub doubt: Option<String>,
    /// Whether this page can only be the last: rows after it show that the pages moved or were cut anew.
    pub closing: bool,
}

impl Page {
    /// Returns a page with these rows, followed by `next`, of a list with `total` rows.
    pub fn new(rows: Vec<Box<RawValue>>, next: Option<Endpoint<Raw>>, total: Option<u64>) -> Self {
        Self {
            rows,
            next,
            total,
            doubt: None,
            closing: false,
        }
    }

    /// Says why the list may go on after this page.
    #[must_use]
    pub fn doubted(mut self, why: impl Into<String>) -> Self {
        self.doubt = Some(why.into());
        self
    }

    /// Says that rows after this page make the list incomplete.
    #[must_use]
    pub fn closing(mut self) -> Self {
        self.closing = true;
        self
    }
}
