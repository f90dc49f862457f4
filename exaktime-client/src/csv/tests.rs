//! Files that are spoiled, each in one way: none is misread in silence.

use super::*;

type Outcome = Result<Vec<Result<CsvTime, CsvRowError>>, String>;

const HEADER: &str = "udfEmployeeNumber,WorkDate,Regular,OT1,Comment,udfJobsiteNumber\n";

fn outcome(file: &[u8], format: &CsvFormat) -> Outcome {
    let rows = read(file, format).and_then(Iterator::collect);
    rows.map_err(|error| error.to_string())
}

/// What becomes of these rows under the header.
fn of(rows: &str) -> Outcome {
    outcome(format!("{HEADER}{rows}").as_bytes(), &CsvFormat::default())
}

/// The error of a file.
fn refused(outcome: Outcome) -> String {
    outcome
        .map(|rows| format!("{} rows were read", rows.len()))
        .unwrap_err()
}

/// The line and the fault of the rows that cannot be read, and the seconds of the others.
fn held(outcome: Outcome) -> (Vec<(u64, String)>, i64) {
    let (mut faults, mut seconds) = (Vec::new(), 0);
    for row in outcome.unwrap() {
        match row {
            Ok(row) => seconds += row.seconds.iter().sum::<i64>(),
            Err(error) => faults.push((error.line, error.detail)),
        }
    }
    (faults, seconds)
}

/// One row that cannot be read between two of eight hours.
fn one_held(row: &str) -> String {
    let good = "101,2026-03-02,8.00,,,24-001\n";
    let (faults, seconds) = held(of(&format!("{good}{row}\n{good}")));
    assert_eq!(seconds, 16 * 3600, "{row}");
    assert_eq!(faults.len(), 1, "{row}");
    assert_eq!(faults[0].0, 3, "{row}");
    faults[0].1.clone()
}

#[test]
fn d28_a_row_with_other_columns_than_the_header_is_held() {
    for row in [
        "101,2026-03-02,8,5,,,24-001",
        "101,2026-03-02,1,012.00,,,24-001",
        "101,2026-03-02,8.00",
        "101,2026-03-02,8.00,,Waited, then poured,24-001",
        "101,2026-03-02,8.00,,,24-001,",
    ] {
        assert!(one_held(row).ends_with("columns, and the header 6"), "{row}");
    }
}

#[test]
fn d28_a_comma_in_hours_is_never_read() {
    for hours in ["8,5", "8,500", "0,008", "1,234.50", "12,00"] {
        let row = format!("101,2026-03-02,\"{hours}\",,,24-001");
        assert_eq!(one_held(&row), "`Regular` is not a decimal number of hours", "{hours}");
    }
}

#[test]
fn d28_a_row_of_more_than_a_day_or_of_no_hours_is_held() {
    for hours in [
        "24.01,",
        "16.00,8.50",
        "-25.00,",
        "40,",
        "2562047788015215,",
        "0.00,24.25",
    ] {
        let row = format!("101,2026-03-02,{hours},,24-001");
        assert!(one_held(&row).contains("more than 24 hours"), "{hours}");
    }
    assert!(one_held("101,2026-03-02,,,,24-001").contains("`Regular` is blank"));
    let (faults, seconds) = held(of(
        "101,2026-03-02,-0.50,24.00,,\n101,2026-03-03,,1.00,,\n101,2026-03-04,-0.5,8.5,,\n",
    ));
    assert_eq!(
        (faults.len(), seconds),
        (1, 9 * 3600),
        "corrections and overtime alone are read"
    );
}

#[test]
fn d28_a_quote_that_does_not_close_is_an_error_of_the_file() {
    let next = "102,2026-03-02,8.00,,,24-001\n";
    for row in [
        // To the end of the file; to the next note; to a stray quote of the next row; with text after it.
        "101,2026-03-02,8.00,,\"Waited,24-001\n102,2026-03-02,8.00,,,24-001\n".to_owned(),
        format!("101,2026-03-02,8.00,,\"Waited,24-001\n102,2026-03-02,8.00,,\"Poured\",24-001\n{next}"),
        format!("101,2026-03-02,8.00,,\"Waited,24-001\n102,2026-03-02,8.00,,Poured\",24-001\n{next}"),
        format!("101,2026-03-02,8.00,,\"6\" pipe\",24-001\n{next}"),
        format!("101,2026-03-02,8.00,, \"Waited\",24-001\n{next}"),
    ] {
        let told = refused(of(&row));
        assert_eq!(told, "line 2: a quote does not close where its field ends", "{row}");
    }
    let told = refused(outcome(
        b"udfEmployeeNumber,\"WorkDate\n,Regular\n",
        &CsvFormat::default(),
    ));
    assert!(told.starts_with("line 1: a quote"), "{told}");
    assert!(one_held("101,2026-03-02,8.00,,6\" pipe,24-001").contains("a quote stands within"));

    let note = "101,2026-03-02,8.00,,\"Waited, and\n\"\"poured\"\"\",24-001\n103,2026-03-02,x,,,\n";
    let rows = of(note).unwrap();
    assert_eq!(
        rows[0].as_ref().unwrap().comment.as_deref(),
        Some("Waited, and\n\"poured\"")
    );
    assert_eq!(rows[1].as_ref().unwrap_err().line, 4, "lines are counted, not rows");
}

#[test]
fn d28_a_declared_column_that_is_missing_is_an_error() {
    let file = b"udfEmployeeNumber,WorkDate,Regular,Over Time,OT3\n101,2026-03-02,8.00,2.00,0\n";
    let declared = |overtime: &str| CsvFormat {
        overtime: Some(overtime.to_owned()),
        ..CsvFormat::default()
    };
    let told = refused(outcome(file, &declared("Overtime")));
    assert!(
        told.starts_with("the header on line 1 has no column `Overtime`"),
        "{told}"
    );
    // Not declared, and the hours stand under another name.
    let told = refused(outcome(file, &CsvFormat::default()));
    assert_eq!(told, "line 2 has hours in the column `over time`, which is not read");
    assert_eq!(held(outcome(file, &declared("Over Time"))).1, 10 * 3600);

    let more = b"udfEmployeeNumber,WorkDate,Regular,OT1,OT2,OT3,Hours\n101,2026-03-02,8.00,,,1.00,9.00\n";
    assert!(refused(outcome(more, &CsvFormat::default())).contains("`ot3`"));
    let total = b"udfEmployeeNumber,WorkDate,Regular,Total Hours\n101,2026-03-02,8.00,9.00\n";
    assert!(refused(outcome(total, &CsvFormat::default())).contains("`total hours`"));
    let mut format = declared("");
    format.double_time = Some(String::new());
    assert_eq!(
        held(outcome(total, &format)).1,
        8 * 3600,
        "declared blank, there is none"
    );
    format.overtime = Some("regular".into());
    assert!(refused(outcome(total, &format)).contains("declared for two classes"));
}

#[test]
fn d28_two_columns_of_one_name_are_an_error() {
    let file = b"udfEmployeeNumber,WorkDate,Regular,OT1,ot1 \n101,2026-03-02,8.00,0,2.00\n";
    let told = refused(outcome(file, &CsvFormat::default()));
    assert_eq!(told, "the header on line 1 has more than one column `OT1`");
    let unread = b"udfEmployeeNumber,WorkDate,Regular,Name,Name,,\n101,2026-03-02,8.00,a,b,,\n";
    assert_eq!(
        held(outcome(unread, &CsvFormat::default())).1,
        8 * 3600,
        "of columns that are not read"
    );
}

#[test]
fn d28_a_file_without_a_header_does_not_print_its_first_row() {
    let told = refused(outcome(b"101,Pat Nowak,2026-03-02,8.00\n", &CsvFormat::default()));
    assert!(told.ends_with("none of its 4 columns is one that is read"), "{told}");
    let part = refused(outcome(b"WorkDate,Regular,Pat Nowak\n", &CsvFormat::default()));
    assert!(
        part.ends_with("of its 3 columns, these are read: WorkDate, Regular"),
        "{part}"
    );
}

#[test]
fn d28_another_encoding_is_an_error_of_the_file() {
    let text = format!("{HEADER}101,2026-03-02,8.00,,,24-001\n");
    let utf16 = |mark: &[u8], bytes: fn(u16) -> [u8; 2]| {
        [mark, &text.encode_utf16().flat_map(bytes).collect::<Vec<_>>()].concat()
    };
    for file in [
        utf16(&[0xFF, 0xFE], u16::to_le_bytes),
        utf16(&[0xFE, 0xFF], u16::to_be_bytes),
        utf16(&[], u16::to_le_bytes),
    ] {
        assert_eq!(refused(outcome(&file, &CsvFormat::default())), "line 1 is not UTF-8");
    }
    let latin = [HEADER.as_bytes(), b"101,2026-03-02,8.00,,Jos\xE9,24-001\n"].concat();
    assert_eq!(refused(outcome(&latin, &CsvFormat::default())), "line 2 is not UTF-8");
    let marked = format!("\u{feff}{text}");
    assert_eq!(
        held(outcome(marked.as_bytes(), &CsvFormat::default())).1,
        8 * 3600,
        "a mark is passed over"
    );
}

#[test]
fn d28_lines_without_anything_are_passed_over_and_totals_are_held() {
    let file = "\n101,2026-03-02,8.00,,,24-001\r\n\r\n,,,,,\n  \n102,2026-03-02,8.00,,,\nTotal,,16.00,,,\n,,16.00,,,\nTotal: 16.00\n";
    let (faults, seconds) = held(of(file));
    assert_eq!(seconds, 16 * 3600);
    assert_eq!(faults.iter().map(|(line, _)| *line).collect::<Vec<_>>(), [8, 9, 10]);
}

#[test]
fn d28_a_header_among_the_rows_is_held_or_ends_the_file() {
    assert!(one_held(HEADER.trim_end()).contains("the header stands here again"));
    let other = "101,2026-03-02,8.00,,,\nudfEmployeeNumber,WorkDate,OT1,Regular,Comment,udfJobsiteNumber\n101,2026-03-03,2.00,8.00,,\n";
    assert_eq!(refused(of(other)), "line 3 is another header");
}

#[test]
fn d28_dates_the_other_way_round_are_an_error_and_short_years_are_held() {
    let american = CsvFormat {
        date_format: "%m/%d/%Y".to_owned(),
        ..CsvFormat::default()
    };
    let file = format!("{HEADER}101,02/03/2026,8.00,,,\n101,13/03/2026,8.00,,,\n");
    let told = refused(outcome(file.as_bytes(), &american));
    assert_eq!(
        told,
        "line 3: `WorkDate` is a date only with day and month the other way round than %m/%d/%Y"
    );
    let file = format!("{HEADER}101,03/02/26,8.00,,,\n");
    let (faults, seconds) = held(outcome(file.as_bytes(), &american));
    assert_eq!(seconds, 0);
    assert_eq!(
        faults,
        [(2, "`WorkDate` is not of this century, read as %m/%d/%Y".to_owned())]
    );
}

#[test]
fn d28_a_file_that_is_cut_holds_its_last_row_and_an_empty_one_is_an_error() {
    let whole = "udfEmployeeNumber,WorkDate,Regular\n101,2026-03-02,8.00\n102,2026-03-02,10.50\n";
    let first_row = whole.find("101").unwrap();
    for length in 0..whole.len() {
        let cut = outcome(&whole.as_bytes()[..length], &CsvFormat::default());
        if length <= first_row {
            refused(cut);
            continue;
        }
        // No more and no other hours than the rows that are whole.
        let rows = whole[first_row..length].matches('\n').count();
        let (faults, seconds) = held(cut);
        assert_eq!(seconds, [0, 8 * 3600][rows], "{length}");
        assert_eq!(faults.len(), usize::from(!whole[..length].ends_with('\n')), "{length}");
    }
    let note = b"udfEmployeeNumber,WorkDate,Regular,Comment\n101,2026-03-02,8.00,Wait";
    assert_eq!(
        held(outcome(note, &CsvFormat::default())).1,
        8 * 3600,
        "of a note nothing is counted"
    );
    let quoted = b"udfEmployeeNumber,WorkDate,Regular\n101,2026-03-02,\"8.00\"";
    assert_eq!(
        held(outcome(quoted, &CsvFormat::default())).1,
        8 * 3600,
        "the quote shows the end"
    );
    assert_eq!(refused(outcome(b"", &CsvFormat::default())), "the file has no rows");
    assert_eq!(refused(of("\n,,,,,\n")), "the file has no rows");
}

#[test]
fn d28_a18_rows_and_files_have_bounds() {
    let long = format!("101,2026-03-02,8.00,,{},24-001\n", "x".repeat(70_000));
    assert_eq!(refused(of(&long)), "line 2: the row is longer than 65536 bytes");
    let open = format!("101,2026-03-02,8.00,,\"{},24-001\n", "x\n".repeat(40_000));
    assert!(refused(of(&open)).contains("longer than 65536 bytes"));
    let header = CsvFormat::default();
    assert!(refused(outcome("x".repeat(70_000).as_bytes(), &header)).starts_with("line 1: the row is longer"));
    let many = format!("{HEADER}{}", "x\n".repeat(1_000_001));
    assert_eq!(
        refused(outcome(many.as_bytes(), &header)),
        "the file has more than 1000000 rows"
    );
}

#[test]
fn d28_an_error_tells_the_way_out_and_nothing_of_a_row() {
    let secret = "Nowak";
    for rows in [
        format!("101,2026-03-02,8.00,,\"{secret},24-001\n"),
        format!("{secret},2026-13-02,{secret},,,24-001\n"),
        format!("101,13/02/2026,8.00,,{secret},24-001\n"),
        format!("101,2026-03-02,8.00,{secret}\n"),
    ] {
        let file = format!("{HEADER}{rows}");
        match read(file.as_bytes(), &CsvFormat::default()).and_then(Iterator::collect::<Result<Vec<_>, _>>) {
            Ok(rows) => assert!(!format!("{rows:?}").contains(secret)),
            Err(error) => {
                assert!(!format!("{error} {error:?}").contains(secret));
                assert!(error.remedy().ends_with('.'));
            }
        }
    }
}
