//! The keys of `linx.toml`, their defaults and what they mean. `[sync]` and `[export]` are linx-core's own settings.

use std::num::NonZeroU32;
use std::path::PathBuf;

use exaktime_client::WireProfile;
use exaktime_client::csv::CsvFormat;
use exaktime_client::wire::LoginWire;
use linx_core::settings::{ExportSettings, Settle, SyncSettings};
use serde::Deserialize;
use url::Url;

/// The whole configuration. Unknown keys are refused.
#[derive(Debug, Clone, Default, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Config {
    /// The company in Procore, and how Linx signs in there.
    pub procore: Procore,
    /// The account in ExakTime, and how its API is spoken.
    pub exaktime: ExakTime,
    /// Where Linx keeps what it remembers between runs.
    pub ledger: Ledger,
    /// What a sync brings over, under which names, and what it may change.
    pub sync: SyncSettings,
    /// Which time an export sends, in which form, and what it may change.
    pub export: ExportSettings,
}

/// `[procore]`: the company, the hosts and the way of signing in.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Procore {
    /// The company's number in Procore: the one value without a default.
    pub company_id: Option<u64>,
    /// The host of the API.
    pub api_url: Url,
    /// The host that gives tokens.
    pub login_url: Url,
    /// How Linx signs in.
    pub grant: Grant,
    /// Where a person's login is kept, relative to the current directory.
    pub login_file: PathBuf,
    /// Where the browser goes after a person has agreed; one that the application declares.
    pub redirect_uri: String,
}

/// How Linx signs in to Procore.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Grant {
    /// As an application with an id and a secret.
    #[default]
    ClientCredentials,
    /// As a person, in the browser.
    AuthorizationCode,
}

/// `[exaktime]`: the hosts, and how the account's API is spoken.
#[derive(Debug, Clone, PartialEq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExakTime {
    /// The company's own name for its account, by which one ledger is told from another's; the host without.
    pub account: Option<String>,
    /// The host of the API.
    pub api_url: Url,
    /// The warehouse that time is read from.
    pub odata_url: Url,
    /// Whether nothing may be written there, whatever a command says.
    pub read_only: bool,
    /// A ceiling of our own for requests, where the account needs one.
    pub max_requests_per_second: Option<NonZeroU32>,
    /// How the key is sent, where the account wants it otherwise.
    pub auth: ExakTimeAuth,
    /// The names and forms of the API that are not published.
    pub wire: WireProfile,
    /// How the file of `linx export --time-csv` is written.
    pub csv: CsvFormat,
}

/// `[exaktime.auth]`: ways of sending the key, each of which may be left as it is. They can be combined. The key itself
/// comes from the environment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ExakTimeAuth {
    /// The header that carries it; blank for none.
    pub header: Option<String>,
    /// What stands before it in that header.
    pub prefix: Option<String>,
    /// Whether it is sent as a bearer token.
    pub bearer: Option<bool>,
    /// Its exchange for a token that lives shortly.
    pub login: Option<LoginWire>,
}

impl ExakTime {
    /// Returns the profile of the account's API: `[exaktime.wire]` with what `[exaktime.auth]` sets put over it.
    pub fn wire(&self) -> WireProfile {
        let mut wire = self.wire.clone();
        let auth = &self.auth;
        wire.key.header = auth.header.clone().unwrap_or(wire.key.header);
        wire.key.prefix = auth.prefix.clone().unwrap_or(wire.key.prefix);
        wire.key.bearer = auth.bearer.unwrap_or(wire.key.bearer);
        wire.login = auth.login.clone().or(wire.login);
        wire
    }
}

/// `[ledger]`: where links, lines and the journal are kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Ledger {
    /// `sqlite://` and a path, relative to the current directory.
    pub url: String,
    /// How many seconds after it was sent a request may still arrive that got no answer.
    pub settle_seconds: u32,
}

impl Default for Procore {
    fn default() -> Self {
        Self {
            company_id: None,
            api_url: constant(procore_client::API_URL),
            login_url: constant(procore_client::LOGIN_URL),
            grant: Grant::default(),
            login_file: PathBuf::from("linx-login.json"),
            redirect_uri: procore_client::auth::OUT_OF_BAND.to_owned(),
        }
    }
}

impl Default for ExakTime {
    fn default() -> Self {
        Self {
            account: None,
            api_url: constant(exaktime_client::API_URL),
            odata_url: constant(exaktime_client::ODATA_URL),
            read_only: false,
            max_requests_per_second: None,
            auth: ExakTimeAuth::default(),
            wire: WireProfile::default(),
            csv: CsvFormat::default(),
        }
    }
}

impl Default for Ledger {
    fn default() -> Self {
        Self {
            url: "sqlite://linx.db".to_owned(),
            settle_seconds: Settle::default().seconds,
        }
    }
}

/// Reads an address that the clients name themselves.
fn constant(address: &str) -> Url {
    Url::parse(address).unwrap_or_else(|error| unreachable!("{address}: {error}"))
}
