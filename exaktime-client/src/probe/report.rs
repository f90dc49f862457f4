//! What is found, and the requests by which it is found.

use std::collections::BTreeSet;
use std::fmt;

use http::StatusCode;
use linx_http::endpoint::Raw;
use linx_http::{Endpoint, Error};
use serde_json::Value;

use crate::client::Client;
use crate::wire::WireProfile;

/// What became of an assumption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Observed {
    /// It is so.
    Holds,
    /// It is otherwise: how.
    Differs(String),
    /// It could not be seen: why.
    Unknown(String),
}

/// An assumption and what became of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The field of the profile, such as `person.identifier`.
    pub assumption: String,
    /// What became of it.
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

/// What one request met: no values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// Method and path.
    pub operation: String,
    /// The status, if there was an answer.
    pub status: Option<StatusCode>,
    /// The names of the answer's headers, where it was a success.
    pub headers: BTreeSet<String>,
    /// The keys of the answer's JSON and of its rows.
    pub keys: BTreeSet<String>,
}

/// All that was found.
#[derive(Debug, Clone)]
pub struct Report {
    /// Assumption by assumption.
    pub findings: Vec<Finding>,
    /// The profile that would fit, as far as could be seen.
    pub wire: WireProfile,
    /// Request by request.
    pub exchanges: Vec<Exchange>,
}

impl Report {
    /// The assumptions that do not hold.
    pub fn differences(&self) -> impl Iterator<Item = &Finding> {
        let differs = |finding: &&Finding| matches!(finding.observed, Observed::Differs(_));
        self.findings.iter().filter(differs)
    }
}

impl Report {
    pub(super) fn add(&mut self, assumption: impl Into<String>, observed: Observed) {
        self.findings.push(Finding {
            assumption: assumption.into(),
            observed,
        });
    }

    pub(super) fn holds_or_differs(&mut self, assumption: impl Into<String>, before: &str, after: &str) {
        let observed = if before == after {
            Observed::Holds
        } else {
            Observed::Differs(format!("`{after}`, not `{before}`"))
        };
        self.add(assumption, observed);
    }

    /// The JSON of a read; `None` if it was refused. Errors where nobody answers.
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

/// The rows of an answer, and the property that holds them, if it is no bare array.
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

/// The keys of an answer and of its first rows.
fn keys_of(answer: &Value) -> BTreeSet<String> {
    let own = answer.as_object().into_iter().flat_map(|object| object.keys().cloned());
    let rows = rows(answer).map_or(&[][..], |(_, rows)| rows.as_slice());
    let rows = rows
        .iter()
        .filter_map(Value::as_object)
        .flat_map(|row| row.keys().cloned());
    own.chain(rows).collect()
}
