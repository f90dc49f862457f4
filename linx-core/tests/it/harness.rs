//! Both sandboxes, the clients and a ledger, joined in-process on a clock that stands still.

use std::sync::Arc;

use chrono::{DateTime, NaiveDate, Utc};
use exaktime_client::csv::Rows;
use linx_core::adapters::ClientClock;
use linx_core::adapters::csv::CsvField;
use linx_core::adapters::exaktime::ExakTimeField;
use linx_core::adapters::procore::ProcoreOffice;
use linx_core::export::ExportReport;
use linx_core::ledger::{Ledger, MemoryLedger, Pair};
use linx_core::mapping::MappingRules;
use linx_core::model::Hours;
use linx_core::plan::{ExportPlan, Selection, SyncPlan};
use linx_core::ports::Field;
use linx_core::settings::{ExportSettings, Settle, SyncSettings};
use linx_core::sync::{SyncOptions, SyncReport};
use linx_core::{Linx, LinxBuilder};
use linx_http::sandbox::{Fault, Faults, InProcess, Order, Service, Traffic};
use linx_http::{ManualClock, Transport, WrongClock};
use procore_client::sandbox::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID};

/// Everything a whole-system test works with.
pub struct Harness {
    pub procore: Arc<procore_client::sandbox::Sandbox>,
    pub exaktime: Arc<exaktime_client::sandbox::Sandbox>,
    pub procore_faults: Faults,
    pub exaktime_faults: Faults,
    pub procore_traffic: Traffic,
    pub exaktime_traffic: Traffic,
    pub ledger: Arc<dyn Ledger>,
    pub office: Arc<ProcoreOffice>,
    pub field: Arc<ExakTimeField>,
    clock: Arc<ManualClock>,
    /// The clock of the machine that Linx runs on. It shows what the services' does, unless it is set otherwise.
    pub our_clock: Arc<WrongClock>,
    pub sync: SyncSettings,
    pub export: ExportSettings,
    pub settle: Settle,
}

fn host(service: Arc<dyn Service>, clock: &Arc<ManualClock>) -> (Arc<dyn Transport>, Faults, Traffic) {
    let clock: Arc<ManualClock> = Arc::clone(clock);
    let host = InProcess::new(service, clock);
    let (faults, traffic) = (host.faults(), host.traffic());
    (Arc::new(host), faults, traffic)
}

pub fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

/// The companies of the sandboxes.
pub fn pair() -> Pair {
    Pair {
        office: format!("sandbox company {}", SANDBOX_COMPANY_ID.get()),
        field: "sandbox account".into(),
    }
}

/// The two weeks of the invented contractor's time.
pub fn two_weeks() -> Selection {
    Selection::days(day("2026-03-02"), day("2026-03-15"))
}

impl Harness {
    /// The invented contractor on both sides, and an empty ledger.
    pub fn contractor() -> Self {
        Self::with_ledger(Arc::new(MemoryLedger::new()))
    }

    pub fn with_ledger(ledger: Arc<dyn Ledger>) -> Self {
        let procore = procore_client::sandbox::Sandbox::contractor();
        Self::of(procore, exaktime_client::sandbox::Sandbox::contractor(), ledger)
    }

    /// The company of 28 lines and 108.00 h on both sides, and an empty ledger.
    pub fn small_company() -> Self {
        let procore = procore_client::sandbox::Sandbox::small_company();
        let exaktime = exaktime_client::sandbox::Sandbox::small_company();
        Self::of(procore, exaktime, Arc::new(MemoryLedger::new()))
    }

    fn of(
        procore: procore_client::sandbox::Sandbox,
        exaktime: exaktime_client::sandbox::Sandbox,
        ledger: Arc<dyn Ledger>,
    ) -> Self {
        let start: DateTime<Utc> = "2026-03-17T12:00:00Z".parse().unwrap();
        let clock = Arc::new(ManualClock::at(start));
        let our_clock = Arc::new(WrongClock::beside(clock.clone()));
        let (procore, exaktime) = (Arc::new(procore), Arc::new(exaktime));
        let (procore_transport, procore_faults, procore_traffic) = host(procore.clone(), &clock);
        let (exaktime_transport, exaktime_faults, exaktime_traffic) = host(exaktime.clone(), &clock);
        let office = procore_client::Client::builder(SANDBOX_COMPANY_ID)
            .client_credentials(SANDBOX_CLIENT_ID.into(), SANDBOX_CLIENT_SECRET.to_owned().into())
            .transport(procore_transport)
            .clock(our_clock.clone())
            .build()
            .unwrap();
        let field = exaktime_client::Client::builder()
            .api_key(exaktime_client::sandbox::SANDBOX_API_KEY.to_owned().into())
            .transport(exaktime_transport)
            .clock(our_clock.clone())
            .build()
            .unwrap();
        Self {
            procore,
            exaktime,
            procore_faults,
            exaktime_faults,
            procore_traffic,
            exaktime_traffic,
            ledger,
            office: Arc::new(ProcoreOffice::new(office)),
            field: Arc::new(ExakTimeField::new(field)),
            clock,
            our_clock,
            sync: SyncSettings::default(),
            export: ExportSettings::default(),
            settle: Settle::default(),
        }
    }

    /// Lets so many days pass.
    pub fn wait_days(&self, days: u64) {
        self.wait_seconds(days * 24 * 60 * 60);
    }

    /// Lets so many seconds pass.
    pub fn wait_seconds(&self, seconds: u64) {
        self.clock.advance(std::time::Duration::from_secs(seconds));
    }

    /// Procore as the core sees it.
    pub fn office(&self) -> &ProcoreOffice {
        &self.office
    }

    /// A Linx of this harness; each is a new process as far as its memory goes.
    pub fn linx(&self) -> Linx {
        self.builder(self.field.clone()).build().unwrap()
    }

    pub fn linx_by(&self, rules: Arc<dyn MappingRules>) -> Linx {
        let builder = self.builder(self.field.clone());
        builder.rules(|_| rules).build().unwrap()
    }

    /// A Linx whose time comes out of a file.
    pub fn linx_reading(&self, rows: Rows<&[u8]>) -> Linx {
        let field = Arc::new(CsvField::new(self.field.clone(), rows).unwrap());
        self.builder(field).build().unwrap()
    }

    /// The parts of a Linx of this harness.
    pub fn builder(&self, field: Arc<dyn Field>) -> LinxBuilder {
        let clock = Arc::new(ClientClock::new(self.our_clock.clone()));
        Linx::builder(pair(), self.office.clone(), field, self.ledger.clone(), clock)
            .sync(self.sync.clone())
            .export(self.export.clone())
            .settle(self.settle)
    }

    /// A night passes, in which ExakTime's warehouse is filled anew: it has a record of the day before, without hours.
    pub fn next_day(&self) {
        let yesterday = linx_http::Clock::now(&*self.clock).date_naive();
        self.wait_days(1);
        self.exaktime.with_state(|state| {
            state.time_records.push(exaktime_client::sandbox::TimeRecord {
                id: format!("tr-{yesterday}"),
                person: "p-101".into(),
                work_date: yesterday,
                location: None,
                cost_code: None,
                start: yesterday.and_time(chrono::NaiveTime::MIN).and_utc(),
                stop: Some(yesterday.and_time(chrono::NaiveTime::MIN).and_utc()),
                regular_hours: "0.00".into(),
                ot1_hours: "0.00".into(),
                ot2_hours: "0.00".into(),
                comment: None,
            });
        });
    }

    pub async fn plan_sync(&self) -> SyncPlan {
        self.linx().plan_sync(&SyncOptions::default()).await.unwrap()
    }

    pub async fn apply_sync(&self) -> SyncReport {
        let plan = self.plan_sync().await;
        self.linx().apply_sync(&plan).await.unwrap()
    }

    pub async fn plan_export(&self) -> ExportPlan {
        self.linx().plan_export(&two_weeks()).await.unwrap()
    }

    pub async fn apply_export(&self) -> ExportReport {
        let plan = self.plan_export().await;
        let report = self.linx().apply_export(&plan).await.unwrap();
        assert_eq!(report.account.check(), Ok(()));
        report
    }

    /// The entries in Procore that carry our mark, by their key, without the parts that overtime rules split off; a key
    /// that stands twice fails.
    pub fn keys_in_procore(&self) -> Vec<String> {
        let mut keys: Vec<String> = self
            .procore
            .entries()
            .iter()
            .filter(|entry| entry.split_of.is_none())
            .filter_map(|entry| {
                let mark = entry.origin_data.clone()?;
                Some(mark.strip_prefix("linx1 ")?.rsplit_once(' ')?.0.to_owned())
            })
            .collect();
        keys.sort();
        let count = keys.len();
        keys.dedup();
        assert_eq!(keys.len(), count, "a line stands twice in Procore");
        keys
    }

    /// Every hour that ExakTime has of the two weeks.
    pub fn hours_in_exaktime(&self) -> Hours {
        self.exaktime.with_state(|state| {
            let weeks = two_weeks();
            let texts = state
                .time_records
                .iter()
                .filter(|record| (weeks.from..=weeks.to).contains(&record.work_date))
                .flat_map(|record| [&record.regular_hours, &record.ot1_hours, &record.ot2_hours]);
            texts.map(|text| Hours::from_decimal(text).unwrap()).sum()
        })
    }

    /// Writes that reached a service.
    pub fn writes(&self) -> usize {
        [
            http::Method::POST,
            http::Method::PUT,
            http::Method::PATCH,
            http::Method::DELETE,
        ]
        .iter()
        .map(|method| {
            let tokens = self.procore_traffic.count(Some(method), "/oauth/token");
            self.procore_traffic.count(Some(method), "") - tokens + self.exaktime_traffic.count(Some(method), "")
        })
        .sum()
    }
}

/// One fault for the request number `after` (from 0) of a method and path.
pub fn once(method: http::Method, path: &str, after: u32, fault: Fault) -> Order {
    Order {
        method: Some(method),
        path: path.into(),
        after,
        times: 1,
        fault,
    }
}
