//! What the runnable examples beside this file share: Linx joined to the sandboxes of both services.

use std::sync::Arc;

use linx_core::Linx;
use linx_core::adapters::ClientClock;
use linx_core::adapters::exaktime::ExakTimeField;
use linx_core::adapters::procore::ProcoreOffice;
use linx_core::ledger::MemoryLedger;
use linx_core::mapping::MappingRules;
use linx_http::sandbox::InProcess;
use linx_http::{Clock, Error, ManualClock};
use procore_client::sandbox::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID};

/// Joins the sandboxes of Procore and ExakTime, a ledger in memory and `rules`.
///
/// Against real accounts four parts are different, and nothing else: the transport
/// (`linx_http::reqwest::ReqwestTransport`), the clock (`linx_http::reqwest::SystemClock`), the credentials, and the ledger
/// (`linx_core::adapters::sqlite::SqliteLedger`), which remembers from run to run.
///
/// # Errors
///
/// A client's configuration that cannot work, such as an address without HTTPS.
pub fn both_sandboxes(rules: Arc<dyn MappingRules>) -> Result<Linx, Error> {
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

    Ok(Linx::new(
        Arc::new(ProcoreOffice::new(office)),
        Arc::new(ExakTimeField::new(field)),
        Arc::new(MemoryLedger::new()),
        Arc::new(ClientClock::new(clock)),
        rules,
    ))
}
