//! Reads time out of a CSV export; a bad row is told with its line and the rest go on.
//!
//!     cargo run -p exaktime-client --features sandbox --example import_csv

use exaktime_client::csv::{CsvFormat, HoursFormat, read};

const FILE: &str = "Number;WorkDate;Regular\n00101;03/02/2026;7:30\n00102;03/02/2026;7.5\n00103;03/02/2026;8:00\n";

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let format = CsvFormat {
        delimiter: ';',
        employee: "Number".to_owned(),
        date_format: "%m/%d/%Y".to_owned(),
        hours: HoursFormat::HoursMinutes,
        ..CsvFormat::default()
    };
    for row in read(FILE.as_bytes(), &format)? {
        match row? {
            Ok(row) => println!("line {}: {} worked {} s", row.line, row.work_date, row.seconds[0]),
            Err(error) => println!("line {}: {}", error.line, error.detail),
        }
    }
    Ok(())
}
