//! Configurations, spoiled: each is taken or refused in words that show no secret and no control.

use std::path::Path;

use linx_http::testing::Inputs;

use super::Environment;
use super::loaded::read;

/// The template with every key made real, and a small file by hand.
fn examples() -> [String; 2] {
    let real = include_str!("../commands/template.toml")
        .lines()
        .map(|line| match line.strip_prefix("# ") {
            Some(key) if key.starts_with('[') || key.split_once(" = ").is_some_and(|(key, _)| !key.contains(' ')) => {
                key
            }
            _ => line,
        });
    let small = "[procore]\ncompany_id = 12\napi_url = \"https://file.example\"\n\n[sync]\nimport = [\"workers\"]\n\
                 \n[sync.naming]\nproject_name = \"{{ project.name }}\"\n";
    [real.collect::<Vec<_>>().join("\n"), small.to_owned()]
}

#[test]
fn a18_a14_a_spoiled_configuration_is_taken_or_refused_with_its_place() {
    let measured = |run: &mut dyn FnMut()| allocation_counter::measure(run).bytes_max;
    Inputs::new("configurations", examples())
        .usually(400)
        .each(measured, |text| {
            let text = String::from_utf8_lossy(text);
            if let Err(error) = read(Some((Path::new("linx.toml"), &text)), &Environment::new()) {
                assert_eq!(error.kind.code(), 2, "{}", error.lines());
            }
        });
}

#[test]
fn a18_a_spoiled_variable_is_taken_or_refused() {
    let variables = [
        "LINX_PROCORE__COMPANY_ID=7",
        "LINX_EXAKTIME__READ_ONLY=true",
        "LINX_SYNC__IMPORT=[\"workers\"]",
        "LINX_EXPORT__TIME_TYPES__REGULAR=9185",
        "LINX_LEDGER__SETTLE_SECONDS=60",
    ];
    let measured = |run: &mut dyn FnMut()| allocation_counter::measure(run).bytes_max;
    Inputs::new("variables", variables)
        .usually(1000)
        .each(measured, |text| {
            let text = String::from_utf8_lossy(text);
            let (name, value) = text.split_once('=').unwrap_or(("LINX_SYNC__IMPORT", &text));
            let environment = Environment::from([(name.to_owned(), value.to_owned())]);
            if let Err(error) = read(None, &environment) {
                assert_eq!(error.kind.code(), 2, "{}", error.lines());
            }
        });
}
