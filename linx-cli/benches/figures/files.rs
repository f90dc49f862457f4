//! How much memory a file of time takes: 300,000 rows, read and looked up, as an export reads them.

use std::io::{BufReader, Read};
use std::sync::Arc;
use std::time::Instant;

use exaktime_client::csv::{CsvFormat, read};
use linx_core::adapters::csv::CsvField;
use linx_core::adapters::exaktime::ExakTimeField;
use linx_core::ports::Field;
use linx_http::ManualClock;
use linx_http::sandbox::InProcess;

use crate::services::now;
use crate::{Figure, most_memory};

const ROWS: u64 = 300_000;

/// The file, made as it is read.
struct Rows {
    next: u64,
    left: Vec<u8>,
}

impl Read for Rows {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        if self.left.is_empty() && self.next <= ROWS {
            self.left = match self.next {
                0 => b"udfEmployeeNumber,WorkDate,JobNumber,CostCode,Regular\n".to_vec(),
                row => {
                    let (person, day) = (row % 1000, row / 1000 % 28 + 1);
                    format!(
                        "{person:05},2026-02-{day:02},24-{:03},03-{}00,8.00\n",
                        row % 20,
                        row % 4
                    )
                    .into_bytes()
                }
            };
            self.next += 1;
        }
        let count = buffer.len().min(self.left.len());
        buffer[..count].copy_from_slice(&self.left[..count]);
        self.left.drain(..count);
        Ok(count)
    }
}

pub fn figures() -> Vec<Figure> {
    let before = most_memory();
    let began = Instant::now();
    let clock = Arc::new(ManualClock::at(now()));
    let transport = InProcess::new(
        Arc::new(exaktime_client::sandbox::Sandbox::small_company()),
        clock.clone(),
    );
    let client = exaktime_client::Client::builder()
        .api_key(exaktime_client::sandbox::SANDBOX_API_KEY.to_owned().into())
        .transport(Arc::new(transport))
        .clock(clock)
        .build()
        .expect("a client of the sandbox");
    let file = BufReader::new(Rows {
        next: 0,
        left: Vec::new(),
    });
    let rows = read(file, &CsvFormat::default()).expect("a file of time");
    let field = CsvField::new(Arc::new(ExakTimeField::new(client)), rows).expect("a file of time");
    let runtime = tokio::runtime::Builder::new_current_thread()
        .build()
        .expect("a runtime");
    let days = (
        "2026-02-01".parse().expect("a day"),
        "2026-02-28".parse().expect("a day"),
    );
    let records = runtime.block_on(field.time_records(days.0, days.1)).expect("the time");
    let took = began.elapsed();
    assert_eq!(records.rows.len() as u64 + records.unreadable.len() as u64, ROWS);
    vec![
        Figure::memory(
            "300,000 rows of a time file, held at most",
            "441 MB",
            "120 MB",
            most_memory() - before,
        ),
        Figure::time("300,000 rows of a time file, read", "", "", took),
    ]
}
