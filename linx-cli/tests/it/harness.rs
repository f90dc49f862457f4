//! Both sandboxes on sockets, a folder with a configuration for them, and the program.

use std::path::PathBuf;
use std::process::Output;
use std::sync::Arc;

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin;
use exaktime_client::sandbox::SANDBOX_API_KEY;
use linx_http::reqwest::SystemClock;
use linx_http::sandbox::Server;
use procore_client::sandbox::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID};
use serde_json::Value;
use tempfile::TempDir;

pub struct Harness {
    pub procore: Arc<procore_client::sandbox::Sandbox>,
    pub exaktime: Arc<exaktime_client::sandbox::Sandbox>,
    pub procore_server: Server,
    pub exaktime_server: Server,
    pub folder: TempDir,
}

/// The two weeks of the sandbox's time.
pub const EXPORT: [&str; 5] = ["export", "--from", "2026-03-02", "--to", "2026-03-15"];

impl Harness {
    /// The invented contractor.
    pub async fn new() -> Self {
        let procore = procore_client::sandbox::Sandbox::contractor();
        Self::of(procore, exaktime_client::sandbox::Sandbox::contractor()).await
    }

    /// The company of 28 lines and 108.00 h in the same two weeks.
    pub async fn small_company() -> Self {
        let procore = procore_client::sandbox::Sandbox::small_company();
        Self::of(procore, exaktime_client::sandbox::Sandbox::small_company()).await
    }

    async fn of(procore: procore_client::sandbox::Sandbox, exaktime: exaktime_client::sandbox::Sandbox) -> Self {
        let clock = Arc::new(SystemClock);
        let (procore, exaktime) = (Arc::new(procore), Arc::new(exaktime));
        let harness = Self {
            procore_server: Server::start(procore.clone(), clock.clone(), 0).await.unwrap(),
            exaktime_server: Server::start(exaktime.clone(), clock, 0).await.unwrap(),
            procore,
            exaktime,
            folder: TempDir::new().unwrap(),
        };
        harness.configure(&format!("company_id = {SANDBOX_COMPANY_ID}"));
        harness
    }

    /// Writes a configuration for both sandboxes with `company` as the line of the company.
    pub fn configure(&self, company: &str) {
        let (procore, exaktime) = (self.procore_server.address(), self.exaktime_server.address());
        let text = format!(
            "[procore]\n{company}\napi_url = \"{procore}\"\nlogin_url = \"{procore}\"\n\n\
             [exaktime]\napi_url = \"{exaktime}\"\nodata_url = \"{exaktime}odata\"\n"
        );
        std::fs::write(self.path("linx.toml"), text).unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program in the folder, with the right secrets and nothing else of the environment.
    pub fn linx(&self, args: &[&str]) -> Command {
        let mut command = Command::new(cargo_bin("linx"));
        command
            .current_dir(self.folder.path())
            .env_clear()
            .envs(SECRETS)
            .args(args);
        command
    }

    /// Runs it and expects an exit status.
    pub fn run(&self, args: &[&str], status: i32) -> Output {
        expect(&mut self.linx(args), status)
    }

    /// Runs it with `--format json` and gives the one document that it prints.
    pub fn json(&self, args: &[&str], status: i32) -> Value {
        let args: Vec<&str> = args.iter().copied().chain(["--format", "json"]).collect();
        serde_json::from_slice(&self.run(&args, status).stdout).unwrap()
    }

    /// Requests that changed something, on both sides; asking for a token changes nothing.
    pub fn writes(&self) -> usize {
        use http::Method;
        let (procore, exaktime) = (self.procore_server.traffic(), self.exaktime_server.traffic());
        let methods = [Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
        let all: usize = methods
            .iter()
            .map(|method| procore.count(Some(method), "") + exaktime.count(Some(method), ""))
            .sum();
        all - procore.count(Some(&Method::POST), "/oauth/token")
    }

    /// The keys of our entries in Procore; one that stands twice fails.
    pub fn keys_in_procore(&self) -> Vec<String> {
        let marks = self.procore.entries().into_iter().filter_map(|entry| entry.origin_data);
        let mut keys: Vec<String> = marks
            .map(|mark| mark.rsplit_once(' ').map(|(key, _)| key.to_owned()).unwrap())
            .collect();
        keys.sort();
        let count = keys.len();
        keys.dedup();
        assert_eq!(keys.len(), count, "a line stands twice in Procore");
        keys
    }
}

pub const SECRETS: [(&str, &str); 3] = [
    ("PROCORE_CLIENT_ID", SANDBOX_CLIENT_ID),
    ("PROCORE_CLIENT_SECRET", SANDBOX_CLIENT_SECRET),
    ("ARCORO_API_KEY", SANDBOX_API_KEY),
];

pub fn expect(command: &mut Command, status: i32) -> Output {
    let output = command.output().unwrap();
    let told = format!("{}\n{}", stdout(&output), stderr(&output));
    assert_eq!(output.status.code(), Some(status), "{told}");
    output
}

pub fn stdout(output: &Output) -> String {
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub fn stderr(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}
