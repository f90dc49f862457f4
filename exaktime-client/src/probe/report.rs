//! What is found, and the requests by which it is found.

use std::collections::BTreeSet;
use std::fmt;

use http::StatusCode;
use linx_http::endpoint::Raw;
use linx_http::{Endpoint, Error};
use serde_json::Value;

use crate::client::Client;
use crate::wire::WireProfile;

/// How an assumption compares with what the account was seen to speak.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Observed {
    /// The account speaks as assumed.
    Holds,
    /// The account speaks otherwise; the text says how, such as "`userId`, not `personId`".
    Differs(String),
    /// It could not be seen; the text says why: there are no rows, say, or the request was refused with this status.
    Unknown(String),
}

/// An assumption, and whether the account speaks so.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Finding {
    /// The field of the profile, such as `person.identifier`.
    pub assumption: String,
    /// What was seen.
    pub observed: Observed,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.observed {
            Observed::Holds => write!(f, "{}: holds", self.assumption),
            Observed::Differs(how) => write!(f, "{}: differs: {how}", self.assumption),
            Observed::Unknown(why) => write!(f, "{}: unknown: {why}", self.assumption),
        }
    }
}

/// One request and what its answer was made of: no values, so that a report can be shown to others (hazard A14).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Exchange {
    /// Method and path, such as `GET /v1/Common/Persons`; no query.
    pub operation: String,
    /// The status; none if there was no answer.
    pub status: Option<StatusCode>,
    /// The names of the answer's headers; empty where it was refused.
    pub headers: BTreeSet<String>,
    /// The keys of the answer's JSON and of its rows; empty where it was refused or is no JSON.
    pub keys: BTreeSet<String>,
}

/// All that a probe found.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Report {
    /// Assumption by assumption, in the order in which they were looked at.
    pub findings: Vec<Finding>,
    /// The profile that would fit, as far as could be seen; what could not be seen is as it was assumed.
    pub wire: WireProfile,
    /// Request by request, in the order in which they were sent.
    pub exchanges: Vec<Exchange>,
}

impl Report {
    /// Returns the findings that say how the account differs from what was assumed.
    pub fn differences(&self) -> impl Iterator<Item = &Finding> {
        let differs = |finding: &&Finding| matches!(finding.observed, Observed::Differs(_));
        self.findings.iter().filter(differs)
    }

    /// Notes a finding.
    pub(super) fn add(&mut self, assumption: impl Into<String>, observed: Observed) {
        self.findings.push(Finding {
            assumption: assumption.into(),
            observed,
        });
    }

    /// Notes that a name is as assumed, or what it is instead.
    pub(super) fn holds_or_differs(&mut self, assumption: impl Into<String>, before: &str, after: &str) {
        let observed = if before == after {
            Observed::Holds
        } else {
            Observed::Differs(format!("`{after}`, not `{before}`"))
        };
        self.add(assumption, observed);
    }

    /// Sends a read, notes it, and returns its JSON; `None` if it was refused or is no JSON. An error where nobody
    /// answers.
    pub(super) async fn ask(&mut self, client: &Client, ask: &Endpoint<Raw>) -> Result<Option<Value>, Error> {
        let answer = client.rest().send_raw(ask).await;
        let (status, headers, value) = match &answer {
            Ok(answer) => (
                Some(answer.status()),
                answer.headers().keys().map(ToString::to_string).collect(),
                serde_json::from_slice(answer.body()).ok(),
            ),
            Err(error) => (error.status(), BTreeSet::new(), None),
        };
        self.exchanges.push(Exchange {
            operation: ask.operation(),
            status,
            headers,
            keys: value.as_ref().map(keys_of).unwrap_or_default(),
        });
        match answer {
            Err(error) if error.status().is_none() => Err(error),
            _ => Ok(value),
        }
    }
}

/// Returns the rows of an answer, and the property that holds them if it is no bare array.
pub(super) fn rows(answer: &Value) -> Option<(Option<String>, &Vec<Value>)> {
    match answer {
        Value::Array(rows) => Some((None, rows)),
        Value::Object(object) => {
            let mut arrays = object
                .iter()
                .filter_map(|(name, value)| Some((name, value.as_array()?)));
            arrays.next().map(|(name, rows)| (Some(name.clone()), rows))
        }
        _ => None,
    }
}

/// Returns the keys of an answer and of its rows.
fn keys_of(answer: &Value) -> BTreeSet<String> {
    let own = answer.as_object().into_iter().flat_map(|object| object.keys().cloned());
    let rows = rows(answer).map_or(&[][..], |(_, rows)| rows.as_slice());
    let rows = rows
        .iter()
        .filter_map(Value::as_object)
        .flat_map(|row| row.keys().cloned());
    own.chain(rows).collect()
}
