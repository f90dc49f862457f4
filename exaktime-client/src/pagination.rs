//! How lists go from page to page: numbered pages of REST, `$skip` and next links of OData.

use bytes::Bytes;
use linx_http::endpoint::Raw;
use linx_http::{Endpoint, Error, ErrorKind, Page, Paging};
use serde::Deserialize;
use serde_json::value::RawValue;
use url::Url;

use crate::object::shown_keys;
use crate::wire::ListWire;

type Rows = Vec<Box<RawValue>>;

/// Pages by number, without links and totals.
///
/// The server may lower the page's size without a word, so that a short page is no end (hazards A4, A17): what the first
/// one holds is taken for the size, and only an empty page ends the list. That takes one request more than there are
/// pages, and is the only proof that a list without totals has. Rows after a page that was shorter than the first show
/// that rows were left out, and make the list incomplete.
///
/// None is asked for before the one before it has come: a row that is inserted meanwhile would push another to a page that was read
/// already, and without a total nothing would show it (hazard A3).
#[derive(Debug, Clone)]
pub(crate) struct NumberedPaging {
    pub(crate) wire: ListWire,
}

impl Paging for NumberedPaging {
    fn first(&self, list: Endpoint<Raw>) -> Endpoint<Raw> {
        list.set_query(&self.wire.page, 1)
            .set_query(&self.wire.page_size, self.wire.rows)
    }

    fn read(&self, _base: &Url, asked: &Endpoint<Raw>, answer: &http::Response<Bytes>) -> Result<Page, Error> {
        let rows = rows(answer.body(), &self.wire.envelopes).map_err(|detail| unreadable(asked, detail))?;
        let page = number(asked, &self.wire.page).unwrap_or(1);
        let size = number(asked, &self.wire.page_size).unwrap_or(u64::from(self.wire.rows));
        let here = u64::try_from(rows.len()).unwrap_or(u64::MAX);
        // Later pages are asked for in the size of the first, so that their numbers mean the same rows.
        let size = if page == 1 { here.min(size) } else { size };
        let next = (here > 0).then(|| {
            asked
                .clone()
                .set_query(&self.wire.page, page + 1)
                .set_query(&self.wire.page_size, size)
        });
        let page_read = Page::new(rows, next, None);
        Ok(if here < size { page_read.closing() } else { page_read })
    }
}

/// `$skip` and `$top` with `$count`, and `@odata.nextLink` where the server gives one (OData 4, section 11.2).
#[derive(Debug, Clone)]
pub(crate) struct ODataPaging {
    rows: u64,
    /// Where the question itself begins.
    skip: u64,
    /// How many rows the question wants in all.
    top: Option<u64>,
}

impl ODataPaging {
    /// Pages of `rows` out of what `list` asks for.
    pub(crate) fn of(list: &Endpoint<Raw>, rows: u32) -> Self {
        Self {
            rows: rows.into(),
            skip: number(list, "$skip").unwrap_or(0),
            top: number(list, "$top"),
        }
    }

    /// Where the question ends among the rows that meet it, of which there are `count`.
    fn end(&self, count: Option<u64>) -> Option<u64> {
        let wanted = self.top.map(|top| self.skip.saturating_add(top));
        match (wanted, count) {
            (Some(wanted), Some(count)) => Some(wanted.min(count)),
            (wanted, count) => wanted.or(count),
        }
    }
}

/// An answer of OData. Its property names are the standard's.
#[derive(Deserialize)]
struct Feed<'a> {
    #[serde(borrow)]
    value: Vec<&'a RawValue>,
    #[serde(rename = "@odata.nextLink")]
    next: Option<String>,
    #[serde(rename = "@odata.count")]
    count: Option<u64>,
}

impl Paging for ODataPaging {
    fn first(&self, list: Endpoint<Raw>) -> Endpoint<Raw> {
        list.set_query("$top", self.top.map_or(self.rows, |top| top.min(self.rows)))
            .set_query("$skip", self.skip)
            .set_query("$count", true)
    }

    fn read(&self, base: &Url, asked: &Endpoint<Raw>, answer: &http::Response<Bytes>) -> Result<Page, Error> {
        let feed: Feed<'_> = serde_json::from_slice(answer.body()).map_err(|_| {
            unreadable(
                asked,
                "the page is no OData feed: it has no rows under `value`".to_owned(),
            )
        })?;
        let skipped = number(asked, "$skip").unwrap_or(0);
        let end = self.end(feed.count);
        let seen = skipped.saturating_add(u64::try_from(feed.value.len()).unwrap_or(u64::MAX));
        let next = match feed.next {
            Some(_) if self.top.is_some() && end.is_some_and(|end| seen >= end) => None,
            Some(link) => {
                let link = asked.url(base).join(&link);
                let link = link.map_err(|_| unreadable(asked, "the link to the next page is no address".to_owned()))?;
                Some(asked.clone().set_query("$skip", seen).at(link))
            }
            // A server that links says by no link that this was the last page. One that does not: the count tells the
            // end, and without a count only an empty page does (hazards A4, A6).
            None if asked.link().is_some() || feed.value.is_empty() || end.is_some_and(|end| seen >= end) => None,
            None => {
                let left = self.top.and(end).map(|end| end - seen);
                let top = left.map_or(self.rows, |left| left.min(self.rows));
                Some(asked.clone().set_query("$skip", seen).set_query("$top", top))
            }
        };
        let rows = feed.value.into_iter().map(ToOwned::to_owned).collect();
        let total = feed.count.and(end).map(|end| end.saturating_sub(self.skip));
        Ok(Page::new(rows, next, total))
    }
}

/// The rows of a page: a bare array, or the array that an object holds under one of the `envelopes`.
fn rows(body: &[u8], envelopes: &[String]) -> Result<Rows, String> {
    if let Ok(rows) = serde_json::from_slice::<Rows>(body) {
        return Ok(rows);
    }
    let object: std::collections::BTreeMap<String, Box<RawValue>> =
        serde_json::from_slice(body).map_err(|_| "the page is neither an array nor an object".to_owned())?;
    let mut held = envelopes.iter().filter_map(|name| object.get(name));
    held.find_map(|value| serde_json::from_str(value.get()).ok())
        .ok_or_else(|| {
            format!(
                "the page has no rows under {}; it has {}",
                envelopes.join(", "),
                shown_keys(object.keys())
            )
        })
}

fn number(asked: &Endpoint<Raw>, name: &str) -> Option<u64> {
    let pair = asked.query_pairs().iter().find(|(present, _)| present == name);
    pair.and_then(|(_, value)| value.parse().ok())
}

fn unreadable(asked: &Endpoint<Raw>, detail: String) -> Error {
    Error::not_applied(ErrorKind::Unreadable, detail).during(asked.operation())
}

#[cfg(test)]
mod tests {
    use http::Response;

    use super::*;

    fn base() -> Url {
        "https://api.example".parse().unwrap()
    }

    fn answer(body: &str) -> Response<Bytes> {
        Response::new(Bytes::from(body.to_owned()))
    }

    /// Reads a page of `count` rows and gives the query of the next.
    fn after(paging: &NumberedPaging, asked: &Endpoint<Raw>, count: usize) -> Option<Endpoint<Raw>> {
        let body = format!("[{}]", vec!["{}"; count].join(","));
        paging.read(&base(), asked, &answer(&body)).unwrap().next
    }

    #[test]
    fn a4_a_page_size_that_the_server_lowered_is_taken_over() {
        let paging = NumberedPaging {
            wire: ListWire::default(),
        };
        let first = paging.first(Endpoint::get("x"));
        assert_eq!(first.url(&base()).query(), Some("pageNumber=1&pageSize=100"));
        let second = after(&paging, &first, 30).unwrap();
        assert_eq!(second.url(&base()).query(), Some("pageNumber=2&pageSize=30"));
        let third = after(&paging, &second, 30).unwrap();
        assert_eq!(third.url(&base()).query(), Some("pageNumber=3&pageSize=30"));
        // A shorter page is followed: only an empty one is the end (hazard A17).
        assert!(after(&paging, &third, 29).is_some());
        assert!(after(&paging, &third, 0).is_none());
        assert!(after(&paging, &first, 0).is_none());
    }

    #[test]
    fn rows_come_bare_or_in_an_envelope() {
        let envelopes = ListWire::default().envelopes;
        for body in ["[1,2]", r#"{"items":[1,2]}"#, r#"{"count":2,"data":[1,2]}"#] {
            assert_eq!(rows(body.as_bytes(), &envelopes).unwrap().len(), 2, "{body}");
        }
        let error = rows(br#"{"rows":[],"page":1}"#, &envelopes).unwrap_err();
        assert_eq!(
            error,
            "the page has no rows under items, data, results, value, records; it has page, rows"
        );
        assert!(rows(b"<html>", &envelopes).is_err());
    }

    #[test]
    fn an_odata_list_goes_on_by_link_by_count_or_to_an_empty_page() {
        let paging = ODataPaging::of(&Endpoint::get("Dw"), 2);
        let first = paging.first(Endpoint::get("Dw"));
        let next = |asked: &Endpoint<Raw>, body: &str| paging.read(&base(), asked, &answer(body)).unwrap().next;
        let linked = next(&first, r#"{"value":[1],"@odata.nextLink":"Dw?$skiptoken=7"}"#).unwrap();
        assert_eq!(linked.url(&base()).as_str(), "https://api.example/Dw?$skiptoken=7");
        assert!(next(&linked, r#"{"value":[2]}"#).is_none());
        let skipped = next(&first, r#"{"value":[1],"@odata.count":3}"#).unwrap();
        assert_eq!(number(&skipped, "$skip"), Some(1));
        assert!(next(&skipped, r#"{"value":[2,3],"@odata.count":3}"#).is_none());
        let unknown = next(&first, r#"{"value":[1]}"#).unwrap();
        assert!(next(&unknown, r#"{"value":[]}"#).is_none());
        assert!(paging.read(&base(), &first, &answer("[]")).is_err());
    }

    #[test]
    fn a18_a_count_without_end_is_added_to_nothing() {
        let body = |rows: &str| answer(&format!(r#"{{"value":[{rows}],"@odata.count":{}}}"#, u64::MAX));
        for question in [
            Endpoint::get("Dw"),
            Endpoint::get("Dw").query("$skip", u64::MAX - 3).query("$top", u64::MAX),
        ] {
            let paging = ODataPaging::of(&question, 2);
            let first = paging.first(question);
            let page = paging.read(&base(), &first, &body("1")).unwrap();
            let next = page.next.unwrap();
            assert_eq!(number(&next, "$skip"), number(&first, "$skip").map(|skip| skip + 1));
            assert!(paging.read(&base(), &next, &body("")).unwrap().next.is_none());
        }
    }

    #[test]
    fn a_question_for_some_rows_ends_with_them() {
        let question = Endpoint::get("Dw").query("$top", 3).query("$skip", 1);
        let paging = ODataPaging::of(&question, 2);
        let first = paging.first(question);
        assert_eq!((number(&first, "$skip"), number(&first, "$top")), (Some(1), Some(2)));
        for count in ["", r#","@odata.count":9"#] {
            let body = |rows: &str| format!(r#"{{"value":[{rows}]{count}}}"#);
            let second = paging
                .read(&base(), &first, &answer(&body("1,2")))
                .unwrap()
                .next
                .unwrap();
            assert_eq!((number(&second, "$skip"), number(&second, "$top")), (Some(3), Some(1)));
            let last = paging.read(&base(), &second, &answer(&body("3"))).unwrap();
            assert!(last.next.is_none());
            assert_eq!(last.total, (!count.is_empty()).then_some(3));
        }
    }
}
