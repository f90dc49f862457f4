//! What the parameters of paging are called.

use linx_http::endpoint::Raw;
use linx_http::{Endpoint, Error};

use super::report::{Observed, Report, rows};
use crate::client::Client;
use crate::request::endpoint;

/// Names of the page's number and of its size, to try after the configured ones.
const PAGE_NAMES: [&str; 5] = ["page", "pageNumber", "pageNo", "pageIndex", "p"];
const SIZE_NAMES: [&str; 6] = ["pageSize", "perPage", "per_page", "page_size", "limit", "size"];

impl Report {
    /// Looks for the parameters of pages: by the persons, of which there have to be two.
    pub(super) async fn pagination(&mut self, client: &Client) -> Result<(), Error> {
        let (page, size) = (self.wire.list.page.clone(), self.wire.list.page_size.clone());
        let persons: Endpoint<Raw> = endpoint(Endpoint::get(""), &[&self.wire.person.path]);
        let mut found_size = None;
        for name in std::iter::once(size.as_str()).chain(SIZE_NAMES) {
            let one = self.ask(client, &persons.clone().query(name, 1)).await?;
            if one.as_ref().and_then(rows).is_some_and(|(_, rows)| rows.len() == 1) {
                found_size = Some((name.to_owned(), one));
                break;
            }
        }
        let Some((found_size, first)) = found_size else {
            for assumption in ["list.page_size", "list.page"] {
                self.add(
                    assumption,
                    Observed::Unknown("no parameter changed the size of a page".to_owned()),
                );
            }
            return Ok(());
        };
        self.holds_or_differs("list.page_size", &size, &found_size);
        self.wire.list.page_size.clone_from(&found_size);
        for name in std::iter::once(page.as_str()).chain(PAGE_NAMES) {
            let ask = persons.clone().query(&found_size, 1).query(name, 2);
            let second = self.ask(client, &ask).await?;
            if second.is_some() && second != first {
                self.holds_or_differs("list.page", &page, name);
                name.clone_into(&mut self.wire.list.page);
                return Ok(());
            }
        }
        self.add(
            "list.page",
            Observed::Unknown("no parameter changed the page".to_owned()),
        );
        Ok(())
    }
}
