//! A small company on sockets behind the torture, a folder with a configuration and a ledger, and the program.

use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex};

use assert_cmd::cargo::cargo_bin;
use exaktime_client::sandbox::SANDBOX_API_KEY;
use linx_http::reqwest::SystemClock;
use linx_http::sandbox::{Server, Service};
use procore_client::sandbox::{SANDBOX_CLIENT_ID, SANDBOX_CLIENT_SECRET, SANDBOX_COMPANY_ID};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::judge::Books;
use crate::process::{Ended, Running};
use crate::story::{Deed, Direction, Torture};
use crate::watch::{Watch, Watched};

const SYNC: [&str; 2] = ["sync", "--apply"];
const EXPORT: [&str; 6] = ["export", "--from", "2026-03-02", "--to", "2026-03-15", "--apply"];

pub struct Company {
    pub watch: Arc<Watch>,
    pub folder: TempDir,
    /// What the asynchronous parts of a test are done on.
    pub runtime: Runtime,
    servers: [Server; 2],
}

/// How the program is begun.
#[derive(Clone, Copy)]
pub struct Program {
    pub direction: Direction,
    /// Whether it waits for what got no answer. The time is short then; a run that does not wait has the usual one.
    pub waits: bool,
    /// Whether a person consents to what the guard refuses.
    pub consents: bool,
    /// The greatest file, in blocks of 512 bytes, and whether the program outlives the signal that tells of it.
    pub limit: Option<(u32, bool)>,
}

impl Program {
    pub fn new(direction: Direction) -> Self {
        Self {
            direction,
            waits: true,
            consents: false,
            limit: None,
        }
    }
}

impl Company {
    /// The company as a torture wants it: for an export linked, and for a sync without anybody in ExakTime.
    pub fn new(torture: &Torture) -> Self {
        let both = torture.deed == Deed::BothDirections;
        let is_new = torture.direction == Direction::Sync && !both;
        let exaktime = if is_new {
            exaktime_client::sandbox::Sandbox::new()
        } else {
            exaktime_client::sandbox::Sandbox::small_company()
        };
        let procore = Arc::new(procore_client::sandbox::Sandbox::small_company());
        let exaktime = Arc::new(exaktime);
        let watch = Arc::new(Watch::new(Books {
            procore: Arc::clone(&procore),
            exaktime: Arc::clone(&exaktime),
        }));
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        let serve = |service: Arc<dyn Service>| {
            let watched = Watched {
                service,
                watch: Arc::clone(&watch),
                late: Mutex::default(),
            };
            runtime
                .block_on(Server::start(Arc::new(watched), Arc::new(SystemClock), 0))
                .unwrap()
        };
        let servers = [serve(procore), serve(exaktime)];
        let company = Self {
            folder: TempDir::new().unwrap(),
            watch,
            runtime,
            servers,
        };
        company.configure();
        if !is_new {
            let synced = company.run(Program::new(Direction::Sync));
            assert_eq!(synced.status.code(), Some(0), "{}", synced.err);
        }
        if torture.corrects {
            let exported = company.run(Program::new(Direction::Export));
            assert_eq!(exported.status.code(), Some(0), "{}", exported.err);
            company.watch.books.correct();
        }
        if both {
            company.watch.books.hire();
        }
        company
    }

    fn configure(&self) {
        let [procore, exaktime] = self.servers.each_ref().map(Server::address);
        let text = format!(
            "[procore]\ncompany_id = {SANDBOX_COMPANY_ID}\napi_url = \"{procore}\"\nlogin_url = \"{procore}\"\n\n\
             [exaktime]\napi_url = \"{exaktime}\"\nodata_url = \"{exaktime}odata\"\n"
        );
        std::fs::write(self.path("linx.toml"), text).unwrap();
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// The program in the folder, with the right secrets and nothing else of the environment.
    pub fn command(&self, program: Program) -> Command {
        let linx = cargo_bin("linx");
        let mut command = match program.limit {
            None => Command::new(linx),
            Some((blocks, told)) => {
                // What is ignored here is ignored by the program as well: a write that is too much then fails.
                let told = if told { "trap '' XFSZ; " } else { "" };
                let mut shell = Command::new("sh");
                shell.args([
                    "-c",
                    &format!("{told}ulimit -c 0; ulimit -f {blocks}; exec \"$0\" \"$@\""),
                ]);
                shell.arg(linx);
                shell
            }
        };
        command.args(match program.direction {
            Direction::Sync => &SYNC[..],
            Direction::Export => &EXPORT[..],
        });
        command.args(["--format", "json", "-vv"]);
        if program.consents {
            command.arg("--allow-mass-change");
        }
        command.current_dir(self.folder.path()).env_clear().envs([
            ("PROCORE_CLIENT_ID", SANDBOX_CLIENT_ID),
            ("PROCORE_CLIENT_SECRET", SANDBOX_CLIENT_SECRET),
            ("ARCORO_API_KEY", SANDBOX_API_KEY),
        ]);
        if program.waits {
            command.env("LINX_LEDGER__SETTLE_SECONDS", "1");
        } else {
            command.arg("--no-wait");
        }
        command
    }

    /// Begins the program, and nothing is done to it.
    pub fn begin(&self, program: Program) -> Running {
        let running = Running::new(&self.watch);
        running.begin(&mut self.command(program), None);
        running
    }

    /// Runs the program to its end.
    pub fn run(&self, program: Program) -> Ended {
        self.begin(program).ended()
    }
}
