//! The command line, as the program's contract fixes it. Comments on the options are the help that it prints.

// They are read in a terminal, where marks of code would stand as they are.
#![allow(clippy::doc_markdown)]

use std::path::PathBuf;

use chrono::NaiveDate;
use clap::{ArgAction, Args, Parser, Subcommand, ValueEnum};
use linx_core::model::OfficeRef;
use linx_core::settings::Import;

/// Keeps Procore and ExakTime in step: people, places and codes one way, time the other.
#[derive(Debug, Parser)]
#[command(name = "linx", version, max_term_width = 100, after_help = STATUSES)]
pub struct Cli {
    /// What holds for every command.
    #[command(flatten)]
    pub global: Global,
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

const STATUSES: &str = "\
Exit status: 0 done and nothing needs a person; 1 failed; 2 wrong usage or configuration; 3 done, but something is held, \
in conflict, incomplete, waiting or failed in part; 4 refused by the guard; 5 another run is at work.";

/// What holds for every command.
#[derive(Debug, Clone, Args)]
pub struct Global {
    /// The configuration file [default: linx.toml, or $LINX_CONFIG]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// What stdout gets: a report for a person, or one JSON document
    #[arg(long, global = true, value_enum, default_value_t = Format::Text)]
    pub format: Format,
    /// Also write the report as a self-contained page
    #[arg(long, global = true, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Log to stderr; twice for more
    #[arg(short, long, global = true, action = ArgAction::Count)]
    pub verbose: u8,
    /// No text report and no progress; the exit status says how it went
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Colours; `auto` also looks at NO_COLOR
    #[arg(long, global = true, value_enum, default_value_t = Color::Auto)]
    pub color: Color,
}

/// The form of stdout.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)] // The words of the command line.
pub enum Format {
    Text,
    Json,
}

/// When to colour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
#[allow(missing_docs)] // The words of the command line.
pub enum Color {
    Auto,
    Always,
    Never,
}

impl Color {
    /// As the streams take it.
    pub fn choice(self) -> anstream::ColorChoice {
        match self {
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        }
    }
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Show the whole job on two imitated services: checks, sync, export, and again without a change
    Demo,
    /// Serve imitations of both services on this machine until stopped; print a ready configuration
    Sandbox(SandboxArgs),
    /// Write a commented configuration
    Init,
    /// Check every prerequisite and say what to do about each that fails
    Doctor,
    /// Procore's workers, projects, sub-jobs and cost codes → ExakTime; a plan, unless --apply
    Sync(SyncArgs),
    /// ExakTime's time → Procore's timesheets; a plan, unless --apply
    Export(ExportArgs),
    /// Make a plan that --save kept anew and write what both show, once
    Apply(ApplyArgs),
    /// What is linked with what, what is likely, and what is ignored
    #[command(subcommand)]
    Links(LinksCommand),
    /// Say that on a worker's day time by other hands and exported time are both right
    Beside(BesideArgs),
    /// What was done, when, to what
    History(HistoryArgs),
    /// Why something is held or left out, and what to do about it
    Explain(ExplainArgs),
    /// Procore in a person's name: log in by the browser, look at the login, end it
    #[command(subcommand)]
    Auth(AuthCommand),
    /// Print what a shell needs to complete commands and options
    Completions(CompletionsArgs),
}

/// `linx explain`.
#[derive(Debug, Args)]
pub struct ExplainArgs {
    /// The code of a reason, such as open_record; all of them without
    #[arg(value_name = "CODE")]
    pub code: Option<String>,
}

/// `linx auth`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Subcommand)]
pub enum AuthCommand {
    /// Open a page of Procore's in the browser, agree, and keep the login for later runs
    Login,
    /// Whether there is a login, and how long its present token lasts
    Status,
    /// End the login, here and at Procore
    Logout,
}

/// `linx completions`.
#[derive(Debug, Args)]
pub struct CompletionsArgs {
    /// The shell
    #[arg(value_enum, value_name = "SHELL")]
    pub shell: clap_complete::Shell,
}

/// `linx sandbox`.
#[derive(Debug, Args)]
pub struct SandboxArgs {
    /// Procore listens here, ExakTime on the next; 0 takes free ports
    #[arg(long, value_name = "P", default_value_t = 7700)]
    pub port: u16,
}

/// `linx sync`.
#[derive(Debug, Args)]
pub struct SyncArgs {
    /// Only these, comma separated: workers, projects, sub-jobs, cost-codes
    #[arg(long, value_name = "KINDS", value_delimiter = ',', value_parser = import)]
    pub only: Vec<Import>,
    /// Write the plan to ExakTime
    #[arg(long)]
    pub apply: bool,
    /// Keep the plan as JSON
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// Let more records change than the guard lets pass
    #[arg(long)]
    pub allow_mass_change: bool,
    /// Hold what got no answer, or met a used-up limit, instead of waiting until it can be known
    #[arg(long)]
    pub no_wait: bool,
}

/// `linx export`.
#[derive(Debug, Args)]
pub struct ExportArgs {
    /// The first day, YYYY-MM-DD
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub from: NaiveDate,
    /// The last day, included, YYYY-MM-DD
    #[arg(long, value_name = "DATE", value_parser = date)]
    pub to: NaiveDate,
    /// Only this employee, by number or ExakTime id; may be given again
    #[arg(long, value_name = "ID")]
    pub employee: Vec<String>,
    /// Only this location, by identifier or ExakTime id; may be given again
    #[arg(long, value_name = "ID")]
    pub location: Vec<String>,
    /// Take the time from this export of ExakTime Connect, written as [exaktime.csv] declares
    #[arg(long, value_name = "FILE")]
    pub time_csv: Option<PathBuf>,
    /// Write the plan to Procore
    #[arg(long)]
    pub apply: bool,
    /// Keep the plan as JSON
    #[arg(long, value_name = "FILE")]
    pub save: Option<PathBuf>,
    /// Also write the lines as CSV, for loading elsewhere
    #[arg(long, value_name = "FILE")]
    pub csv: Option<PathBuf>,
    /// Let more lines be deleted or lowered than the guard lets pass, and lines of a lost ledger's days be made
    #[arg(long)]
    pub allow_mass_change: bool,
    /// Hold what got no answer, or met a used-up limit, instead of waiting until it can be known
    #[arg(long)]
    pub no_wait: bool,
}

/// `linx apply`.
#[derive(Debug, Args)]
pub struct ApplyArgs {
    /// A plan of `linx sync --save` or `linx export --save`
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The file that the time of the plan came from, if it came from one: it must be the same
    #[arg(long, value_name = "FILE")]
    pub time_csv: Option<PathBuf>,
    /// Hold what got no answer, or met a used-up limit, instead of waiting until it can be known
    #[arg(long)]
    pub no_wait: bool,
}

/// `linx links`.
#[derive(Debug, Subcommand)]
pub enum LinksCommand {
    /// Every link, and what is ignored
    List {
        /// Also write the links as CSV, in the form that `set` reads
        #[arg(long, value_name = "FILE")]
        csv: Option<PathBuf>,
    },
    /// Likely links with a score and what speaks for them; links nothing, unless --accept
    Suggest {
        /// Link every pair of at least this score that has no rival
        #[arg(long, value_name = "SCORE", value_parser = clap::value_parser!(u8).range(1..=99))]
        accept: Option<u8>,
    },
    /// Link a worker, project, sub-job or cost code with a record of ExakTime
    Set(Pairs),
    /// Take links away; the records stay
    Unlink(References),
    /// Leave these alone from now on
    Ignore(References),
    /// Take these up again
    Unignore(References),
}

/// What is to be linked.
#[derive(Debug, Args)]
pub struct Pairs {
    /// Procore's entity: worker:12, project:3, sub-job:3/9 or cost-code:77
    #[arg(value_name = "PROCORE", requires = "field")]
    pub office: Option<OfficeRef>,
    /// ExakTime's id
    #[arg(value_name = "EXAKTIME")]
    pub field: Option<String>,
    /// Take the pairs from a file with the columns procore and exaktime; a column kind says that they are numbers and codes
    #[arg(long, value_name = "FILE", conflicts_with = "office")]
    pub csv: Option<PathBuf>,
}

/// Entities of Procore.
#[derive(Debug, Args)]
pub struct References {
    /// Such as worker:12, project:3, sub-job:3/9 or cost-code:77
    #[arg(value_name = "PROCORE", required = true)]
    pub entities: Vec<OfficeRef>,
}

/// `linx beside`.
#[derive(Debug, Args)]
pub struct BesideArgs {
    /// The employee, by number or ExakTime id
    #[arg(value_name = "EMPLOYEE")]
    pub employee: String,
    /// The day, YYYY-MM-DD
    #[arg(value_name = "DATE", value_parser = date)]
    pub date: NaiveDate,
    /// Take it back: what other hands have on that day is weighed again
    #[arg(long)]
    pub undo: bool,
}

/// `linx history`.
#[derive(Debug, Args)]
pub struct HistoryArgs {
    /// Tell what this run wrote
    #[arg(value_name = "RUN")]
    pub run: Option<i64>,
    /// List the runs before this one
    #[arg(long, value_name = "RUN", conflicts_with = "run")]
    pub before: Option<i64>,
    /// List so many runs at most
    #[arg(long, value_name = "NUMBER", default_value_t = 100, conflicts_with = "run",
          value_parser = clap::value_parser!(u16).range(1..))]
    pub limit: u16,
}

/// Exactly `YYYY-MM-DD`: chrono alone would also take `2026-3-2`.
fn date(text: &str) -> Result<NaiveDate, String> {
    text.parse()
        .ok()
        .filter(|date: &NaiveDate| date.to_string() == text)
        .ok_or_else(|| "not a day in the form YYYY-MM-DD, such as 2026-03-02".to_owned())
}

fn import(text: &str) -> Result<Import, String> {
    Import::ALL
        .into_iter()
        .find(|import| import.as_str() == text.trim())
        .ok_or_else(|| format!("not one of {}", Import::ALL.map(Import::as_str).join(", ")))
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    fn parse(line: &str) -> Result<Cli, clap::Error> {
        Cli::try_parse_from(line.split_whitespace())
    }

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn kinds_are_comma_separated_and_known() {
        let Command::Sync(args) = parse("linx sync --only workers,sub-jobs").unwrap().command else {
            panic!("sync expected");
        };
        assert_eq!(args.only, [Import::Workers, Import::SubJobs]);
        let error = parse("linx sync --only crews").unwrap_err();
        assert_eq!(error.exit_code(), 2);
        assert!(error.to_string().contains("workers, projects, sub-jobs, cost-codes"));
    }

    #[test]
    fn days_have_one_form_and_both_are_required() {
        for wrong in ["2026-3-2", "02.03.2026", "2026-02-30", "today"] {
            let error = parse(&format!("linx export --from {wrong} --to 2026-03-15")).unwrap_err();
            assert_eq!(error.exit_code(), 2);
            assert!(error.to_string().contains("YYYY-MM-DD"), "{wrong}");
        }
        assert_eq!(parse("linx export --from 2026-03-02").unwrap_err().exit_code(), 2);
    }

    #[test]
    fn global_options_may_stand_after_the_command() {
        let cli = parse("linx history 3 --format json --config other.toml --color never -vv").unwrap();
        assert_eq!(cli.global.format, Format::Json);
        assert_eq!(cli.global.config, Some(PathBuf::from("other.toml")));
        assert_eq!(cli.global.verbose, 2);
        assert!(matches!(
            cli.command,
            Command::History(HistoryArgs { run: Some(3), .. })
        ));
        assert!(parse("linx doctor -q -v").is_err());
    }
}
