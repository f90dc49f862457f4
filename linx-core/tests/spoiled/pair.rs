//! A company in both sandboxes, on a clock that stands still, and a way to give one answer in the place of another.

use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use bytes::Bytes;
use http::{Request, Response, Uri};
use linx_core::Linx;
use linx_core::adapters::ClientClock;
use linx_core::adapters::exaktime::ExakTimeField;
use linx_core::adapters::procore::ProcoreOffice;
use linx_core::ledger::{Ledger, Pair};
use linx_core::plan::Selection;
use linx_http::sandbox::{InProcess, Service};
use linx_http::testing::{Recorded, answer};
use linx_http::{ManualClock, Transport, TransportError};
use procore_client::sandbox::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID};

/// Passes on what a sandbox answers, but for one address.
pub struct Wire {
    inner: Recorded<InProcess>,
    /// What was asked, and the answer to it as a text.
    asked: Mutex<Vec<(Uri, Vec<u8>)>>,
    instead: Mutex<Option<(Uri, Vec<u8>)>>,
}

impl Wire {
    fn to(service: Arc<dyn Service>, clock: Arc<ManualClock>) -> Arc<Self> {
        Arc::new(Self {
            inner: Recorded::of(InProcess::new(service, clock)),
            asked: Mutex::default(),
            instead: Mutex::default(),
        })
    }

    /// Returns what was read so far, each address once, and forgets it. Tokens are not among it.
    pub fn take(&self) -> Vec<(Uri, Vec<u8>)> {
        let mut asked = std::mem::take(&mut *self.asked.lock().unwrap());
        asked.retain(|(address, _)| address.path() != "/oauth/token");
        asked.sort_by_key(|(address, _)| address.to_string());
        asked.dedup_by(|later, before| later.0 == before.0);
        asked
    }

    /// Sets what is answered at an address from now on; `None` for what the sandbox answers.
    pub fn answer_instead(&self, instead: Option<(&Uri, &[u8])>) {
        *self.instead.lock().unwrap() = instead.map(|(address, text)| (address.clone(), text.to_vec()));
    }
}

#[async_trait]
impl Transport for Wire {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let address = request.uri().clone();
        if let Some((at, text)) = &*self.instead.lock().unwrap()
            && *at == address
        {
            return Ok(answer(text));
        }
        let answer = self.inner.send(request).await?;
        let text = self.inner.take().swap_remove(0);
        self.asked.lock().unwrap().push((address, text));
        Ok(answer)
    }
}

/// Both services, and Linx between them.
pub struct Company {
    pub procore: Arc<Wire>,
    pub exaktime: Arc<Wire>,
    office: Arc<ProcoreOffice>,
    field: Arc<ExakTimeField>,
    clock: Arc<ManualClock>,
}

impl Company {
    /// The company of 28 lines in two weeks.
    pub fn small() -> Self {
        let procore = procore_client::sandbox::Sandbox::small_company();
        Self::of(procore, exaktime_client::sandbox::Sandbox::small_company())
    }

    /// The contractor, of whom ExakTime lacks much.
    pub fn contractor() -> Self {
        let procore = procore_client::sandbox::Sandbox::contractor();
        Self::of(procore, exaktime_client::sandbox::Sandbox::contractor())
    }

    fn of(procore: procore_client::sandbox::Sandbox, exaktime: exaktime_client::sandbox::Sandbox) -> Self {
        let clock = Arc::new(ManualClock::at("2026-03-17T12:00:00Z".parse().unwrap()));
        let procore = Wire::to(Arc::new(procore), clock.clone());
        let exaktime = Wire::to(Arc::new(exaktime), clock.clone());
        let office = procore_client::Client::builder(SANDBOX_COMPANY_ID)
            .client_credentials(SANDBOX_CLIENT_ID.into(), SANDBOX_CLIENT_SECRET.to_owned().into())
            .transport(procore.clone())
            .clock(clock.clone());
        let field = exaktime_client::Client::builder()
            .api_key(exaktime_client::sandbox::SANDBOX_API_KEY.to_owned().into())
            .transport(exaktime.clone())
            .clock(clock.clone());
        Self {
            office: Arc::new(ProcoreOffice::new(office.build().unwrap())),
            field: Arc::new(ExakTimeField::new(field.build().unwrap())),
            procore,
            exaktime,
            clock,
        }
    }

    pub fn linx(&self, ledger: Arc<dyn Ledger>) -> Linx {
        let pair = Pair {
            office: format!("sandbox company {}", SANDBOX_COMPANY_ID.get()),
            field: "sandbox account".into(),
        };
        let clock = Arc::new(ClientClock::new(self.clock.clone()));
        Linx::builder(pair, self.office.clone(), self.field.clone(), ledger, clock)
            .build()
            .unwrap()
    }
}

/// Two days of the sandbox's time.
pub fn days() -> Selection {
    Selection::days("2026-03-02".parse().unwrap(), "2026-03-03".parse().unwrap())
}
