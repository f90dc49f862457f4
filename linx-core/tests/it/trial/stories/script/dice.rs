//! Stories by dice.

/// Words without a name.
const PLAIN: [&str; 38] = [
    "night",
    "night",
    "night",
    "night",
    "night",
    "run",
    "week1",
    "week2",
    "tue",
    "only.ben",
    "only.dan",
    "only.ada",
    "only.hall",
    "only.bridge",
    "lost",
    "mute.post",
    "mute.delete",
    "cut.post",
    "mute.patch",
    "consent",
    "hasty",
    "hasty",
    "copy",
    "old",
    "sync",
    "same",
    "nosame",
    "adopt",
    "wed",
    "mute.post",
    "rename",
    "listed",
    "listed",
    "deliver",
    "tardy.post",
    "tardy.delete",
    "tardy.patch",
    "heal",
];

/// Words with a name.
const NAMED: [&str; 123] = [
    "ben.to.dan",
    "ben.to.dan",
    "ben.to.ada",
    "ben.to.ben",
    "ben.to.tue",
    "ben.to.wed",
    "ben.to.wed",
    "ben.to.mon",
    "ben.to.next",
    "ben.to.next",
    "ben.to.bridge",
    "ben.to.facilities",
    "ben.ot",
    "ben.half.ot",
    "ben.3h",
    "ben.5h",
    "ben.4h",
    "ben.gone",
    "ben.gone",
    "ben.again",
    "ben.home",
    "ben.home",
    "ben.twin",
    "ben.approve",
    "ben.approve",
    "ben.open",
    "ben.delete",
    "ben.delete",
    "ben.delete",
    "ben.back",
    "ben.back",
    "ben.lower",
    "ben.raise",
    "ben.set",
    "ben.give.dan",
    "ben.put.wed",
    "ben.put.next",
    "ben.type",
    "ben.replace",
    "ben.copy.wed",
    "ben.unlink",
    "ben.link",
    "ben.anew",
    "ben.as.dan",
    "ben.beside",
    "ben.new.approve",
    "ben.new.delete",
    "ben.new.lower",
    "noon.gone",
    "noon.again",
    "noon.to.bridge",
    "noon.to.dan",
    "noon.to.wed",
    "noon.delete",
    "noon.ot",
    "noon.home",
    "noon.approve",
    "mon.gone",
    "mon.to.tue",
    "mon.approve",
    "mon.delete",
    "ada.approve",
    "ada.gone",
    "ada.to.ben",
    "late.to.tue",
    "dan.to.ben",
    "ben.twin.ot",
    "ben.twin.open",
    "ben.twin.gone",
    "ben.split.bridge",
    "ben.twin.bridge",
    "ben.split.bridge",
    "ben.half.ot",
    "ben.twin.gone",
    "ben.to.eve",
    "ben.as.eve",
    "ben.new.back",
    "ben.new.give.dan",
    "ben.new.put.wed",
    "ben.zero",
    "noon.lower",
    "noon.twin",
    "dan.unlink",
    "dan.link",
    "dan.delete",
    "noon.to.eve",
    "noon.split.bridge",
    "noon.raise",
    "noon.twin.bridge",
    "noon.to.carpentry",
    "ben.to.carpentry",
    "mon.split.bridge",
    "mon.lower",
    "noon.half.ot",
    "noon.back",
    "ben.lack",
    "ben.lack",
    "noon.lack",
    "ben.new.lack",
    "ben.split.dan",
    "ben.split.wed",
    "ben.split.facilities",
    "ben.2h",
    "ben.8h",
    "noon.2h",
    "noon.8h",
    "noon.split.dan",
    "cleo.to.ben",
    "cleo.to.dan",
    "cleo.gone",
    "cleo.delete",
    "cleo.lower",
    "cleo.approve",
    "adan.to.ben",
    "adan.delete",
    "adan.ot",
    "ben.to.cleo",
    "noon.to.cleo",
    "ben.new.raise",
    "ben.new.type",
    "noon.type",
    "noon.replace",
    "cleo.to.wed",
];

/// What the office decides of a morning, and what becomes of its time.
const FEW: [&str; 32] = [
    "ben.delete",
    "ben.delete",
    "ben.lower",
    "ben.lower",
    "noon.lower",
    "noon.delete",
    "ben.raise",
    "noon.raise",
    "ben.zero",
    "ben.back",
    "ben.set",
    "ben.split.bridge",
    "ben.split.facilities",
    "ben.split.wed",
    "ben.to.bridge",
    "ben.to.facilities",
    "noon.to.bridge",
    "noon.home",
    "ben.home",
    "ben.home",
    "ben.twin.gone",
    "ben.twin.gone",
    "ben.twin.bridge",
    "ben.gone",
    "ben.again",
    "ben.3h",
    "ben.5h",
    "ben.ot",
    "ben.half.ot",
    "ben.new.delete",
    "ben.new.lower",
    "ben.approve",
];

/// The words of a story, of some lengths, with some nights after it.
pub(super) fn words(seed: u64) -> Vec<&'static str> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15).wrapping_add(17);
    let mut roll = |sides: usize| {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % sides
    };
    let count = 4 + roll(6);
    let mut words = Vec::new();
    for _ in 0..count {
        words.push(if !seed.is_multiple_of(3) {
            FEW[roll(FEW.len())]
        } else if roll(4) == 0 {
            PLAIN[roll(PLAIN.len())]
        } else {
            NAMED[roll(NAMED.len())]
        });
        if roll(2) == 0 {
            words.push("night");
        }
    }
    // Time that goes to another person and another day, with other hours, may be new time (hazard D19).
    let goes = |to: &[&str]| words.iter().any(|word| to.iter().any(|to| word.ends_with(to)));
    let to_others = ["to.dan", "to.ada", "to.ben", "to.cleo", "to.eve", "split.dan"];
    if goes(&to_others) && goes(&["to.wed", "to.next", "to.mon", "to.tue", "split.wed"]) {
        words.retain(|word| {
            !word.contains("split") && !["2h", "3h", "5h", "8h", "ot"].iter().any(|hours| word.ends_with(hours))
        });
    }
    // What is adopted is ours from then on (hazard D26).
    if words.contains(&"adopt") {
        words.retain(|word| !word.ends_with("copy.wed"));
    }
    words.extend(["night", "night", "night"]);
    words
}
