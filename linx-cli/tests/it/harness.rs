//! Both sandboxes on sockets, a folder with a configuration for them, and the program.

use std::path::PathBuf;
use std::process::{Child, Output, Stdio};
use std::sync::Arc;

use assert_cmd::Command;
use assert_cmd::cargo::cargo_bin;
use exaktime_client::sandbox::SANDBOX_API_KEY;
use http::Method;
use linx_http::Clock;
use linx_http::reqwest::SystemClock;
use linx_http::sandbox::{Fault, Order, Server};
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
        let exaktime = exaktime_client::sandbox::Sandbox::contractor();
        Self::of(procore, exaktime, Arc::new(SystemClock)).await
    }

    /// The company of 28 lines and 108.00 h in the same two weeks.
    pub async fn small_company() -> Self {
        Self::small_company_on(Arc::new(SystemClock)).await
    }

    /// The same, whose services go by another clock than the program.
    pub async fn small_company_on(clock: Arc<dyn Clock>) -> Self {
        let procore = procore_client::sandbox::Sandbox::small_company();
        Self::of(procore, exaktime_client::sandbox::Sandbox::small_company(), clock).await
    }

    async fn of(
        procore: procore_client::sandbox::Sandbox,
        exaktime: exaktime_client::sandbox::Sandbox,
        clock: Arc<dyn Clock>,
    ) -> Self {
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

    /// Adds to the configuration.
    pub fn add_to_config(&self, text: &str) {
        let config = std::fs::read_to_string(self.path("linx.toml")).unwrap();
        std::fs::write(self.path("linx.toml"), format!("{config}\n{text}\n")).unwrap();
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

    /// The program at work in the folder, for a test that does something meanwhile.
    pub fn begun(&self, args: &[&str]) -> Child {
        std::process::Command::new(cargo_bin("linx"))
            .current_dir(self.folder.path())
            .env_clear()
            .envs(SECRETS)
            .args(args)
            .stdout(Stdio::null())
            .spawn()
            .unwrap()
    }

    /// Runs it and expects an exit status.
    pub fn run(&self, args: &[&str], status: i32) -> Output {
        expect(&mut self.linx(args), status)
    }

    /// Runs it with `--format json` and gives the one document that it prints.
    pub fn json(&self, args: &[&str], status: i32) -> Value {
        self.json_in(&[], args, status)
    }

    /// The same with these variables in the environment.
    pub fn json_in(&self, variables: &[(&str, &str)], args: &[&str], status: i32) -> Value {
        let args: Vec<&str> = args.iter().copied().chain(["--format", "json"]).collect();
        let output = expect(self.linx(&args).envs(variables.iter().copied()), status);
        serde_json::from_slice(&output.stdout).unwrap()
    }

    /// Requests that changed something, on both sides; asking for a token changes nothing.
    pub fn writes(&self) -> usize {
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

/// An order for one request, after so many like it.
pub fn once(method: Method, path: &str, after: u32, fault: Fault) -> Order {
    Order {
        method: Some(method),
        path: path.into(),
        after,
        times: 1,
        fault,
    }
}

/// The codes of what a document holds.
pub fn codes(document: &Value) -> Vec<&str> {
    let held = document["held"].as_array().unwrap();
    held.iter().map(|held| held["code"].as_str().unwrap()).collect()
}

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
