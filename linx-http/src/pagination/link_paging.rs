//! Paging by links, as Procore pages.

use bytes::Bytes;
use http::header::LINK;
use url::Url;

use super::link_header::next_link;
use super::scheme::{Page, Paging};
use crate::endpoint::{Endpoint, Raw};
use crate::error::{Error, ErrorKind};
use crate::json;

/// The most pages that are asked for before links lead to them. A total is the server's word and may be any number
/// (hazard A18); what lies beyond is reached from link to link.
const MOST_AHEAD: u64 = 1000;

/// `Link: rel="next"` and `Total`, as Procore v1 pages (RFC 8288). The end is known from the missing next link, never
/// from a short page (hazard A4).
///
/// A list is whole when its links end and its rows are as many as `Total`. Without a `Total` its last page must have a
/// `Link`, which then leads back only. A list without both is not known to be whole, however short it is: a proxy may
/// have taken them away (hazard A17).
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
        let total = total.and_then(|text| text.trim().parse().ok());
        let ended = next.is_none();
        let page = Page::new(rows, next, total);
        if ended && !answer.headers().contains_key(LINK) {
            return Ok(page
                .doubted("its last page has neither `Link` nor `Total`, which something on the way may have removed"));
        }
        Ok(page)
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
        let last = total.div_ceil(size.max(1)).min(MOST_AHEAD);
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
