//! How the program is built.

/// A sum that wraps around is a wrong hour on a pay slip: what is shipped ends instead, as a test would.
#[test]
fn a18_a_sum_that_wraps_around_ends_the_program_in_every_build() {
    let workspace: toml::Table = include_str!("../../../Cargo.toml").parse().unwrap();
    let profiles = workspace["profile"].as_table().unwrap();
    assert_eq!(profiles["release"]["overflow-checks"].as_bool(), Some(true));
    // A profile that inherits from it, for a single crate too, does not take it back.
    let text = workspace["profile"].to_string();
    assert!(!text.contains("overflow-checks = false"), "{text}");
}
