//! What every test stands on: a seeded sandbox, a clock at 08:00 UTC on 16 March 2026, and a client for both.

use std::sync::{Arc, Mutex, PoisonError};

use async_trait::async_trait;
use bytes::Bytes;
use chrono::{DateTime, NaiveDate, Utc};
use http::{Request, Response};
use linx_http::sandbox::{InProcess, Service};
use linx_http::{ManualClock, Transport, TransportError};
use procore_client::drafts::{EntryDraft, Worked};
use procore_client::sandbox::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID, Sandbox};
use procore_client::{
    Client, CompanyId, CostCodeId, LineItemTypeId, PersonId, ProjectId, StandardCostCodeId, SubJobId, TimeTypeId,
};

pub const LAKEFRONT: ProjectId = ProjectId::new(316_002);
pub const TOWER: SubJobId = SubJobId::new(416_004);
pub const OLD_MILL: ProjectId = ProjectId::new(316_005);
pub const ANA: PersonId = PersonId::new(562_949_953_430_001);
pub const BEN: PersonId = PersonId::new(562_949_953_430_002);
pub const ZOE: PersonId = PersonId::new(562_949_953_430_026);
pub const LABOR: LineItemTypeId = LineItemTypeId::new(50_887);
pub const MATERIALS: LineItemTypeId = LineItemTypeId::new(50_888);
pub const REGULAR: TimeTypeId = TimeTypeId::new(9185);
pub const OVERTIME: TimeTypeId = TimeTypeId::new(9186);

pub struct Harness {
    pub sandbox: Arc<Sandbox>,
    pub clock: Arc<ManualClock>,
    pub wire: Arc<Wire>,
    pub client: Client,
}

/// The contractor, and a client that is let in.
pub fn harness() -> Harness {
    let sandbox = Arc::new(Sandbox::contractor());
    let service = Arc::clone(&sandbox);
    harness_with(sandbox, service)
}

/// The same with another service before the sandbox.
pub fn harness_with(sandbox: Arc<Sandbox>, service: Arc<dyn Service>) -> Harness {
    let clock = Arc::new(ManualClock::at("2026-03-16T08:00:00Z".parse().unwrap()));
    let wire = Arc::new(Wire::new(InProcess::new(service, clock.clone())));
    let client = client(&wire, &clock, SANDBOX_COMPANY_ID, SANDBOX_CLIENT_SECRET);
    Harness {
        sandbox,
        clock,
        wire,
        client,
    }
}

pub fn client(wire: &Arc<Wire>, clock: &Arc<ManualClock>, company: CompanyId, secret: &str) -> Client {
    Client::builder(company)
        .client_credentials(SANDBOX_CLIENT_ID.to_owned(), secret.into())
        .transport(wire.clone())
        .clock(clock.clone())
        .build()
        .unwrap()
}

/// Passes requests on and keeps them with their answers.
pub struct Wire {
    inner: InProcess,
    seen: Mutex<Vec<(Request<Bytes>, Response<Bytes>)>>,
}

impl Wire {
    fn new(inner: InProcess) -> Self {
        Self {
            inner,
            seen: Mutex::default(),
        }
    }

    pub fn seen(&self) -> Vec<(Request<Bytes>, Response<Bytes>)> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// How many requests went to a path with `part` in it.
    pub fn count(&self, part: &str) -> usize {
        self.seen()
            .iter()
            .filter(|(request, _)| request.uri().path().contains(part))
            .count()
    }
}

#[async_trait]
impl Transport for Wire {
    async fn send(&self, request: Request<Bytes>) -> Result<Response<Bytes>, TransportError> {
        let response = self.inner.send(request.clone()).await?;
        self.seen
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((request, response.clone()));
        Ok(response)
    }
}

/// The sandbox, and something that people do after the first answer to a path with `part` in it.
pub struct Interrupted<F> {
    pub sandbox: Arc<Sandbox>,
    pub part: &'static str,
    pub act: Mutex<Option<F>>,
}

impl<F: FnOnce(&Sandbox) + Send> Service for Interrupted<F> {
    fn answer(&self, request: &Request<Bytes>, now: DateTime<Utc>) -> Response<Bytes> {
        let response = self.sandbox.answer(request, now);
        if request.uri().path().contains(self.part)
            && let Some(act) = self.act.lock().unwrap_or_else(PoisonError::into_inner).take()
        {
            act(&self.sandbox);
        }
        response
    }
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The id of a cost code of a project or sub job by its whole code.
pub fn cost_code(sandbox: &Sandbox, project: ProjectId, sub_job: Option<SubJobId>, full: &str) -> CostCodeId {
    sandbox.with_state(|state| {
        let standard: StandardCostCodeId = *state
            .company_codes
            .iter()
            .find(|(_, code)| state.full_code(code) == full)
            .unwrap()
            .0;
        let own = |code: &procore_client::sandbox::ProjectCode| {
            (code.project, code.sub_job, code.standard) == (project, sub_job, standard)
        };
        *state.project_codes.iter().find(|(_, code)| own(code)).unwrap().0
    })
}

/// Eight regular hours of Ben's on structural steel at Lakefront Tower, 2 March 2026.
pub fn eight_hours(sandbox: &Sandbox) -> EntryDraft {
    let mut draft = EntryDraft::new(LAKEFRONT, day("2026-03-02"), BEN, Worked::hours("8.00"));
    draft.cost_code_id = Some(cost_code(sandbox, LAKEFRONT, None, "05-120"));
    draft.line_item_type_id = Some(LABOR);
    draft.timecard_time_type_id = Some(REGULAR);
    draft.billable = true;
    draft.description = Some("columns, level 4".to_owned());
    draft.approval_status = Some(procore_client::timecards::ApprovalStatus::Pending);
    draft.origin_id = Some("linx-1".to_owned());
    draft.origin_data = Some("05-120 REG".to_owned());
    draft
}
