//! Files that loads open, and that no load that fails leaves open.

use reduce_core::{Loader, Reduce};
use std::fs::File;
use std::path::{Path, PathBuf};

#[derive(Reduce)]
struct Log {
    path: PathBuf,
    #[reduce(skip, rebuild = File::open::<&Path>)]
    file: File,
}

#[derive(Reduce)]
struct Logs {
    first: Log,
    more: Vec<Log>,
}

/// How many descriptors of this process are of this file.
#[cfg(target_os = "linux")]
fn open(path: &Path) -> usize {
    let all = std::fs::read_dir("/proc/self/fd").unwrap();
    all.filter(|entry| {
        let link = entry.as_ref().ok().and_then(|entry| std::fs::read_link(entry.path()).ok());
        link.as_deref() == Some(path)
    })
    .count()
}

#[cfg(target_os = "linux")]
#[test]
fn ten_thousand_loads_that_fail_leave_no_descriptor_open() {
    const LOADS: usize = 10_000;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().canonicalize().unwrap().join("a.log");
    std::fs::write(&path, "text").unwrap();
    let log = |path: &Path| Log { path: path.into(), file: File::open(folder.path()).unwrap() };
    let stream = |last: &Path| {
        let more = vec![log(&path), log(&path), log(last)];
        reduce_core::to_vec(&Logs { first: log(&path), more }).unwrap()
    };
    let bytes = stream(&folder.path().join("gone.log"));
    let loader = Loader::new();
    for n in 0..LOADS {
        let error = loader.from_slice::<Logs>(&bytes).err().unwrap();
        assert_eq!(error.path(), "more[2].file");
        if n % 1000 == 0 {
            assert_eq!(open(&path), 0, "after {n} loads");
        }
    }
    assert_eq!(open(&path), 0);
    let whole: Logs = loader.from_slice(&stream(&path)).unwrap();
    assert_eq!((open(&path), whole.more.len()), (4, 3));
    assert!(whole.more.iter().all(|log| log.file.metadata().is_ok()));
    drop(whole);
    assert_eq!(open(&path), 0);
}
