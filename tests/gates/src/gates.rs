//! The gates: what is asked, and which tests measure it.

/// One row of the table.
pub struct Gate {
    /// As the test names it, where it states figures.
    pub name: &'static str,
    pub asked: &'static str,
    /// The file in `tests/`, or the script.
    pub file: &'static str,
    pub measured: Measured,
}

/// How a gate's figure comes to be known.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Measured {
    /// A test states it: see `gate` in `tests/support`.
    Stated,
    /// The tests of this name (a part of it) pass: all of a file where it is empty.
    Passed(&'static str),
    /// The same, each in a process of its own, whose stack may overflow.
    Alone(&'static str),
    /// The last line of a script: the file is that.
    Script,
}

const fn stated(file: &'static str, name: &'static str, asked: &'static str) -> Gate {
    Gate { name, asked, file, measured: Measured::Stated }
}

const fn passed(
    file: &'static str,
    tests: &'static str,
    name: &'static str,
    asked: &'static str,
) -> Gate {
    Gate { name, asked, file, measured: Measured::Passed(tests) }
}

const fn script(file: &'static str, name: &'static str, asked: &'static str) -> Gate {
    Gate { name, asked, file, measured: Measured::Script }
}

pub const GATES: &[Gate] = &[
    stated("hostile", "corpus", "at least 200 streams, every kind"),
    stated("hostile", "truncation", "every prefix of 200+ streams is an error"),
    stated("hostile", "truncation inside", "the same, with a length that fits"),
    stated("hostile", "bit flips", "every bit of the corpus: a value or an error"),
    stated("hostile", "bytes", "20 streams, every byte x 255: a value or an error"),
    stated("hostile", "bytes removed or doubled", "every byte of the corpus"),
    passed("changed_corpus", "", "changed types", "the corpus, cut and flipped, as changed types"),
    stated("hostile", "opcodes", "each: underflow, bad operand, truncation"),
    passed("hostile", "limits", "limits", "each limit, by every way to read"),
    stated("memory", "memory, corpus", "strict: peak <= 256 KiB + 64 x input"),
    stated("memory", "memory, lengths", "strict: the same, each length 0 to u64::MAX"),
    stated("memory", "memory, amplifiers", "strict: the same, the worst streams known"),
    stated("memory", "memory, default", "peak <= max(64 MiB, 64 x input)"),
    stated("linear", "linear units", "at most 2.3 a doubling"),
    stated("linear", "linear time", "at most 2.3 a doubling"),
    Gate {
        name: "nesting",
        asked: "1,000,000 levels, a stack of 2 MiB, each in a process",
        file: "deep",
        measured: Measured::Alone(""),
    },
    passed(
        "cleanup",
        "panics",
        "panic safety",
        "panics at the k-th call, k <= 64: no leak, no double drop",
    ),
    passed("cleanup", "resources", "resources", "10,000 failed loads: open descriptors unchanged"),
    passed("cleanup", "order", "cleanup", "dropped in reverse order"),
    passed("policy", "", "policy", "what is not allowed is not made or run"),
    passed("envelopes", "", "envelopes", "no changed byte passes a seal or a checksum"),
    passed("depth", "", "nesting, default limits", "refused, or fits 2 MiB in a debug build"),
    script("fuzz/canaries", "canaries", "a dozen planted bugs, each caught"),
    script("fuzz/run", "fuzz", "six targets, a minute each, nothing found"),
];
