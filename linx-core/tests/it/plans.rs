//! Plans in the wrong hands: another company's, an altered one, an old one, one of nothing (hazard B17).

use linx_core::LinxError;
use linx_core::plan::Selection;

use crate::harness::{Harness, day};

#[tokio::test]
async fn b17_days_that_end_before_they_begin_are_an_error() {
    let harness = Harness::contractor();
    let days = Selection::days(day("2026-03-15"), day("2026-03-02"));
    let plan = harness.linx().plan_export(&days).await;
    assert!(matches!(plan, Err(LinxError::ReversedRange { .. })), "{plan:?}");
}
