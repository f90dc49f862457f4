//! Entries that were stored and cannot be told by their marks, and services that end a run half-way (hazards A1, A8,
//! A13).

use std::sync::Arc;

use http::Method;
use linx_http::sandbox::{Deed, Fault};
use procore_client::sandbox::Entry;

use super::{ENTRIES, synced};
use crate::harness::{Harness, once};
use crate::small_company::{all_hours, by_our_hand, judge};

/// The first create is stored and its answer lost; before anything is read back, somebody changes the entry.
async fn stored_and_changed(act: impl Fn(&mut Entry) + Send + Sync + 'static) -> Harness {
    let harness = synced().await;
    let procore = Arc::clone(&harness.procore);
    let deed = Deed::new(move || procore.with_state(|state| act(state.entries.values_mut().next().unwrap())));
    harness
        .procore_faults
        .order(once(Method::POST, ENTRIES, 0, Fault::CutAfterThen(deed)));
    harness
}

#[tokio::test]
async fn a1_a_create_that_was_stored_without_its_mark_and_as_it_was_sent_stands_once() {
    let harness = stored_and_changed(|entry| (entry.origin_id, entry.origin_data) = (None, None)).await;
    for _ in 0..3 {
        let result = harness.try_export().await;
        judge(&harness, &result);
        assert_eq!((by_our_hand(&harness).len(), all_hours(&harness)), (28, 108_00));
        harness.next_day();
    }
}
