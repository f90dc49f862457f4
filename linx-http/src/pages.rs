//! Lists that prove completeness: every row, or the reason why it cannot be said (hazards A3 to A7).

use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::BoxStream;
use serde_json::value::RawValue;
use url::Url;

use crate::endpoint::{Endpoint, Raw};
use crate::engine::Engine;
use crate::error::Error;

/// How a list goes from page to page; one implementation per paging scheme, pure.
pub trait Paging: Send + Sync {
    /// The first page of `list`.
    fn first(&self, list: Endpoint<Raw>) -> Endpoint<Raw>;

    /// Reads one page and says what follows. `base` resolves relative links.
    fn read(&self, base: &Url, asked: &Endpoint<Raw>, answer: &http::Response<Bytes>) -> Result<Page, Error>;
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

/// `Link: rel="next"` and `Total`, as Procore v1 pages (RFC 8288). The end is known from the missing next link, never
/// from a short page (hazard A4).
#[derive(Debug, Clone)]
pub struct LinkPaging {
    /// Rows asked for per page; the server may lower it.
    pub per_page: u32,
}

impl Paging for LinkPaging {
    fn first(&self, _list: Endpoint<Raw>) -> Endpoint<Raw> {
        todo!()
    }

    fn read(&self, _base: &Url, _asked: &Endpoint<Raw>, _answer: &http::Response<Bytes>) -> Result<Page, Error> {
        todo!()
    }
}

/// A row that was read, or one that could not be and keeps its id and the reason (hazard A11).
#[derive(Debug, Clone, PartialEq)]
pub enum Guarded<T> {
    /// The row.
    Row(T),
    /// A row that could not be read; the others go on.
    Unreadable {
        /// Its `id`, where that could be read.
        id: Option<String>,
        /// Which field, and what was wrong with it; no values.
        reason: String,
    },
}

/// Whether a list was read from its start to its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Completeness {
    /// Every row was seen. Absence from this list means something.
    Complete,
    /// Rows may be missing, for this reason. Nothing may be taken for removed.
    Incomplete(String),
}

/// A whole list.
#[derive(Debug, Clone)]
pub struct Listing<T> {
    /// The rows, in the server's order, each id once.
    pub rows: Vec<T>,
    /// Rows that could not be read: id where known, and why.
    pub unreadable: Vec<(Option<String>, String)>,
    /// Whether that is all of them.
    pub completeness: Completeness,
}

impl<T> Listing<T> {
    /// Whether absence from this list means something: it is complete and every row could be read.
    pub fn proves_absence(&self) -> bool {
        self.completeness == Completeness::Complete && self.unreadable.is_empty()
    }
}

/// Turns one raw row into a value. The error names the field, not the value.
pub type ReadRow<T> = Arc<dyn Fn(&RawValue) -> Result<T, String> + Send + Sync>;

/// A list not read yet: stream it, or collect it with proof.
pub struct List<T> {
    _engine: Engine,
    _paging: Arc<dyn Paging>,
    _first: Endpoint<Raw>,
    _read: ReadRow<T>,
    _id: fn(&T) -> String,
}

impl<T: Send + 'static> List<T> {
    /// A list of rows that `read` turns into values and `id` tells apart.
    pub fn new(
        engine: Engine,
        paging: Arc<dyn Paging>,
        list: Endpoint<Raw>,
        read: ReadRow<T>,
        id: fn(&T) -> String,
    ) -> Self {
        let first = paging.first(list);
        Self {
            _engine: engine,
            _paging: paging,
            _first: first,
            _read: read,
            _id: id,
        }
    }

    /// A list of rows that serde reads.
    pub fn of_json(engine: Engine, paging: Arc<dyn Paging>, list: Endpoint<Raw>, id: fn(&T) -> String) -> Self
    where
        T: serde::de::DeserializeOwned,
    {
        let _ = (engine, paging, list, id);
        todo!()
    }

    /// The rows as they come, page after page, in constant memory. It ends after the first error. A repeated page is an
    /// error; whether rows moved meanwhile is not judged: use [`List::collect`] for that.
    pub fn rows(&self) -> BoxStream<'_, Result<Guarded<T>, Error>> {
        todo!()
    }

    /// The whole list, read again (twice at most) when rows moved while it was read. Errors are failures of the list,
    /// never an empty one (hazard C16).
    pub async fn collect(&self) -> Result<Listing<T>, Error> {
        todo!()
    }
}
