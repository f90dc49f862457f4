//! Builds the real parts by the configuration, and joins them: both clients, the ledger, the rules.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use chrono::NaiveDate;
use exaktime_client::csv;
use linx_core::Linx;
use linx_core::adapters::ClientClock;
use linx_core::adapters::csv::CsvField;
use linx_core::adapters::exaktime::ExakTimeField;
use linx_core::adapters::procore::ProcoreOffice;
use linx_core::adapters::sqlite::SqliteLedger;
use linx_core::ledger::{Ledger, LedgerError, Pair};
use linx_core::model::CentiHours;
use linx_core::plan::Selection;
use linx_core::ports::{Field, Observer, Office};
use linx_core::settings::Settle;
use linx_http::reqwest::{ReqwestTransport, SystemClock};
use linx_http::token_file::FileTokenStore;
use linx_http::{Clock, Transport};
use procore_client::CompanyId;
use procore_client::auth::{Application, Login};
use secrecy::ExposeSecret;
use url::Url;

use crate::config::{Environment, ExakTime, Grant, Loaded};
use crate::error::CliError;
use crate::process;
use crate::secrets::{ARCORO_API_KEY, PROCORE_CLIENT_ID, PROCORE_CLIENT_SECRET, secret};

/// Procore and ExakTime as the configuration names them, before they are joined with a ledger.
pub struct Sides {
    /// Procore.
    pub office: Arc<dyn Office>,
    /// ExakTime.
    pub field: Arc<dyn Field>,
    clock: Arc<dyn Clock>,
    pair: Pair,
}

impl Sides {
    /// Builds both clients. Sends nothing.
    ///
    /// # Errors
    ///
    /// Wrong configuration when a secret, the company or an address is missing or malformed.
    pub fn new(loaded: &Loaded, environment: &Environment) -> Result<Self, CliError> {
        let config = &loaded.config;
        let company = loaded.company_id()?;
        check_addresses(loaded)?;
        let transport: Arc<dyn Transport> = Arc::new(ReqwestTransport::new().map_err(configuration)?);
        let clock: Arc<dyn Clock> = Arc::new(SystemClock);
        let procore = procore_client::Client::builder(CompanyId::new(company));
        let procore = match config.procore.grant {
            Grant::ClientCredentials => procore.client_credentials(
                secret(environment, PROCORE_CLIENT_ID)?.expose_secret().to_owned(),
                secret(environment, PROCORE_CLIENT_SECRET)?,
            ),
            Grant::AuthorizationCode => procore.login(Arc::new(login(loaded, environment)?)),
        };
        let procore = procore
            .api_url(config.procore.api_url.clone())
            .login_url(config.procore.login_url.clone())
            .transport(Arc::clone(&transport))
            .clock(Arc::clone(&clock))
            .build()
            .map_err(configuration)?;
        let mut exaktime = exaktime_client::Client::builder();
        if let Some(ceiling) = config.exaktime.max_requests_per_second {
            exaktime = exaktime.max_requests_per_second(ceiling);
        }
        let exaktime = exaktime
            .api_key(secret(environment, ARCORO_API_KEY)?)
            .api_url(config.exaktime.api_url.clone())
            .odata_url(config.exaktime.odata_url.clone())
            .wire(config.exaktime.wire())
            .read_only(config.exaktime.read_only)
            .transport(transport)
            .clock(Arc::clone(&clock))
            .build()
            .map_err(configuration)?;
        Ok(Self {
            office: Arc::new(ProcoreOffice::new(procore)),
            field: Arc::new(ExakTimeField::new(exaktime)),
            clock,
            pair: Pair {
                office: format!("{} company {company}", host(&config.procore.api_url)),
                field: account(&config.exaktime),
            },
        })
    }

    /// The present day by UTC.
    pub fn today(&self) -> NaiveDate {
        self.clock.now().date_naive()
    }

    /// Takes the time from a CSV file in place of ExakTime's warehouse, and says how many hours it holds and how many of
    /// them are of the days asked for.
    ///
    /// # Errors
    ///
    /// Wrong usage when the file cannot be opened or contradicts what `[exaktime.csv]` declares; a failure when the file
    /// itself is spoiled.
    pub fn with_time_of(mut self, path: &Path, loaded: &Loaded, days: &Selection) -> Result<(Self, String), CliError> {
        let failed = |what: &str| CliError::usage(format!("{} {what}", path.display()));
        let file = File::open(path).map_err(|error| failed("cannot be read").caused_by(error))?;
        let time = csv::read(file, &loaded.config.exaktime.csv)
            .and_then(|rows| CsvField::new(Arc::clone(&self.field), rows))
            .map_err(|error| spoiled(path, error))?;
        let asked = |day| (days.from..=days.to).contains(&day);
        let (all, of_days) = (
            CentiHours::nearest(time.hours(|_| true)),
            CentiHours::nearest(time.hours(asked)),
        );
        let mut told = format!(
            "{} holds {all} h, {of_days} h of them of the days asked for",
            path.display()
        );
        if time.unreadable() > 0 {
            let rows = if time.unreadable() == 1 { "row" } else { "rows" };
            told = format!("{told}, besides {} {rows} that cannot be read", time.unreadable());
        }
        self.field = Arc::new(time);
        Ok((self, told + "\n"))
    }

    /// Joins both sides with the ledger and the settings and rules of the configuration. `wait` says whether a run waits
    /// until what it does not know can be known.
    ///
    /// # Errors
    ///
    /// Wrong configuration when a naming template cannot be read or the ledger belongs to another pair of companies
    /// (hazard C13); a failure when the ledger cannot be opened.
    pub async fn join(self, loaded: &Loaded, wait: bool, observer: Arc<dyn Observer>) -> Result<Linx, CliError> {
        let seconds = loaded.config.ledger.settle_seconds;
        if seconds > Settle::MOST {
            let most = format!("it is {seconds}, and a run waits for an hour at most: 3600");
            return Err(loaded.wrong("ledger.settle_seconds", &most));
        }
        let ledger = Arc::new(open_ledger(loaded)?);
        self.check_pair(ledger.pair().await?)?;
        let clock = Arc::new(ClientClock::new(self.clock));
        Linx::builder(self.pair, self.office, self.field, ledger, clock)
            .sync(loaded.config.sync.clone())
            .export(loaded.config.export.clone())
            .settle(Settle { seconds, wait })
            .observed_by(observer)
            .build()
            .map_err(|error| loaded.wrong("sync.naming", &error.to_string()).caused_by(error))
    }

    /// Refuses a ledger that belongs to another pair of companies. One that belongs to nobody yet is fine.
    ///
    /// # Errors
    ///
    /// [`LedgerError::WrongPair`] with both pairs.
    pub fn check_pair(&self, bound: Option<Pair>) -> Result<(), LedgerError> {
        match bound {
            Some(bound) if bound != self.pair => Err(LedgerError::WrongPair {
                bound,
                given: self.pair.clone(),
            }),
            _ => Ok(()),
        }
    }
}

/// Returns a person's login to Procore, kept in the file that the configuration names.
///
/// # Errors
///
/// Wrong configuration when a secret is missing or an address is malformed.
pub fn login(loaded: &Loaded, environment: &Environment) -> Result<Login, CliError> {
    check_addresses(loaded)?;
    let procore = &loaded.config.procore;
    let application = Application {
        client_id: secret(environment, PROCORE_CLIENT_ID)?.expose_secret().to_owned(),
        client_secret: secret(environment, PROCORE_CLIENT_SECRET)?,
        redirect_uri: procore.redirect_uri.clone(),
    };
    let transport = Arc::new(ReqwestTransport::new().map_err(configuration)?);
    let store = Arc::new(FileTokenStore::new(&procore.login_file));
    Login::new(
        application,
        Some(procore.login_url.clone()),
        transport,
        Arc::new(SystemClock),
        store,
    )
    .map_err(configuration)
}

/// A file of time that is not used, since which of its rows are right cannot be known (hazard D28). Nothing that stands
/// in a row is told.
fn spoiled(path: &Path, error: csv::CsvError) -> CliError {
    let remedy = error.remedy();
    if error.contradicts_format() {
        return CliError::usage(format!("{} is not written as [exaktime.csv] declares", path.display()))
            .caused_by(error)
            .hint(remedy)
            .hint("Declare its columns, dates and hours under [exaktime.csv]; `linx init` shows every key.");
    }
    CliError::failed(format!("{} cannot be trusted, and nothing was done", path.display()))
        .caused_by(error)
        .hint(remedy)
}

/// Refuses an address that cannot be that of a service, such as one without HTTPS; names its key.
fn check_addresses(loaded: &Loaded) -> Result<(), CliError> {
    let config = &loaded.config;
    for (key, address) in [
        ("procore.api_url", &config.procore.api_url),
        ("procore.login_url", &config.procore.login_url),
        ("exaktime.api_url", &config.exaktime.api_url),
        ("exaktime.odata_url", &config.exaktime.odata_url),
    ] {
        linx_http::address::check(address).map_err(|error| loaded.wrong(key, &error.to_string()))?;
    }
    Ok(())
}

/// Opens the ledger that the configuration names, and makes it if it is not there.
///
/// # Errors
///
/// Wrong configuration when the address names no file; a failure when the file cannot be opened.
pub fn open_ledger(loaded: &Loaded) -> Result<SqliteLedger, CliError> {
    let path = loaded.ledger_path()?;
    SqliteLedger::open(&path, process::owner(), process::runs).map_err(|error| {
        let error = CliError::from(error);
        CliError {
            message: format!("{}: {}", path.display(), error.message),
            ..error
        }
    })
}

fn configuration(error: linx_http::Error) -> CliError {
    CliError::usage(error.to_string()).caused_by(error)
}

/// Returns the ExakTime half of a pair: the account by its name, since every customer has the same host (hazard C13).
fn account(exaktime: &ExakTime) -> String {
    let host = host(&exaktime.api_url);
    match exaktime
        .account
        .as_deref()
        .map(str::trim)
        .filter(|name| !name.is_empty())
    {
        Some(name) => format!("{host} account {name}"),
        None => host,
    }
}

/// Returns the host of an address, and its port where it is not the usual one.
fn host(address: &Url) -> String {
    let host = address.host_str().unwrap_or_default();
    match address.port() {
        Some(port) => format!("{host}:{port}"),
        None => host.to_owned(),
    }
}
