//! Time files, spoiled.

use exaktime_client::csv::{CsvFormat, HoursFormat, read};
use linx_http::testing::{Inputs, assert_harmless};

use crate::measured;

/// The most seconds of a row: those of a day.
const DAY: u64 = 24 * 60 * 60;

/// With a blank line, a note over two lines, quotes, a correction, and a last line without a break.
const DECIMAL: &str = "\u{feff}udfEmployeeNumber,WorkDate,Regular,OT1,udfJobsiteNumber,Comment,OT3\r\n\
    00101,2026-03-02,8.00,\"1.50\",24-001,\"Zyz zyva,\nthen \"\"poured\"\"\",0\r\n\r\n\
    00102,2026-03-02,-0.50,,24-001,,\r\n00103,2026-03-02,8.00,,24-001,Zyz zyva,0.00";

/// With other columns, another sign between them, times, and another form of dates and hours.
const BY_THE_CLOCK: &str = "Employee;Day;Hours;In;Out;Note\n00101;03/02/2026;8:30;07:00;15:30;Zyz zyva\n\
    00102;03/02/2026;9:00;18:00;03:00;\n00103;03/03/2026;7:30:15;07:00;14:30;\"Zyz zyva\"\n";

/// Hours in a column of the file's own name, which an error told with its control.
const UNDECLARED: &str = "udfEmployeeNumber,WorkDate,Regular,OT3\u{1d}\n00101,2026-03-02,8.00,1.00\n";

#[test]
fn d28_a18_a_spoiled_time_file_is_read_row_by_row_or_is_an_error() {
    let plain = CsvFormat::default();
    let by_the_clock: CsvFormat = serde_json::from_value(serde_json::json!({
        "delimiter": ";", "employee": "Employee", "work_date": "Day", "regular": "Hours", "start": "In", "stop": "Out",
        "comment": "Note", "date_format": "%m/%d/%Y", "hours": "hours-minutes",
    }))
    .unwrap();
    assert_eq!(by_the_clock.hours, HoursFormat::HoursMinutes);
    let inputs = Inputs::new("time files", [DECIMAL, BY_THE_CLOCK, UNDECLARED]).usually(1500);
    inputs.each(measured, |file| {
        judge(file, &plain);
        judge(file, &by_the_clock);
    });
}

/// Whatever is read is of one day and stands on a line of its own; an error of the file comes last.
fn judge(file: &[u8], format: &CsvFormat) {
    let rows = match read(file, format) {
        Ok(rows) => rows,
        Err(error) => return assert_harmless(&error),
    };
    let (mut last, mut failed) = (1, false);
    for row in rows {
        assert!(!failed, "a row after an error of the file");
        let line = match row {
            Ok(Ok(row)) => {
                let size: u64 = row.seconds.iter().map(|seconds| seconds.unsigned_abs()).sum();
                assert!(size <= DAY, "more than a day in a row");
                row.line
            }
            Ok(Err(error)) => {
                assert!(
                    !error.detail.contains("Zyz zyva") && !error.detail.chars().any(char::is_control),
                    "{error:?}"
                );
                error.line
            }
            Err(error) => {
                assert_harmless(&error);
                failed = true;
                continue;
            }
        };
        assert!(line > last, "two rows of one line");
        last = line;
    }
}
