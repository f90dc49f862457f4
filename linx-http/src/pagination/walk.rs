//! The way through a list's pages, which is sure to end.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use futures_util::stream::{self, BoxStream, StreamExt};

use super::bounds::ListBounds;
use super::scheme::{Page, Paging};
use crate::endpoint::{Endpoint, Raw};
use crate::engine::Engine;
use crate::error::{Error, ErrorKind};

/// How many pages are fetched side by side. A page waits in memory until those before it are handed over.
const AT_ONCE: usize = 8;

/// How many pages without a row may follow one another: a filter may empty some of them.
const EMPTY_IN_A_ROW: usize = 20;

/// The pages of one list: where they are, how they follow each other, and what fetches them.
#[derive(Clone)]
pub(super) struct Pages {
    engine: Engine,
    paging: Arc<dyn Paging>,
    first: Endpoint<Raw>,
    pub(super) bounds: ListBounds,
}

impl Pages {
    pub(super) fn new(engine: Engine, paging: Arc<dyn Paging>, list: Endpoint<Raw>) -> Self {
        let first = paging.first(list);
        Self {
            engine,
            paging,
            first,
            bounds: ListBounds::default(),
        }
    }

    /// Returns the request for the first page.
    pub(super) fn first(&self) -> &Endpoint<Raw> {
        &self.first
    }

    /// Begins at the first page. With `side_by_side`, pages whose addresses the first one tells are fetched together.
    pub(super) fn walk(&self, side_by_side: bool) -> Walk<'_> {
        Walk {
            pages: self,
            side_by_side,
            next: Some(self.first.clone()),
            ahead: stream::empty().boxed(),
            asked: HashSet::new(),
            previous: None,
            empty: 0,
            rows: 0,
            began: self.engine.clock().steady(),
        }
    }

    async fn fetch(&self, asked: Endpoint<Raw>) -> Result<Page, Error> {
        let answer = self.engine.send_raw(&asked).await?;
        self.paging.read(self.engine.base(), &asked, &answer)
    }
}

/// A way through a list's pages that is sure to end: no page is asked for twice, and none may repeat the one before.
pub(super) struct Walk<'a> {
    pages: &'a Pages,
    side_by_side: bool,
    next: Option<Endpoint<Raw>>,
    /// Pages on their way, in order.
    ahead: BoxStream<'a, Result<Page, Error>>,
    /// Hashes of the addresses asked for: their texts would grow with the list.
    asked: HashSet<u64>,
    /// The hash of the page before, if it had rows.
    previous: Option<u64>,
    /// How many pages without a row came last.
    empty: usize,
    /// How many rows came so far.
    rows: usize,
    began: Duration,
}

impl Walk<'_> {
    /// Returns the next page; `None` after the last.
    pub(super) async fn page(&mut self) -> Result<Option<Page>, Error> {
        let first = self.asked.is_empty();
        let mut page = match self.ahead.next().await {
            Some(page) => page?,
            None => match self.next.take() {
                Some(asked) => {
                    self.note(&asked)?;
                    self.pages.fetch(asked).await?
                }
                None => return Ok(None),
            },
        };
        self.refuse_repeated(&page)?;
        self.refuse_endless(&page)?;
        if first && self.side_by_side {
            self.fetch_ahead(&page)?;
        }
        self.next = page.next.take();
        if self.next.is_none() {
            // Links are the truth: pages that only the total promised are not waited for (hazards A6, A18).
            self.ahead = stream::empty().boxed();
        }
        Ok(Some(page))
    }

    /// Sets out for the pages that the first one tells of.
    fn fetch_ahead(&mut self, first: &Page) -> Result<(), Error> {
        let ahead = self.pages.paging.ahead(first);
        for page in &ahead {
            self.note(page)?;
        }
        let pages = self.pages;
        self.ahead = stream::iter(ahead)
            .map(move |page| pages.fetch(page))
            .buffered(AT_ONCE)
            .boxed();
        Ok(())
    }

    /// Notes that a page is asked for; none is asked for twice.
    fn note(&mut self, asked: &Endpoint<Raw>) -> Result<(), Error> {
        let most = self.pages.bounds.pages;
        if self.asked.len() >= most {
            return Err(self.endless(&format!("the list has more than {most} pages")));
        }
        let address = asked.url(self.pages.engine.base());
        if self.asked.insert(hash(address.as_str())) {
            Ok(())
        } else {
            Err(self.endless("the list leads back to a page that was read"))
        }
    }

    fn refuse_repeated(&mut self, page: &Page) -> Result<(), Error> {
        let content: Vec<&str> = page.rows.iter().map(|row| row.get()).collect();
        let content = (!content.is_empty()).then(|| hash(&content));
        if content.is_some() && content == self.previous {
            return Err(self.endless("the list repeats a page"));
        }
        self.empty = if content.is_some() { 0 } else { self.empty + 1 };
        if self.empty > EMPTY_IN_A_ROW {
            return Err(self.endless(&format!("the list has {} pages without a row", self.empty)));
        }
        self.previous = content;
        Ok(())
    }

    /// Ends a list that has too many rows, or takes too long.
    fn refuse_endless(&mut self, page: &Page) -> Result<(), Error> {
        let bounds = self.pages.bounds;
        self.rows = self.rows.saturating_add(page.rows.len());
        if self.rows > bounds.rows {
            return Err(self.endless(&format!("the list has more than {} rows", bounds.rows)));
        }
        if self.pages.engine.clock().steady().saturating_sub(self.began) > bounds.time {
            return Err(self.endless(&format!("the list takes longer than {} s", bounds.time.as_secs())));
        }
        Ok(())
    }

    fn endless(&self, detail: &str) -> Error {
        Error::not_applied(ErrorKind::EndlessList, detail).during(self.pages.first.operation())
    }
}

/// The hash of a text or of several, to tell them apart in one reading.
pub(super) fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
