//! The parameters of a request.

use std::str::FromStr;

use url::Url;

use super::answer::{Refusal, bad_parameter};

/// The query of a request.
pub(super) struct Query {
    address: Url,
    pairs: Vec<(String, String)>,
}

impl Query {
    pub(super) fn of(address: Url) -> Self {
        let pairs = address
            .query_pairs()
            .map(|(name, value)| (name.into_owned(), value.into_owned()))
            .collect();
        Self { address, pairs }
    }

    /// The parameter's text; the last one counts.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.pairs
            .iter()
            .rev()
            .find(|(present, _)| present == name)
            .map(|(_, value)| value.as_str())
    }

    /// The parameter read; 400 when it is there and malformed.
    pub(super) fn read<T: FromStr>(&self, name: &str) -> Result<Option<T>, Refusal> {
        self.text(name)
            .map(|text| text.parse().map_err(|_| bad_parameter(name)))
            .transpose()
    }

    /// The parameter read; 400 when it is missing or malformed.
    pub(super) fn required<T: FromStr>(&self, name: &str) -> Result<T, Refusal> {
        self.read(name)?.ok_or_else(|| bad_parameter(name))
    }

    /// A filter of several values: `filters[name]=1` and `filters[name][]=1&filters[name][]=2`. Empty when not given.
    pub(super) fn filter<T: FromStr>(&self, name: &str) -> Result<Vec<T>, Refusal> {
        let (one, many) = (format!("filters[{name}]"), format!("filters[{name}][]"));
        self.pairs
            .iter()
            .filter(|(present, _)| *present == one || *present == many)
            .map(|(_, value)| value.parse().map_err(|_| bad_parameter(&one)))
            .collect()
    }

    /// The path that is asked for.
    pub(super) fn path(&self) -> &str {
        self.address.path()
    }

    /// The same request for another page, of another host where there is one.
    pub(super) fn address_of_page(&self, page: usize, host: Option<&Url>) -> Url {
        let mut address = self.address.clone();
        if let Some(host) = host {
            address = host.clone();
            address.set_path(self.address.path());
        }
        address
            .query_pairs_mut()
            .clear()
            .extend_pairs(self.pairs.iter().filter(|(name, _)| name != "page"))
            .append_pair("page", &page.to_string());
        address
    }
}
