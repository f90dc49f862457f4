//! What a person can do, in the program's own words: its commands, flags and the tables of its configuration.

use chrono::Days;
use linx_core::hold::{Fix, Held, Reason, Remedy, Subject};
use linx_core::plan::MassChange;

/// How this program says a remedy.
fn remedy(remedy: &Remedy) -> String {
    match remedy {
        Remedy::Link => "`linx links set`".into(),
        Remedy::Unlink => "`linx links unlink`".into(),
        Remedy::ListLinks => "`linx links list`".into(),
        Remedy::Unignore => "`linx links unignore`".into(),
        Remedy::Sync => "`linx sync --apply`".into(),
        Remedy::Export => "`linx export --apply`".into(),
        Remedy::ProcoreSecret => "PROCORE_CLIENT_ID and PROCORE_CLIENT_SECRET".into(),
        Remedy::ExakTimeKey => "ARCORO_API_KEY".into(),
        Remedy::Doctor => "`linx doctor`".into(),
        Remedy::Beside => "`linx beside EMPLOYEE DATE`".into(),
        Remedy::AllowMassChange => "--allow-mass-change".into(),
        Remedy::Settings(table) => format!("[{table}]"),
        Remedy::Setting(table, key) => format!("[{table}] {key}"),
        other => other.to_string(),
    }
}

/// What to do, in this program's words.
pub fn fix(fix: &Fix) -> String {
    fix.say(remedy)
}

/// What is particular to one hold. A week that is not as it was sent names the command that sends it again.
pub fn detail(held: &Held) -> String {
    match (held.reason, &held.subject) {
        (Reason::LateChange, Subject::Week(_, first)) => {
            let last = first.checked_add_days(Days::new(6)).unwrap_or(*first);
            format!("{}: linx export --from {first} --to {last}", held.detail)
        }
        _ => held.detail.clone(),
    }
}

/// What the guard took out, and what lets it pass.
pub fn mass_change(refused: &MassChange) -> String {
    let remedies: Vec<String> = refused
        .remedies()
        .iter()
        .map(|one| match one {
            Remedy::Settings(_) => format!("raise percent and count in {}", remedy(one)),
            _ => format!("run again with {}", remedy(one)),
        })
        .collect();
    format!(
        "{}: look at {}, then {}",
        refused.what(),
        refused.look_at(),
        remedies.join(", or "),
    )
}

#[cfg(test)]
mod tests {
    use linx_core::hold::Refusal;
    use linx_core::model::{Kind, WorkerId};
    use linx_core::plan::Becoming;
    use linx_core::settings::Guard;

    use super::*;

    #[test]
    fn d24_a_week_that_differs_names_the_command_that_sends_it_again() {
        let week = Subject::Week(WorkerId(7), "2026-03-02".parse().unwrap());
        let held = Held::new(week, Refusal::new(Reason::LateChange, "2 of its lines differ"));
        assert_eq!(
            detail(&held),
            "2 of its lines differ: linx export --from 2026-03-02 --to 2026-03-08"
        );
        let held = Held::new(
            Subject::TimeRecord("tr-1".into()),
            Refusal::new(Reason::OpenRecord, "x"),
        );
        assert_eq!(detail(&held), "x");
    }

    #[test]
    fn b5_the_guard_names_the_flag_and_the_settings_that_let_a_group_pass() {
        let refused = |becoming, limit| {
            mass_change(&MassChange {
                becoming,
                count: 12,
                population: 40,
                limit,
            })
        };
        assert_eq!(
            refused(Becoming::Deactivated(Kind::Employee), Some(Guard::default())),
            "12 of 40 employee records would be deactivated, and the guard lets 10% or 10 pass, and no more than half: look at \
             the plan, then run again with --allow-mass-change, or raise percent and count in [sync.guard]"
        );
        assert_eq!(
            refused(Becoming::Changed(Kind::Location), None),
            "12 of 40 location records would be changed, and a list of Procore's is empty: look at the plan, then run again \
             with --allow-mass-change"
        );
        assert_eq!(
            refused(Becoming::Reduced, Some(Guard::default())),
            "12 of 40 lines would be deleted or lowered, since ExakTime shows less time than was sent, and the guard lets 10% \
             or 10 pass, and no more than half: look at the time records, then run again with --allow-mass-change, or raise \
             percent and count in [export.guard]"
        );
        assert_eq!(
            refused(Becoming::Reduced, None),
            "12 of 40 lines would be deleted or lowered, since ExakTime shows less time than was sent, and it shows less than \
             half of the hours that were sent for these days: look at the time records, then run again with \
             --allow-mass-change"
        );
    }
}
