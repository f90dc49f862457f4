//! What the runnable examples beside this file share: the sandboxes of both services, to be joined by Linx.

use std::sync::Arc;

use linx_core::adapters::ClientClock;
use linx_core::adapters::exaktime::ExakTimeField;
use linx_core::adapters::procore::ProcoreOffice;
use linx_core::ledger::{MemoryLedger, Pair};
use linx_core::{Linx, LinxBuilder};
use linx_http::sandbox::InProcess;
use linx_http::{Clock, Error, ManualClock};
use procore_client::sandbox::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID};

/// Begins to join the sandboxes of Procore and ExakTime and a ledger in memory; the settings and rules are the defaults until
/// others are given.
///
/// Against real accounts four parts are different, and nothing else: the transport
/// (`linx_http::reqwest::ReqwestTransport`), the clock (`linx_http::reqwest::SystemClock`), the credentials, and the ledger
/// (`linx_core::adapters::sqlite::SqliteLedger`), which remembers from run to run.
///
/// # Errors
///
/// A client's configuration that cannot work, such as an address without HTTPS.
pub fn both_sandboxes() -> Result<LinxBuilder, Error> {
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::at(chrono::DateTime::UNIX_EPOCH));
    let procore = Arc::new(procore_client::sandbox::Sandbox::contractor());
    let exaktime = Arc::new(exaktime_client::sandbox::Sandbox::contractor());

    let office = procore_client::Client::builder(SANDBOX_COMPANY_ID)
        .client_credentials(SANDBOX_CLIENT_ID.into(), SANDBOX_CLIENT_SECRET.to_owned().into())
        .transport(Arc::new(InProcess::new(procore, Arc::clone(&clock))))
        .clock(Arc::clone(&clock))
        .build()?;
    let field = exaktime_client::Client::builder()
        .api_key(exaktime_client::sandbox::SANDBOX_API_KEY.to_owned().into())
        .transport(Arc::new(InProcess::new(exaktime, Arc::clone(&clock))))
        .clock(Arc::clone(&clock))
        .build()?;

    let pair = Pair {
        office: format!("sandbox company {}", SANDBOX_COMPANY_ID.get()),
        field: "sandbox account".to_owned(),
    };
    Ok(Linx::builder(
        pair,
        Arc::new(ProcoreOffice::new(office)),
        Arc::new(ExakTimeField::new(field)),
        Arc::new(MemoryLedger::new()),
        Arc::new(ClientClock::new(clock)),
    ))
}
