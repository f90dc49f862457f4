//! Questions to the data warehouse: OData 4 queries built from values, so that no text of a value is taken for syntax.
//!
//! ```
//! use exaktime_client::odata::{Filter, Query};
//!
//! let query = Query::default()
//!     .filter(Filter::starts_with("LastName", "O'B").and(Filter::eq("IsActive", true)))
//!     .select(["PersonId", "LastName"])
//!     .order_by("LastName")
//!     .top(10);
//! assert_eq!(query.pairs()[0].1, "startswith(LastName,'O''B') and IsActive eq true");
//! ```

use std::fmt;

use chrono::{DateTime, NaiveDate, SecondsFormat, Utc};
use linx_http::endpoint::Raw;
use linx_http::{Endpoint, List};

use crate::client::Client;
use crate::object::Object;

/// A value as OData writes it in a filter (OData 4 URL conventions, section 5.1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Literal(String);

impl From<&str> for Literal {
    /// In single quotes; a quote within is doubled.
    fn from(text: &str) -> Self {
        Self(format!("'{}'", text.replace('\'', "''")))
    }
}

impl From<bool> for Literal {
    fn from(flag: bool) -> Self {
        Self(flag.to_string())
    }
}

impl From<i64> for Literal {
    fn from(number: i64) -> Self {
        Self(number.to_string())
    }
}

impl From<NaiveDate> for Literal {
    /// Unquoted, and a date: it is never sent as an instant (hazard D5).
    fn from(date: NaiveDate) -> Self {
        Self(date.to_string())
    }
}

impl From<DateTime<Utc>> for Literal {
    fn from(instant: DateTime<Utc>) -> Self {
        Self(instant.to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl Literal {
    /// Returns an id in the form in which it was received: a number as it is, a text in quotes.
    pub fn id(id: &impl serde::Serialize) -> Self {
        match serde_json::to_value(id) {
            Ok(serde_json::Value::Number(number)) => Self(number.to_string()),
            Ok(serde_json::Value::String(text)) => Self::from(text.as_str()),
            _ => Self::null(),
        }
    }

    /// Returns `null`, for a column without a value.
    pub fn null() -> Self {
        Self("null".to_owned())
    }
}

/// A condition that rows have to meet. Column names go into it as they are: give names of the profile, no text of
/// others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Filter {
    text: String,
    /// Whether it has to stand in brackets beside an `and`.
    loose: bool,
}

impl Filter {
    fn compare(column: &str, operator: &str, value: &Literal) -> Self {
        Self {
            text: format!("{column} {operator} {}", value.0),
            loose: false,
        }
    }

    /// Returns the condition that the column has this value.
    pub fn eq(column: &str, value: impl Into<Literal>) -> Self {
        Self::compare(column, "eq", &value.into())
    }

    /// Returns the condition that the column has another value.
    pub fn ne(column: &str, value: impl Into<Literal>) -> Self {
        Self::compare(column, "ne", &value.into())
    }

    /// Returns the condition that the column has this value or a greater one.
    pub fn ge(column: &str, value: impl Into<Literal>) -> Self {
        Self::compare(column, "ge", &value.into())
    }

    /// Returns the condition that the column has this value or a smaller one.
    pub fn le(column: &str, value: impl Into<Literal>) -> Self {
        Self::compare(column, "le", &value.into())
    }

    /// Returns the condition that the column has a smaller value.
    pub fn lt(column: &str, value: impl Into<Literal>) -> Self {
        Self::compare(column, "lt", &value.into())
    }

    /// Returns the condition that the date in the column is one of `from` to `to`, both included.
    pub(crate) fn dates(column: &str, from: NaiveDate, to: NaiveDate) -> Self {
        Self::ge(column, from).and(Self::le(column, to))
    }

    /// Returns the condition that the column's text begins with this one.
    pub fn starts_with(column: &str, text: &str) -> Self {
        Self {
            text: format!("startswith({column},{})", Literal::from(text).0),
            loose: false,
        }
    }

    /// Returns the condition that both are met.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            text: format!("{} and {}", self.tight(), other.tight()),
            loose: false,
        }
    }

    /// Returns the condition that one of the two is met.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        Self {
            text: [self.text, other.text].join(" or "),
            loose: true,
        }
    }

    fn tight(self) -> String {
        if self.loose {
            format!("({})", self.text)
        } else {
            self.text
        }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// A question to one entity set: all of its rows, unless it says otherwise.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    filter: Option<Filter>,
    select: Vec<String>,
    order: Vec<String>,
    top: Option<u64>,
    skip: u64,
}

impl Query {
    /// Asks only for rows that meet `filter`, and every filter given before.
    #[must_use]
    pub fn filter(mut self, filter: Filter) -> Self {
        self.filter = Some(match self.filter {
            Some(before) => before.and(filter),
            None => filter,
        });
        self
    }

    /// Asks only for these columns.
    #[must_use]
    pub fn select<'a>(mut self, columns: impl IntoIterator<Item = &'a str>) -> Self {
        self.select.extend(columns.into_iter().map(str::to_owned));
        self
    }

    /// Sorts by this column, after those given before. Pages are cut out of one order: make it total, by a key as the
    /// last column, or rows may come twice and others not at all.
    #[must_use]
    pub fn order_by(mut self, column: &str) -> Self {
        self.order.push(column.to_owned());
        self
    }

    /// Sorts by this column, greatest first, after those given before.
    #[must_use]
    pub fn order_by_desc(mut self, column: &str) -> Self {
        self.order.push(format!("{column} desc"));
        self
    }

    /// Asks for so many rows in all at most.
    #[must_use]
    pub fn top(mut self, rows: u64) -> Self {
        self.top = Some(rows);
        self
    }

    /// Leaves out the first so many rows.
    #[must_use]
    pub fn skip(mut self, rows: u64) -> Self {
        self.skip = rows;
        self
    }

    /// Returns the query options, not encoded. `$top` and `$skip` are those of the question as a whole; pages are cut
    /// out of it.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        pairs.extend(self.filter.as_ref().map(|filter| ("$filter", filter.to_string())));
        pairs.extend((!self.select.is_empty()).then(|| ("$select", self.select.join(","))));
        pairs.extend((!self.order.is_empty()).then(|| ("$orderby", self.order.join(","))));
        pairs.extend(self.top.map(|rows| ("$top", rows.to_string())));
        pairs.extend((self.skip > 0).then(|| ("$skip", self.skip.to_string())));
        pairs
    }

    /// Returns the request for the rows of `set`.
    pub(crate) fn request(&self, set: &str) -> Endpoint<Raw> {
        let pairs = self.pairs().into_iter();
        pairs.fold(Endpoint::get("").segments(set), |list, (name, value)| {
            list.query(name, value)
        })
    }
}

impl Client {
    /// Returns the list of the rows of any entity set that meet `query`, as objects: the way to what this crate has no
    /// type for. `key` is the column by which a row that cannot be read is named. Two rows that are equal in every
    /// column count as one. Reads when its rows are asked for.
    pub fn query(&self, set: &str, query: &Query, key: &str) -> List<Object> {
        let id = |row: &Object| serde_json::to_string(row).unwrap_or_default();
        self.odata_list(query.request(set), |row, _| Ok(row.clone()), id, key)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_question_is_written_as_odata_has_it() {
        let day = NaiveDate::from_ymd_opt(2026, 3, 8).unwrap();
        let late = Filter::ge("At", day.and_hms_opt(6, 30, 0).unwrap().and_utc());
        let query = Query::default()
            .filter(Filter::eq("PersonId", Literal::id(&crate::PersonId::new("p-1"))))
            .filter(Filter::ge("WorkDate", day).or(late))
            .select(["A", "B"])
            .order_by("A")
            .order_by_desc("B")
            .skip(5)
            .top(7);
        let pairs = [
            (
                "$filter",
                "PersonId eq 'p-1' and (WorkDate ge 2026-03-08 or At ge 2026-03-08T06:30:00Z)",
            ),
            ("$select", "A,B"),
            ("$orderby", "A,B desc"),
            ("$top", "7"),
            ("$skip", "5"),
        ];
        assert_eq!(query.pairs(), pairs.map(|(name, value)| (name, value.to_owned())));
        assert_eq!(query.request("DwUsers").operation(), "GET /DwUsers");
    }

    #[test]
    fn an_id_is_asked_for_in_the_form_received() {
        let number: crate::PersonId = serde_json::from_str("77").unwrap();
        assert_eq!(Literal::id(&number).0, "77");
        assert_eq!(Literal::id(&crate::PersonId::new("0077")).0, "'0077'");
    }

    proptest! {
        #[test]
        fn no_text_ends_its_own_quotes(text in ".{0,20}") {
            let literal = Literal::from(text.as_str()).0;
            let inner = &literal[1..literal.len() - 1];
            prop_assert_eq!(inner.replace("''", ""), text.replace('\'', ""));
            prop_assert_eq!(literal.matches('\'').count() % 2, 0);
        }
    }
}
