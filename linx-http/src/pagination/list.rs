//! Lists that prove completeness: every row, or the reason why it cannot be said (hazards A3 to A7).

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;

use bytes::Bytes;
use futures_util::stream::{self, BoxStream, StreamExt};
use serde_json::value::RawValue;
use url::Url;

use crate::endpoint::{Endpoint, Raw};
use crate::engine::Engine;
use crate::error::{Error, ErrorKind};
use crate::json;
use super::link_header::next_link;

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

/// `Link: rel="next"` and `Total`, as Procore v1 pages (RFC 8288). The end is known from the missing next link, never
/// from a short page (hazard A4).
#[derive(Debug, Clone)]
pub struct LinkPaging {
    /// Rows asked for per page; the server may lower it.
    pub per_page: u32,
}

impl Paging for LinkPaging {
    fn first(&self, list: Endpoint<Raw>) -> Endpoint<Raw> {
        list.set_query("page", 1).set_query("per_page", self.per_page)
    }

    fn read(&self, base: &Url, asked: &Endpoint<Raw>, answer: &http::Response<Bytes>) -> Result<Page, Error> {
        let unreadable = |detail: String| Error::not_applied(ErrorKind::Unreadable, detail).during(asked.operation());
        let rows = json::read(answer.body()).map_err(|reason| unreadable(format!("the page is no list: {reason}")))?;
        let next = match next_link(answer.headers()) {
            Some(target) => {
                let target = asked.url(base).join(&target);
                Some(
                    asked
                        .clone()
                        .at(target.map_err(|_| unreadable("the link to the next page is no address".to_owned()))?),
                )
            }
            None => None,
        };
        let total = answer.headers().get("total").and_then(|value| value.to_str().ok());
        Ok(Page {
            rows,
            next,
            total: total.and_then(|text| text.trim().parse().ok()),
        })
    }

    /// By the total, the length of the first page and the number in its next link. A server that numbers its pages
    /// otherwise is followed from link to link.
    fn ahead(&self, first: &Page) -> Vec<Endpoint<Raw>> {
        let (Some(total), Some(next), Ok(size)) = (first.total, &first.next, u64::try_from(first.rows.len())) else {
            return Vec::new();
        };
        let Some(link) = next.link().filter(|link| number_of(link) == Some(2)) else {
            return Vec::new();
        };
        let last = total.div_ceil(size.max(1)).min(MOST_PAGES);
        (2..=last)
            .map(|number| next.clone().at(numbered(link, number)))
            .collect()
    }
}

/// The page that a link asks for.
fn number_of(link: &Url) -> Option<u64> {
    let (_, number) = link.query_pairs().find(|(name, _)| name == "page")?;
    number.parse().ok()
}

/// The same link for another page.
fn numbered(link: &Url, number: u64) -> Url {
    let pairs: Vec<(String, String)> = link.query_pairs().into_owned().collect();
    let mut link = link.clone();
    link.query_pairs_mut()
        .clear()
        .extend_pairs(pairs.iter().map(|(name, value)| {
            let number = (name == "page").then(|| number.to_string());
            (name.clone(), number.unwrap_or_else(|| value.clone()))
        }));
    link
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

/// The most pages of one list.
const MOST_PAGES: u64 = 100_000;
/// How many pages are fetched side by side. A page waits in memory until those before it are handed over.
const AT_ONCE: usize = 8;
/// How often a list is read before it is called incomplete.
const READINGS: usize = 3;

/// A list not read yet: stream it, or collect it with proof.
pub struct List<T> {
    engine: Engine,
    paging: Arc<dyn Paging>,
    first: Endpoint<Raw>,
    read: ReadRow<T>,
    id: fn(&T) -> String,
    id_key: String,
}

impl<T> Clone for List<T> {
    fn clone(&self) -> Self {
        Self {
            engine: self.engine.clone(),
            paging: Arc::clone(&self.paging),
            first: self.first.clone(),
            read: Arc::clone(&self.read),
            id: self.id,
            id_key: self.id_key.clone(),
        }
    }
}

/// What is asked, no rows.
impl<T> fmt::Debug for List<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("List")
            .field("first", &self.first)
            .finish_non_exhaustive()
    }
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
            engine,
            paging,
            first,
            read,
            id,
            id_key: "id".to_owned(),
        }
    }

    /// A list of rows that serde reads.
    pub fn of_json(engine: Engine, paging: Arc<dyn Paging>, list: Endpoint<Raw>, id: fn(&T) -> String) -> Self
    where
        T: serde::de::DeserializeOwned,
    {
        let read = |row: &RawValue| json::read(row.get().as_bytes());
        Self::new(engine, paging, list, Arc::new(read), id)
    }

    /// Which key of a row that cannot be read holds its id; `id` without.
    #[must_use]
    pub fn id_key(mut self, name: impl Into<String>) -> Self {
        self.id_key = name.into();
        self
    }

    /// The rows as they come, page after page, in constant memory. It ends after the first error. A repeated page is an
    /// error; whether rows moved meanwhile is not judged: use [`List::collect`] for that.
    pub fn rows(&self) -> BoxStream<'_, Result<Guarded<T>, Error>> {
        let start = (self.walk(true), Vec::<Box<RawValue>>::new().into_iter());
        stream::try_unfold(start, move |(mut walk, mut rows)| async move {
            loop {
                if let Some(row) = rows.next() {
                    return Ok(Some((self.guard(&row), (walk, rows))));
                }
                match walk.page().await? {
                    Some(page) => rows = page.rows.into_iter(),
                    None => return Ok(None),
                }
            }
        })
        .boxed()
    }

    /// The whole list, read again (twice at most) when rows moved while it was read. Errors are failures of the list,
    /// never an empty one (hazard C16).
    pub async fn collect(&self) -> Result<Listing<T>, Error> {
        let mut reading = 1;
        loop {
            // A page size that was lowered half-way spoils addresses told ahead: then links are followed (hazard A4).
            let listing = self.collect_once(reading == 1).await?;
            if listing.completeness == Completeness::Complete || reading >= READINGS {
                return Ok(listing);
            }
            tracing::debug!(operation = %self.first.operation(), reading, "the list moved and is read again");
            reading += 1;
        }
    }

    async fn collect_once(&self, side_by_side: bool) -> Result<Listing<T>, Error> {
        let mut gathered = Gathered::new();
        let mut walk = self.walk(side_by_side);
        let mut totals = None;
        while let Some(page) = walk.page().await? {
            if let Some(total) = page.total {
                totals = Some((totals.map_or(total, |(first, _)| first), total));
            }
            for row in page.rows {
                match self.guard(&row) {
                    Guarded::Row(row) => gathered.add((self.id)(&row), row),
                    Guarded::Unreadable { id, reason } => gathered.add_unreadable(id, reason),
                }
            }
        }
        let completeness = completeness(totals, gathered.len());
        Ok(Listing {
            rows: gathered.rows,
            unreadable: gathered.unreadable,
            completeness,
        })
    }

    fn walk(&self, side_by_side: bool) -> Walk<'_, T> {
        Walk {
            list: self,
            side_by_side,
            next: Some(self.first.clone()),
            ahead: stream::empty().boxed(),
            asked: HashSet::new(),
            previous: None,
        }
    }

    /// Fetches one page.
    async fn fetch(&self, asked: Endpoint<Raw>) -> Result<Page, Error> {
        let answer = self.engine.send_raw(&asked).await?;
        self.paging.read(self.engine.base(), &asked, &answer)
    }

    fn guard(&self, row: &RawValue) -> Guarded<T> {
        match (self.read)(row) {
            Ok(value) => Guarded::Row(value),
            Err(reason) => Guarded::Unreadable {
                id: id_of(row, &self.id_key),
                reason,
            },
        }
    }
}

/// Whether `seen` different rows are all, given the first and the last total that the server told (hazards A3, A6).
fn completeness(totals: Option<(u64, u64)>, seen: usize) -> Completeness {
    match totals {
        None => Completeness::Complete,
        Some((first, last)) if first == last && u64::try_from(seen) == Ok(last) => Completeness::Complete,
        Some((first, last)) if first == last => {
            Completeness::Incomplete(format!("the server counts {last} rows and {seen} different ones came"))
        }
        Some((first, last)) => Completeness::Incomplete(format!(
            "the server counted {first} rows at its first page and {last} at its last, and {seen} different ones came"
        )),
    }
}

/// The id of a row that could not be read: a number or a text.
fn id_of(row: &RawValue, key: &str) -> Option<String> {
    let mut fields: HashMap<String, Box<RawValue>> = serde_json::from_str(row.get()).ok()?;
    let id = fields.remove(key)?;
    match id.get().bytes().next()? {
        b'"' => serde_json::from_str(id.get()).ok(),
        b'-' | b'0'..=b'9' => Some(id.get().to_owned()),
        _ => None,
    }
}

/// Rows joined by id: the first place, the latest content.
struct Gathered<T> {
    rows: Vec<T>,
    places: HashMap<String, usize>,
    unreadable: Vec<(Option<String>, String)>,
    unreadable_ids: HashSet<String>,
}

impl<T> Gathered<T> {
    fn new() -> Self {
        Self {
            rows: Vec::new(),
            places: HashMap::new(),
            unreadable: Vec::new(),
            unreadable_ids: HashSet::new(),
        }
    }

    fn add(&mut self, id: String, row: T) {
        match self.places.entry(id) {
            Entry::Occupied(place) => self.rows[*place.get()] = row,
            Entry::Vacant(place) => {
                place.insert(self.rows.len());
                self.rows.push(row);
            }
        }
    }

    fn add_unreadable(&mut self, id: Option<String>, reason: String) {
        if id.as_ref().is_none_or(|id| self.unreadable_ids.insert(id.clone())) {
            self.unreadable.push((id, reason));
        }
    }

    fn len(&self) -> usize {
        self.rows.len() + self.unreadable.len()
    }
}

/// A way through a list's pages that is sure to end.
struct Walk<'a, T> {
    list: &'a List<T>,
    /// Whether pages whose addresses the first one tells are fetched side by side.
    side_by_side: bool,
    next: Option<Endpoint<Raw>>,
    /// Pages on their way, in order.
    ahead: BoxStream<'a, Result<Page, Error>>,
    /// Hashes of the addresses asked for: their texts would grow with the list.
    asked: HashSet<u64>,
    /// The hash of the page before, if it had rows.
    previous: Option<u64>,
}

impl<T: Send + 'static> Walk<'_, T> {
    /// The next page; `None` after the last.
    async fn page(&mut self) -> Result<Option<Page>, Error> {
        let first = self.asked.is_empty();
        let mut page = match self.ahead.next().await {
            Some(page) => page?,
            None => match self.next.take() {
                Some(asked) => {
                    self.note(&asked)?;
                    self.list.fetch(asked).await?
                }
                None => return Ok(None),
            },
        };
        self.refuse_repeated(&page)?;
        if first && self.side_by_side {
            self.fetch_ahead(&page)?;
        }
        self.next = page.next.take();
        Ok(Some(page))
    }

    /// Sets out for the pages that the first one tells of.
    fn fetch_ahead(&mut self, first: &Page) -> Result<(), Error> {
        let pages = self.list.paging.ahead(first);
        for page in &pages {
            self.note(page)?;
        }
        let list = self.list;
        self.ahead = stream::iter(pages)
            .map(move |page| list.fetch(page))
            .buffered(AT_ONCE)
            .boxed();
        Ok(())
    }

    /// Notes that a page is asked for; none is asked for twice.
    fn note(&mut self, asked: &Endpoint<Raw>) -> Result<(), Error> {
        if u64::try_from(self.asked.len()).unwrap_or(u64::MAX) >= MOST_PAGES {
            return Err(self.endless("the list has more than 100000 pages"));
        }
        let address = asked.url(self.list.engine.base());
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
        self.previous = content;
        Ok(())
    }

    fn endless(&self, detail: &str) -> Error {
        Error::not_applied(ErrorKind::EndlessList, detail).during(self.list.first.operation())
    }
}

fn hash(value: &(impl Hash + ?Sized)) -> u64 {
    let mut hasher = DefaultHasher::new();
    value.hash(&mut hasher);
    hasher.finish()
}
