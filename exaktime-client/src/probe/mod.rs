//! What a real account speaks: asks with reads only, compares with what was taken for granted, and gives the profile that
//! would fit.
//!
//! A report holds status codes, header names and JSON keys, never values (exaktime-api.md section 6). The one request
//! that is no `GET` is a login, and that only where no key in a header was enough.

mod access;
mod lists;
mod paging;
mod report;
mod warehouse;

use linx_http::Error;
use secrecy::SecretString;

pub use access::Candidates;
pub use report::{Exchange, Finding, Observed, Report};

use crate::client::ClientBuilder;

/// Asks the account of `builder` what it speaks. `key` is the key that `builder` has as well. Writes nothing. Errors when
/// it cannot be reached, or when no way of authorising was accepted; what is merely otherwise stands in the report.
pub async fn probe(builder: ClientBuilder, key: &SecretString, candidates: &Candidates) -> Result<Report, Error> {
    let builder = builder.read_only(true);
    let mut report = Report {
        findings: Vec::new(),
        wire: builder.clone().build()?.wire().clone(),
        exchanges: Vec::new(),
    };
    let client = Box::pin(report.authorise(builder, key, candidates)).await?;
    report.lists(&client).await?;
    report.paging(&client).await?;
    report.warehouse(&client).await;
    Ok(report)
}
