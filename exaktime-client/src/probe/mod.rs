//! What a real account speaks: asks with reads only, compares with what is assumed, and returns the profile that would
//! fit.
//!
//! A report holds status codes, header names and JSON keys, never values (exaktime-api.md section 6). The one request
//! that is no `GET` is a login, and that only where no key in a header was enough.

mod access;
mod lists;
mod pagination;
mod report;
mod warehouse;

use linx_http::Error;
use secrecy::SecretString;

pub use access::{Candidates, LoginCandidate};
pub use report::{Exchange, Finding, Observed, Report};

use crate::client::ClientBuilder;

/// Asks the account of `builder` what it speaks, and returns what was found.
///
/// `key` is the key that `builder` has as well: it is needed apart from it to try logins. Writes nothing; may be
/// repeated.
///
/// # Errors
///
/// If the service cannot be reached, or no way of authorising was accepted
/// ([`ErrorKind::Unauthorized`](linx_http::ErrorKind::Unauthorized)). What is merely otherwise than assumed is no error
/// and stands in the report.
pub async fn probe(builder: ClientBuilder, key: &SecretString, candidates: &Candidates) -> Result<Report, Error> {
    let builder = builder.read_only(true);
    let mut report = Report {
        findings: Vec::new(),
        wire: builder.clone().build()?.wire().clone(),
        exchanges: Vec::new(),
    };
    let client = Box::pin(report.authorise(builder, key, candidates)).await?;
    report.lists(&client).await?;
    report.pagination(&client).await?;
    report.warehouse(&client).await;
    Ok(report)
}
