//! The test helper that compares types with a file of earlier programs.

use reduce_core::Registry;
use reduce_core::schema::{self, Check, Severity};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A folder for the file of a test.
struct Folder(tempfile::TempDir);

impl Folder {
    fn new() -> Self {
        Folder(tempfile::tempdir().unwrap())
    }

    fn file(&self) -> PathBuf {
        self.0.path().join("schema/shop.txt")
    }

    fn check(&self) -> Check {
        schema::check(self.file()).overwrite(false)
    }

    fn bless(&self) -> Check {
        schema::check(self.file()).overwrite(true)
    }

    fn text(&self) -> String {
        std::fs::read_to_string(self.file()).unwrap()
    }
}

/// A release: a module with the form that a type had.
macro_rules! release {
    ($name:ident { $($fields:tt)* }) => {
        mod $name {
            #[derive(reduce_core::Reduce)]
            #[reduce(name = "shop.Order")]
            #[allow(dead_code)]
            pub struct Order { $($fields)* }
        }
    };
}

release!(first { total: u32, note: String });
release!(narrower { total: u16, note: String });
release!(wider { total: u64, note: String });
release!(shorter { total: u32 });
release!(longer { total: u32, note: String, extra: u8 });

#[test]
fn a_missing_file_says_how_to_make_it_and_is_made() {
    let folder = Folder::new();
    let error = folder.check().of::<first::Order>().report().unwrap_err().to_string();
    let says = "shop.txt` is not there yet: REDUCE_SCHEMA=overwrite makes it";
    assert!(error.contains(says), "{error}");
    folder.bless().of::<first::Order>().assert();
    let report = folder.check().of::<first::Order>().report().unwrap();
    assert!(report.is_ok() && report.is_recorded());
    assert!(report.to_string().starts_with("the types are as programs 1 in `"), "{report}");
    let text = folder.text();
    assert!(text.contains("\nprograms 1 (reduce 0.1.0)\n\nroot shop.Order\n"), "{text}");
    assert!(text.contains("struct shop.Order {\n    total: u32,\n    note: str,\n}\n"), "{text}");
    // Once more changes nothing.
    folder.bless().of::<first::Order>().assert();
    assert_eq!(folder.text(), text);
}

#[test]
fn harmless_changes_pass_and_are_added() {
    let folder = Folder::new();
    folder.bless().of::<first::Order>().assert();
    let before = folder.text();
    let report = folder.check().of::<wider::Order>().report().unwrap();
    assert!(report.is_ok() && !report.is_recorded());
    assert!(report.to_string().contains("REDUCE_SCHEMA=overwrite adds the present programs"));
    assert_eq!(folder.text(), before);

    folder.bless().of::<wider::Order>().assert();
    let after = folder.text();
    assert!(after.starts_with(&before));
    assert!(after.contains("\nprograms 2 (reduce 0.1.0)\n"), "{after}");
    // Streams of the first release are still checked, and both are said to be concerned.
    let report = folder.check().of::<narrower::Order>().report().unwrap();
    let found: Vec<_> = report.old_streams().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "may fail: `shop.Order.total` went from `u32` to `u16`: old values above 65,535 will fail",
            "may fail: `shop.Order.total` went from `u64` to `u16`: old values above 65,535 will fail",
        ]
    );
}

#[test]
fn what_may_fail_fails_until_it_is_accepted() {
    let folder = Folder::new();
    folder.bless().of::<first::Order>().assert();
    let report = folder.check().of::<narrower::Order>().report().unwrap();
    assert!(!report.is_ok());
    let line =
        "may fail: `shop.Order.total` went from `u32` to `u16`: old values above 65,535 will fail";
    assert!(report.to_string().contains(&format!("  {line} (programs 1)\n")), "{report}");
    assert!(report.to_string().contains("REDUCE_SCHEMA=overwrite accepts it"), "{report}");

    folder.bless().of::<narrower::Order>().assert();
    assert!(folder.text().contains(&format!("\nprograms 2 (reduce 0.1.0)\n// {line}\n")));
    let report = folder.check().of::<narrower::Order>().report().unwrap();
    assert!(report.is_ok());
    assert!(report.to_string().contains(&format!("{line} (programs 1, accepted)")), "{report}");
}

mod upgraded {
    use reduce_core::{BoxError, Record};

    #[derive(reduce_core::Reduce)]
    #[reduce(name = "shop.Order", version = 1, upgrade(0 = in_cents))]
    #[allow(dead_code)]
    pub struct Order {
        cents: u64,
        note: String,
    }

    fn in_cents(order: &mut Record) -> Result<(), BoxError> {
        let total = order.take_as::<u64>("total")?;
        order.insert("cents", total.checked_mul(100).ok_or("a total beyond all cents")?)?;
        Ok(())
    }
}

mod later {
    #[derive(reduce_core::Reduce)]
    #[reduce(name = "shop.Order", version = 2, upgrade(1 = with_lines))]
    #[allow(dead_code)]
    pub struct Order {
        cents: u64,
        #[reduce(alias = "note")]
        lines: String,
    }

    fn with_lines(_: &mut reduce_core::Record) {}
}

#[test]
fn what_is_upgraded_passes_and_is_listed_as_resting_with_its_functions() {
    let folder = Folder::new();
    folder.bless().of::<first::Order>().assert();
    let report = folder.check().of::<upgraded::Order>().report().unwrap();
    assert!(report.is_ok() && !report.is_recorded());
    assert!(report.old_streams().all(|change| change.severity() == Severity::Upgraded));
    let text = report.to_string();
    for line in [
        "  upgraded: `shop.Order` has version 0 in old streams, and an `upgrade(0 = ..)` takes it to 1 (programs 1)\n",
        "  upgraded: `shop.Order.cents` is new: old streams lack the field, it has no `default`, and `upgrade` has to make it \
         (programs 1)\n",
        "\nWhat is upgraded rests with the functions of `upgrade`: a test that loads a stream of each such version shows \
         what they make.\n",
    ] {
        assert!(text.contains(line), "{text}");
    }
    // Nothing is said of it in the file: there was nothing to accept.
    folder.bless().of::<upgraded::Order>().assert();
    assert!(
        folder.text().contains("\nprograms 2 (reduce 0.1.0)\n\nroot shop.Order\n"),
        "{}",
        folder.text()
    );
    assert!(folder.check().of::<upgraded::Order>().report().unwrap().is_ok());

    // The next release has a function for the last version, and none for the first one any more.
    let report = folder.check().of::<later::Order>().report().unwrap();
    assert!(!report.is_ok());
    let text = report.to_string();
    let line = "  breaks: `shop.Order` has version 0 in old streams, and `upgrade` begins at 1: none of its functions sees such \
                records; give an `upgrade(0 = ..)` as well (programs 1)\n";
    assert!(text.contains(line), "{text}");
    let line = "  upgraded: `shop.Order` has version 1 in old streams, and an `upgrade(1 = ..)` takes it to 2 (programs 2)\n";
    assert!(text.contains(line), "{text}");
}

#[test]
fn what_breaks_fails_and_is_never_added_but_streams_can_be_given_up() {
    let folder = Folder::new();
    folder.bless().of::<first::Order>().assert();
    let before = folder.text();
    for check in [folder.check(), folder.bless()] {
        let report = check.of::<longer::Order>().report().unwrap();
        assert!(!report.is_ok() && !report.is_recorded());
        let line = "  breaks: `shop.Order.extra` is new: old streams lack the field, and it has no `default` (programs 1)\n";
        assert!(report.to_string().contains(line), "{report}");
        assert_eq!(folder.text(), before);
    }
    let accepted = before.replace("root shop.Order", "accept shop.Order.extra\nroot shop.Order");
    std::fs::write(folder.file(), accepted).unwrap();
    let report = folder.check().of::<longer::Order>().report().unwrap();
    assert!(report.is_ok(), "{report}");
    folder.bless().of::<longer::Order>().assert();
    assert!(folder.text().contains("\nprograms 2 "));
    folder.check().of::<longer::Order>().assert();
    // The next break is one again.
    assert!(!folder.check().of::<shorter::Order>().of::<u8>().report().unwrap().is_recorded());
}

#[test]
fn the_test_fails_with_the_report() {
    let folder = Folder::new();
    folder.bless().of::<first::Order>().assert();
    let check = folder.check().of::<longer::Order>();
    let failed = std::panic::catch_unwind(|| check.assert()).unwrap_err();
    let message = failed.downcast_ref::<String>().unwrap();
    assert!(message.contains("breaks: `shop.Order.extra` is new"), "{message}");
    assert!(message.contains("mended by `default`"), "{message}");
}

#[test]
fn new_streams_in_earlier_programs_are_told_and_fail_nothing() {
    let folder = Folder::new();
    folder.bless().of::<first::Order>().assert();
    let report = folder.check().of::<shorter::Order>().report().unwrap();
    assert!(report.is_ok());
    assert_eq!(report.new_streams().map(|change| change.severity()).max(), Some(Severity::Breaks));
    let line = "Streams of this release in earlier programs:\n  breaks: `shop.Order.note` was removed: earlier programs need the field, and new streams lack it (programs 1)\n";
    assert!(report.to_string().contains(line), "{report}");
}

#[test]
fn what_cannot_be_compared_is_an_error_that_says_why() {
    let folder = Folder::new();
    let error = |check: Check| check.report().unwrap_err().to_string();
    assert_eq!(error(folder.check()), "no types to check: add them with `of`");
    let twice = error(folder.check().of::<first::Order>().of::<wider::Order>());
    assert!(twice.starts_with("two of the types to check are called `shop.Order`"), "{twice}");
    folder.bless().of::<first::Order>().of::<first::Order>().assert();
    for (text, expected) in [
        ("", "has no programs yet: REDUCE_SCHEMA=overwrite adds them"),
        ("programs x", "line 1: `programs` has no number"),
        ("programs 1\nroot u8\nprograms 1\n", "line 3: the programs 1 do not stand in order"),
        ("// one\n\nroot u8", "line 3: expected `programs` and a number"),
        ("// one\nprograms 1\naccept a\n\nroot A", "line 5: `A` is declared nowhere"),
    ] {
        std::fs::write(folder.file(), text).unwrap();
        let error = error(folder.check().of::<u8>());
        assert!(error.ends_with(expected), "{error}");
    }
    let folder_as_file = schema::check(Path::new(folder.0.path())).overwrite(false);
    let error = error(folder_as_file.of::<u8>());
    assert!(error.contains("cannot be read"), "{error}");
}

/// Not a test of its own: `the_environment_asks_for_the_file` runs it, in a process with that environment.
#[test]
#[ignore = "needs the environment of another test"]
fn check_of_another_process() {
    let file = std::env::var_os("SCHEMA_FILE").unwrap();
    schema::check(PathBuf::from(file)).of::<first::Order>().assert();
}

#[test]
fn the_environment_asks_for_the_file() {
    let folder = Folder::new();
    let run = |asked: Option<&str>| {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "check_of_another_process", "--ignored", "--nocapture"]);
        command.env("SCHEMA_FILE", folder.file()).env_remove("REDUCE_SCHEMA");
        asked.map(|asked| command.env("REDUCE_SCHEMA", asked));
        let output = command.output().unwrap();
        (output.status.success(), String::from_utf8_lossy(&output.stderr).into_owned())
    };
    let (passed, said) = run(None);
    assert!(!passed && said.contains("REDUCE_SCHEMA=overwrite makes it"), "{said}");
    let (passed, said) = run(Some("yes"));
    assert!(!passed && said.contains("REDUCE_SCHEMA is \"yes\", and only `overwrite`"), "{said}");
    assert!(!folder.file().exists());
    let (passed, said) = run(Some("overwrite"));
    assert!(passed && folder.text().contains("root shop.Order"), "{said}");
    let (passed, said) = run(None);
    assert!(passed, "{said}");
}

#[test]
fn types_of_a_registry_are_checked_by_their_registered_names() {
    let folder = Folder::new();
    let mut before = Registry::new();
    before.register_as::<Vec<u16>>("app.Sizes").unwrap().register::<first::Order>().unwrap();
    folder.bless().registry(&before).of::<first::Order>().assert();
    let text = folder.text();
    assert!(text.contains("\nregistered list<u16> as app.Sizes\n"), "{text}");
    assert!(text.contains("\nroot shop.Order\nregistered shop.Order\n"), "{text}");

    let mut now = Registry::new();
    now.register_as::<Vec<u8>>("app.Sizes").unwrap();
    let report = folder.check().registry(&now).of::<first::Order>().report().unwrap();
    let found: Vec<_> = report.old_streams().map(ToString::to_string).collect();
    assert_eq!(
        found,
        [
            "breaks: `shop.Order` is not among the types that are checked, and old streams hold it",
            "may fail: `app.Sizes` went from `list<u16>` to `list<u8>`: old values above 255 will fail",
        ]
    );
}
