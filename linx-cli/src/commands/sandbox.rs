//! `linx sandbox`.

use std::sync::Arc;

use exaktime_client::sandbox::SANDBOX_API_KEY;
use linx_http::reqwest::SystemClock;
use linx_http::sandbox::{Server, Service};
use procore_client::sandbox::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID};

use crate::args::SandboxArgs;
use crate::error::{CliError, Status};
use crate::print::Printer;

/// Serves both until Ctrl-C. The configuration goes to stdout, so that it can be redirected to a file.
pub async fn run(args: &SandboxArgs, printer: &Printer) -> Result<Status, CliError> {
    let procore = start(
        "Procore",
        Arc::new(procore_client::sandbox::Sandbox::contractor()),
        args.port,
    )
    .await?;
    let next = match args.port {
        0 => 0,
        port => port
            .checked_add(1)
            .ok_or_else(|| CliError::usage("there is no port above 65535 for ExakTime"))?,
    };
    let exaktime = start(
        "ExakTime",
        Arc::new(exaktime_client::sandbox::Sandbox::contractor()),
        next,
    )
    .await?;
    printer.out(&configuration(&procore, &exaktime))?;
    printer.note(&format!(
        "serving Procore on {} and ExakTime on {} until Ctrl-C\n",
        procore.address(),
        exaktime.address()
    ));
    stopped().await?;
    Ok(Status::Done)
}

async fn start(name: &str, service: Arc<dyn Service>, port: u16) -> Result<Server, CliError> {
    Server::start(service, Arc::new(SystemClock), port)
        .await
        .map_err(|error| {
            CliError::failed(format!("the {name} sandbox cannot listen on port {port}"))
                .caused_by(error)
                .hint("Choose another port with --port, or 0 for any that is free.")
        })
}

fn configuration(procore: &Server, exaktime: &Server) -> String {
    let (procore, exaktime) = (procore.address(), exaktime.address());
    format!(
        "# A configuration for these sandboxes. Their secrets open nothing else; give them to linx by the environment:\n\
         # export PROCORE_CLIENT_ID={SANDBOX_CLIENT_ID}\n\
         # export PROCORE_CLIENT_SECRET={SANDBOX_CLIENT_SECRET}\n\
         # export ARCORO_API_KEY={SANDBOX_API_KEY}\n\
         \n\
         [procore]\n\
         company_id = {SANDBOX_COMPANY_ID}\n\
         api_url = \"{procore}\"\n\
         login_url = \"{procore}\"\n\
         \n\
         [exaktime]\n\
         api_url = \"{exaktime}\"\n\
         odata_url = \"{exaktime}odata\"\n\
         \n\
         [ledger]\n\
         url = \"sqlite://linx-sandbox.db\"\n"
    )
}

/// Resolves at Ctrl-C, or when the system asks the program to end.
async fn stopped() -> Result<(), CliError> {
    let failed = |error| CliError::failed("the program cannot wait for Ctrl-C").caused_by(error);
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut terminate = signal(SignalKind::terminate()).map_err(failed)?;
        tokio::select! {
            ended = tokio::signal::ctrl_c() => ended.map_err(failed),
            _ = terminate.recv() => Ok(()),
        }
    }
    #[cfg(not(unix))]
    tokio::signal::ctrl_c().await.map_err(failed)
}
