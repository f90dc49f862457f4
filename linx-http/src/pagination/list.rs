//! A list as it is asked for: streamed, or collected with proof.

use std::fmt;
use std::sync::Arc;

use futures_util::stream::{self, BoxStream, StreamExt};
use serde_json::value::RawValue;

use super::bounds::ListBounds;
use super::listing::{Completeness, Gathered, Guarded, ListEnd, Listing, UnreadableRow, id_of};
use super::scheme::Paging;
use super::walk::{Pages, Walk, hash};
use crate::endpoint::{Endpoint, Raw};
use crate::engine::Engine;
use crate::error::{Error, ErrorKind};
use crate::json;

/// Turns one raw row into a value. An error names the field and never the value (hazard A14).
pub type ReadRow<T> = Arc<dyn Fn(&RawValue) -> Result<T, String> + Send + Sync>;

/// How often a list is read before it is called incomplete.
const READINGS: usize = 3;

/// A list that is not read yet: stream it with [`List::rows`], or collect it with proof of completeness.
pub struct List<T> {
    pages: Pages,
    read: ReadRow<T>,
    id: fn(&T) -> String,
    id_key: String,
}

/// How far a stream of rows has come.
struct Reading<'a> {
    walk: Walk<'a>,
    /// Those of the page at hand that were not handed over yet.
    rows: std::vec::IntoIter<Box<RawValue>>,
    end: ListEnd,
    seen: usize,
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        Self {
            pages: self.pages.clone(),
            read: Arc::clone(&self.read),
            id: self.id,
            id_key: self.id_key.clone(),
        }
    }
}

/// Shows the request for the first page, and no rows.
impl<T> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List")
            .field("first", self.pages.first())
            .finish_non_exhaustive()
    }
}

impl<T: Send + 'static> List<T> {
    /// Returns the list at `list`, whose rows `read` turns into values and `id` tells apart.
    pub fn new(
        engine: Engine,
        paging: Arc<dyn Paging>,
        list: Endpoint<Raw>,
        read: ReadRow<T>,
        id: fn(&T) -> String,
    ) -> Self {
        Self {
            pages: Pages::new(engine, paging, list),
            read,
            id,
            id_key: "id".to_owned(),
        }
    }

    /// Returns the list at `list`, whose rows serde reads.
    pub fn of_json(engine: Engine, paging: Arc<dyn Paging>, list: Endpoint<Raw>, id: fn(&T) -> String) -> Self
    where
        T: serde::de::DeserializeOwned,
    {
        let read = |row: &RawValue| json::read(row.get().as_bytes());
        Self::new(engine, paging, list, Arc::new(read), id)
    }

    /// Sets which key of a row holds its id, for rows that cannot be read. The default is `id`.
    #[must_use]
    pub fn id_key(mut self, name: impl Into<String>) -> Self {
        self.id_key = name.into();
        self
    }

    /// Sets how far the list is read at most, in place of [`ListBounds::default`].
    #[must_use]
    pub fn bounds(mut self, bounds: ListBounds) -> Self {
        self.pages.bounds = bounds;
        self
    }

    /// Streams the rows as they come, page after page, in constant memory. The stream ends after the first error.
    ///
    /// Whether rows moved from page to page meanwhile is not judged here, so a row may come twice or not at all:
    /// [`List::collect`] finds that out. Whether as many rows came as the server counts is.
    ///
    /// # Errors
    ///
    /// As [`Engine::send_raw`], for the page. Besides, [`EndlessList`](crate::ErrorKind::EndlessList) if a page repeats
    /// or a bound is passed, [`Unreadable`](crate::ErrorKind::Unreadable) if a page is no list, and
    /// [`IncompleteList`](crate::ErrorKind::IncompleteList), as the last item, if the rows that came are not as many as
    /// the server counts, or nothing tells that they are all (hazards A6, A17).
    pub fn rows(&self) -> BoxStream<'_, Result<Guarded<T>, Error>> {
        let reading = Reading {
            walk: self.pages.walk(true),
            rows: Vec::new().into_iter(),
            end: ListEnd::default(),
            seen: 0,
        };
        stream::try_unfold(reading, move |mut reading| async move {
            loop {
                if let Some(row) = reading.rows.next() {
                    reading.seen += 1;
                    return Ok(Some((self.guard(&row), reading)));
                }
                let Some(page) = reading.walk.page().await? else {
                    break;
                };
                reading.end.note(&page);
                reading.rows = page.rows.into_iter();
            }
            match std::mem::take(&mut reading.end).completeness(reading.seen) {
                Completeness::Complete => Ok(None),
                Completeness::Incomplete(why) => Err(self.incomplete(&why)),
            }
        })
        .boxed()
    }

    fn incomplete(&self, why: &str) -> Error {
        let detail = format!("the list is not known to be whole: {why}");
        Error::not_applied(ErrorKind::IncompleteList, detail).during(self.pages.first().operation())
    }

    /// Reads the whole list. When rows moved while it was read, it is read again, three times in all; if they still
    /// move, the listing is [`Completeness::Incomplete`].
    ///
    /// # Errors
    ///
    /// As [`List::rows`]. A list that fails is never taken for an empty one (hazard C16). A list in which two rows have one
    /// id and differ in each of these readings is an [`IncompleteList`](crate::ErrorKind::IncompleteList): no row of it can
    /// be trusted to be the one that it says (hazard A3).
    pub async fn collect(&self) -> Result<Listing<T>, Error> {
        let mut reading = 1;
        loop {
            // A page size that was lowered half-way spoils addresses told ahead: then links are followed (hazard A4).
            let read = self.collect_once(reading == 1).await?;
            let whole = read
                .as_ref()
                .is_ok_and(|listing| listing.completeness == Completeness::Complete);
            if whole || reading >= READINGS {
                return read.map_err(|why| self.incomplete(&why));
            }
            tracing::debug!(operation = %self.pages.first().operation(), reading, "the list moved and is read again");
            reading += 1;
        }
    }

    /// Reads the list once, and says why it is none if it is none.
    async fn collect_once(&self, side_by_side: bool) -> Result<Result<Listing<T>, String>, Error> {
        let mut gathered = Gathered::new();
        let mut walk = self.pages.walk(side_by_side);
        let mut end = ListEnd::default();
        while let Some(page) = walk.page().await? {
            end.note(&page);
            for row in page.rows {
                match self.guard(&row) {
                    Guarded::Row(value) => gathered.add((self.id)(&value), hash(row.get()), value),
                    Guarded::Unreadable(row) => gathered.add_unreadable(row),
                }
            }
        }
        Ok(gathered.into_listing(end))
    }

    fn guard(&self, row: &RawValue) -> Guarded<T> {
        match (self.read)(row) {
            Ok(value) => Guarded::Row(value),
            Err(reason) => Guarded::Unreadable(UnreadableRow {
                id: id_of(row, &self.id_key),
                reason,
            }),
        }
    }
}
