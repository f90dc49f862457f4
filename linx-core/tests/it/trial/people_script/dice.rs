//! Stories of people by dice.

use super::NAMES;

/// What the office, the clerk and those who link people do, with a name before it.
const NAMED: [&str; 17] = [
    "off",
    "on",
    "gone",
    "back",
    "rename",
    "number",
    "blank",
    "zeros",
    "swap",
    "anew",
    "anew",
    "edit.name",
    "edit.number",
    "edit.blank",
    "edit.off",
    "edit.on",
    "relink",
];

const PLAIN: [&str; 14] = [
    "sync",
    "sync",
    "sync",
    "hasty",
    "hasty",
    "mute.POST",
    "mute.PUT",
    "cut.PUT",
    "cut.POST",
    "tardy.PUT",
    "deliver",
    "lost",
    "copy",
    "old",
];

/// The words of a story, of some lengths, with syncs at its end.
pub(super) fn words(seed: u64) -> Vec<String> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let mut words = Vec::new();
    for _ in 0..rng.usize(3..9) {
        if rng.u8(0..3) == 0 {
            words.push(PLAIN[rng.usize(..PLAIN.len())].to_owned());
        } else {
            let name = NAMES[rng.usize(..10).saturating_sub(7)].0;
            words.push(format!("{name}.{}", NAMED[rng.usize(..NAMED.len())]));
        }
        if rng.bool() {
            words.push("sync".to_owned());
        }
    }
    // Of somebody who is made anew the number tells, and so it does after a lost ledger (hazards C3, C5).
    let has = |words: &[String], what: &str| words.iter().any(|word| word.ends_with(what));
    if has(&words, "anew") || has(&words, "lost") || has(&words, "old") {
        let numbers = ["number", "blank", "zeros", "swap"];
        words.retain(|word| !numbers.iter().any(|number| word.ends_with(number)));
    }
    // A number that was linked by hand follows Procore (hazard B7); what comes after every wait is believed (hazard A15).
    if has(&words, "relink") || has(&words, "deliver") {
        words.retain(|word| !word.contains("edit."));
    }
    words.extend(["sync", "sync"].map(str::to_owned));
    words
}
