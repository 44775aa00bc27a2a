//! How much memory this process holds.

/// The name under which Prometheus' own client libraries tell it.
pub const METRIC: &str = "process_resident_memory_bytes";
pub const METRIC_ABOUT: &str = "Memory that the process holds";

/// Bytes of physical memory; none where the system has no `/proc`.
pub fn resident_bytes() -> Option<u64> {
    resident_of(&std::fs::read_to_string("/proc/self/status").ok()?)
}

/// The line `VmRSS:    1234 kB`.
fn resident_of(status: &str) -> Option<u64> {
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    let kibibytes: u64 = line.trim().strip_suffix("kB")?.trim().parse().ok()?;
    Some(kibibytes * 1024)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_resident_size_is_in_bytes() {
        assert_eq!(resident_of("Name:\tx\nVmHWM:\t  9 kB\nVmRSS:\t    1500 kB\n"), Some(1_536_000));
        assert_eq!(resident_of("Name:\tx\n"), None);
    }

    #[test]
    #[cfg(target_os = "linux")]
    fn this_process_holds_some_memory() {
        let held = resident_bytes().unwrap();
        assert!((100_000..10_000_000_000).contains(&held), "{held}");
    }
}
