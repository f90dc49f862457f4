//! A person agrees once, and every process uses the login.
//!
//!     cargo run -p procore-client --features sandbox --example auth

use std::error::Error;
use std::sync::Arc;

use linx_http::sandbox::InProcess;
use linx_http::{Clock, ManualClock, MemoryTokenStore, Transport};
use procore_client::Client;
use procore_client::auth::{Application, Login, OUT_OF_BAND};
use procore_client::sandbox::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID, Sandbox};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let clock: Arc<dyn Clock> = Arc::new(ManualClock::at("2026-03-16T08:00:00Z".parse()?));
    let transport: Arc<dyn Transport> = Arc::new(InProcess::new(Arc::new(Sandbox::contractor()), Arc::clone(&clock)));
    let application = Application {
        client_id: SANDBOX_CLIENT_ID.to_owned(),
        client_secret: SANDBOX_CLIENT_SECRET.into(),
        redirect_uri: OUT_OF_BAND.to_owned(),
    };
    // In earnest: linx_http::token_file::FileTokenStore, so that the login outlives the program.
    let store = Arc::new(MemoryTokenStore::default());
    let login = Login::new(application, None, Arc::clone(&transport), Arc::clone(&clock), store)?;

    // A person opens this page, agrees, and is shown a code. Here the sandbox agrees at once.
    let page = login.page("something that nobody can guess");
    println!("open {}", page.path());
    let mut visit = http::Request::new(bytes::Bytes::new());
    *visit.uri_mut() = page.as_str().parse()?;
    let shown: serde_json::Value = serde_json::from_slice(transport.send(visit).await?.body())?;
    login.complete(shown["code"].as_str().unwrap_or_default()).await?;

    let client = Client::builder(SANDBOX_COMPANY_ID)
        .login(Arc::new(login))
        .transport(transport)
        .clock(clock)
        .build()?;
    println!("logged in as user {}", client.me().await?.id);
    Ok(())
}
