//! This process, as the ledger names who holds a lease (hazard B14).

use std::path::Path;

use linx_core::ledger::Owner;

/// Returns this process. A process number means one process only on one machine and, there, in one container.
pub fn owner() -> Owner {
    let namespace = std::fs::read_link("/proc/self/ns/pid").unwrap_or_default();
    let host = [
        text("/proc/sys/kernel/hostname").unwrap_or_default(),
        text("/etc/machine-id").unwrap_or_default(),
        namespace.display().to_string(),
    ];
    Owner {
        name: format!("linx {}", env!("CARGO_PKG_VERSION")),
        host: host.join(" ").trim().to_owned(),
        boot: text("/proc/sys/kernel/random/boot_id"),
        process: std::process::id(),
    }
}

/// Returns whether a process of this host runs. Where that cannot be told it is taken to run.
pub fn runs(process: u32) -> bool {
    if !Path::new("/proc/self/stat").exists() {
        return true;
    }
    let stat = match std::fs::read_to_string(format!("/proc/{process}/stat")) {
        Ok(stat) => stat,
        Err(error) => return error.kind() != std::io::ErrorKind::NotFound,
    };
    // The state follows the name in brackets; one that has ended and was not asked for yet is `Z`.
    let state = stat
        .rsplit_once(')')
        .and_then(|(_, rest)| rest.trim_start().chars().next());
    !matches!(state, Some('Z' | 'X'))
}

fn text(path: &str) -> Option<String> {
    let text = std::fs::read_to_string(path).ok()?;
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}
