//! What a fuzzer begins with, checked as it does it. Ordinary tests of the services call this, so that neither can rot.

use std::path::Path;

/// Checks every file of a corpus, seen from a crate beside `dev`.
pub fn each(corpus: &str, check: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../dev/fuzz/corpus").join(corpus);
    let files: Vec<_> = std::fs::read_dir(folder).unwrap().map(|file| file.unwrap().path()).collect();
    assert!(!files.is_empty(), "{corpus}");
    for file in files {
        println!("{}", file.display());
        check(&std::fs::read(file).unwrap());
    }
}
