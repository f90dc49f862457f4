use super::*;
use crate::ledger::Missing;
use crate::model::Refresh;

#[test]
fn c17_the_one_employee_of_an_older_ledger_is_read() {
    let line = |employees: &str| {
        let text = format!(r#"{{"key":"7:2026-03-02:316:-:03-300:REG","entry":1,"sent":null{employees}}}"#);
        serde_json::from_str::<StoredLine>(&text).unwrap()
    };
    let of = |ids: &[&str]| Arc::new(ids.iter().map(|id| RecordId((*id).into())).collect::<BTreeSet<_>>());
    assert_eq!(line("").employees, of(&[]));
    assert_eq!(line(r#","employee":"p-101""#).employees, of(&["p-101"]));
    let both = line(r#","employees":["p-101","p-102"]"#);
    assert_eq!(both.employees, of(&["p-101", "p-102"]));
    let again = serde_json::from_str(&serde_json::to_string(&both).unwrap()).ok();
    assert_eq!(again, Some(both));
}

#[test]
fn b13_a_line_that_an_older_ledger_calls_missing_is_missed_anew() {
    let text = r#"{"key":"7:2026-03-02:316:-:03-300:REG","entry":1,"sent":null,"missing_since":"2026-03-17"}"#;
    let mut line: StoredLine = serde_json::from_str(text).unwrap();
    assert_eq!(
        line.notes.missing, None,
        "on a day of UTC's, at a refresh that nobody knows"
    );
    line.notes.missing = Some(Missing {
        since: "2026-03-17".parse().unwrap(),
        refresh: Refresh {
            newest: None,
            count: Some(0),
            ahead: None,
        },
    });
    let again = serde_json::from_str(&serde_json::to_string(&line).unwrap()).ok();
    assert_eq!(again, Some(line));
}
