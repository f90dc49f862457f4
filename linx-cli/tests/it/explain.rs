//! Every reason, as `linx explain` tells it: scripts and people know these sentences. A change that is meant is taken
//! over by `linx explain --format json > linx-cli/tests/it/explain.json`.

use assert_cmd::Command;

#[test]
fn the_catalogue_says_what_it_said() {
    let output = Command::cargo_bin("linx")
        .unwrap()
        .args(["explain", "--format", "json"])
        .output()
        .unwrap();
    let told = String::from_utf8(output.stdout).unwrap();
    assert_eq!(told, include_str!("explain.json"));
}
