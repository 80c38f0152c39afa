//! What each peer is probed with: by class of what goes wrong in formats.

use crate::inputs;
use crate::peers::{
    Bitcode, Borsh, Common, Fory, Holds, Json, MessagePack, Nanoserde, Pickle, Postcard, Raises,
    Reduce, Rkyv, Savefile, Skips, Strict, Wincode,
};
use crate::types::{
    After, Choice, Flag, Keyed, Letter, Mode, Numbers, Record, Shared, Text, Tree, Units,
};
use std::collections::BTreeMap;

/// A row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Case {
    Cut,
    Flipped,
    Behind,
    OtherType,
    Utf8,
    Bool,
    Choice,
    Char,
    Keys,
    Claims,
    Text,
    Units,
    Columns,
    Deep,
    Raised,
    Skipped,
    Shared,
    Unshared,
}

pub const CASES: [(Case, &str, &str); 18] = [
    (Case::Cut, "cut short: every prefix of a record", "an error each"),
    (Case::Flipped, "every bit of a record flipped", "a value or an error each"),
    (Case::Behind, "a byte behind the value", "an error: the rest of the input is not lost unseen"),
    (Case::OtherType, "a list of numbers, loaded as a text", "an error"),
    (Case::Utf8, "text that is not UTF-8", "an error"),
    (Case::Bool, "a `bool` that is neither", "an error"),
    (Case::Choice, "a variant that the enum does not have", "an error"),
    (Case::Char, "a surrogate as `char`", "an error"),
    (Case::Keys, "a map with one key twice", "an error: no entry is lost unseen"),
    (
        Case::Claims,
        "claims of 2^20 to 2^64 elements, everywhere in a list of numbers",
        "an error or a value, little memory",
    ),
    (Case::Text, "... in a text", "an error or a value, little memory"),
    (
        Case::Units,
        "... in a list of elements without bytes",
        "an error or a value, little memory, no time",
    ),
    (Case::Columns, "... in a column of equal numbers", "an error or a value, little memory"),
    (Case::Deep, "a million levels, on a stack of 2 MiB", "an error or a value"),
    (
        Case::Raised,
        "... where the caller raised the limit of levels",
        "a value, since it was asked for",
    ),
    (Case::Skipped, "... in a field that the type does not have", "an error or a value"),
    (
        Case::Shared,
        "shared objects: 12 levels, each holds the one below eight times (8^11 values)",
        "a value that shares, or an error",
    ),
    (
        Case::Unshared,
        "... loaded as a type that does not share (serde-pickle: made by `DUP`)",
        "an error, little memory",
    ),
];

/// A row of one peer.
pub struct Probe {
    pub case: Case,
    pub inputs: fn() -> Vec<Vec<u8>>,
    pub load: fn(&[u8]) -> Result<(), String>,
}

/// Makes some rows of a peer.
type Probes = fn() -> Vec<Probe>;

/// A peer's rows.
pub struct Peer {
    pub name: &'static str,
    pub probes: Vec<Probe>,
}

/// All of them: those whose users ask for graphs, changes of types or a small format first.
pub fn peers() -> Vec<Peer> {
    let peers: [(&str, &[Probes]); 13] = [
        ("reduce", &[ours::<Reduce>, raised::<Reduce>]),
        ("reduce, strict", &[ours::<Strict>]),
        (
            "fory",
            &[common::<Fory>, deep::<Fory>, skipped::<Fory>, shared::<Fory>, unshared::<Fory>],
        ),
        ("savefile", &[common::<Savefile>, more::<Savefile>, deep::<Savefile>]),
        (
            "serde-pickle",
            &[common::<Pickle>, more::<Pickle>, deep::<Pickle>, skipped::<Pickle>, pickled],
        ),
        ("postcard", &[common::<Postcard>, more::<Postcard>, deep::<Postcard>]),
        ("bitcode", &[common::<Bitcode>, more::<Bitcode>, columns::<Bitcode>]),
        ("wincode", &[common::<Wincode>, more::<Wincode>, deep::<Wincode>]),
        ("borsh", &[common::<Borsh>, deep::<Borsh>]),
        ("nanoserde", &[common::<Nanoserde>, units::<Nanoserde>, deep::<Nanoserde>]),
        ("rkyv", &[common::<Rkyv>, more::<Rkyv>, deep::<Rkyv>]),
        (
            "rmp-serde",
            &[
                common::<MessagePack>,
                more::<MessagePack>,
                deep::<MessagePack>,
                skipped::<MessagePack>,
                raised::<MessagePack>,
            ],
        ),
        ("serde_json", &[common::<Json>, more::<Json>, deep::<Json>, skipped::<Json>]),
    ];
    let of = |(name, lists): (&'static str, &[Probes])| {
        let probes = lists.iter().flat_map(|list| list());
        // What is made for one peer stands in the place of what is made for all.
        let probes: BTreeMap<Case, Probe> = probes.map(|probe| (probe.case, probe)).collect();
        Peer { name, probes: probes.into_values().collect() }
    };
    peers.into_iter().map(of).collect()
}

fn ours<P>() -> Vec<Probe>
where
    P: Common + Holds<Letter> + Holds<Units> + Holds<Tree> + Holds<Shared> + Skips,
{
    let lists =
        [common::<P>, more::<P>, columns::<P>, deep::<P>, skipped::<P>, shared::<P>, unshared::<P>];
    lists.iter().flat_map(|list| list()).collect()
}

/// What most have.
fn more<P: Holds<Letter> + Holds<Units>>() -> Vec<Probe> {
    [letter::<P>(), units::<P>()].into_iter().flatten().collect()
}

fn load<P: Holds<T>, T>(bytes: &[u8]) -> Result<(), String> {
    P::load(bytes).map(seen)
}

/// The value is made in earnest: no compiler leaves out what takes the time.
fn seen<T>(value: T) {
    drop(std::hint::black_box(value));
}

fn probe<P: Holds<T>, T>(case: Case, inputs: fn() -> Vec<Vec<u8>>) -> Probe {
    Probe { case, inputs, load: load::<P, T> }
}

fn reframed<P: Holds<T>, T>(inputs: Vec<Vec<u8>>) -> Vec<Vec<u8>> {
    inputs.into_iter().map(P::reframe).collect()
}

fn record<P: Holds<Record>>() -> Vec<u8> {
    P::dump(&Record {
        id: 0x0012_3456,
        name: "record".into(),
        flag: true,
        mode: Mode::Busy,
        scores: vec![1, 200, 30_000],
        note: Some("a note".into()),
        counts: BTreeMap::from([(1, 10), (2, 20)]),
        weight: 0.1,
    })
}

fn numbers<P: Holds<Numbers>>() -> Vec<u8> {
    P::dump(&Numbers { numbers: vec![1, 200, 30_000] })
}

fn written<P: Holds<Text>>() -> Vec<u8> {
    P::dump(&Text { text: "hostile".into() })
}

fn keyed<P: Holds<Keyed>>(second: u8) -> Vec<u8> {
    P::dump(&Keyed { counts: BTreeMap::from([(1, 10), (second, 20)]) })
}

/// The byte of a key that is 1, in binary or in text.
fn one_twice<P: Holds<Keyed>>() -> Vec<Vec<u8>> {
    let made = inputs::in_place(&keyed::<P>(2), &keyed::<P>(3), &[1, b'1']);
    let textual = keyed::<P>(2).contains(&b'"');
    made.into_iter().skip(usize::from(textual)).step_by(2).collect()
}

fn common<P: Common>() -> Vec<Probe> {
    vec![
        probe::<P, Record>(Case::Cut, || inputs::prefixes(&record::<P>())),
        probe::<P, Record>(Case::Flipped, || inputs::flips(&record::<P>())),
        probe::<P, Record>(Case::Behind, || inputs::trailing(&record::<P>())),
        probe::<P, Text>(Case::OtherType, || vec![numbers::<P>()]),
        probe::<P, Text>(Case::Utf8, || {
            inputs::replaced(&written::<P>(), &[(b"hostile", b"host\xFEle")])
        }),
        probe::<P, Flag>(Case::Bool, || {
            let [one, other] = [false, true].map(|flag| P::dump(&Flag { flag }));
            inputs::in_place(&one, &other, &[2, 0x42, 0xFF])
        }),
        probe::<P, Choice>(Case::Choice, || {
            let [one, other] = [Mode::Idle, Mode::Busy].map(|mode| P::dump(&Choice { mode }));
            inputs::in_place(&one, &other, &[3, 0x42, 0xFF])
        }),
        probe::<P, Keyed>(Case::Keys, one_twice::<P>),
        probe::<P, Numbers>(Case::Claims, || {
            reframed::<P, Numbers>(inputs::claims(&numbers::<P>()))
        }),
        probe::<P, Text>(Case::Text, || reframed::<P, Text>(inputs::claims(&written::<P>()))),
    ]
}

/// A character just below the surrogates, in the ways of writing that formats have, becomes the first of them.
fn letter<P: Holds<Letter>>() -> Vec<Probe> {
    const SURROGATES: &[(&[u8], &[u8])] = &[
        (&[0xFF, 0xD7, 0, 0], &[0, 0xD8, 0, 0]),
        (&[0xFF, 0xD7], &[0, 0xD8]),
        (&[0xFF, 0xAF, 0x03], &[0x80, 0xB0, 0x03]),
        (&[0xED, 0x9F, 0xBF], &[0xED, 0xA0, 0x80]),
    ];
    let inputs = || inputs::replaced(&P::dump(&Letter { letter: '\u{D7FF}' }), SURROGATES);
    vec![probe::<P, Letter>(Case::Char, inputs)]
}

fn units<P: Holds<Units>>() -> Vec<Probe> {
    let inputs = || reframed::<P, Units>(inputs::claims(&P::dump(&Units { units: vec![(); 3] })));
    vec![probe::<P, Units>(Case::Units, inputs)]
}

/// For the formats that have columns.
fn columns<P: Holds<Numbers>>() -> Vec<Probe> {
    let inputs =
        || reframed::<P, Numbers>(inputs::claims(&P::dump(&Numbers { numbers: vec![7; 1000] })));
    vec![probe::<P, Numbers>(Case::Columns, inputs)]
}

const LEVELS: u32 = 1_000_000;

fn deep<P: Holds<Tree>>() -> Vec<Probe> {
    vec![probe::<P, Tree>(Case::Deep, || vec![P::dump(&Tree::deep(LEVELS))])]
}

fn raised<P: Raises>() -> Vec<Probe> {
    let inputs = || vec![P::dump(&Tree::deep(LEVELS))];
    vec![Probe { case: Case::Raised, inputs, load: |bytes| P::load_any_depth(bytes).map(seen) }]
}

fn skipped<P: Skips>() -> Vec<Probe> {
    let inputs = || vec![P::dump(&After { id: 7, tree: Tree::deep(LEVELS) })];
    vec![Probe { case: Case::Skipped, inputs, load: |bytes| P::load(bytes).map(seen) }]
}

/// So many that no machine has room for 8 to the power of them.
const BOMB: u32 = 12;

fn shared<P: Holds<Shared>>() -> Vec<Probe> {
    vec![probe::<P, Shared>(Case::Shared, || vec![P::dump(&Shared::bomb(BOMB))])]
}

fn unshared<P: Holds<Shared> + Holds<Tree>>() -> Vec<Probe> {
    vec![probe::<P, Tree>(Case::Unshared, || vec![P::dump(&Shared::bomb(BOMB))])]
}

/// What pickle has and no dump of serde's writes: an opcode that doubles, and lengths that opcodes announce.
fn pickled() -> Vec<Probe> {
    const PROTOCOL: [u8; 2] = [0x80, 4];
    // BINBYTES, BINUNICODE, LONG4; BINBYTES8, BINUNICODE8, BYTEARRAY8, FRAME.
    const SHORT: &[u8] = b"BX\x8B";
    const LONG: &[u8] = &[0x8E, 0x8D, 0x96, 0x95];
    let announced = || {
        let claims = [1u64 << 26, 1 << 28, (1 << 31) - 1, 1 << 40, 1 << 60, u64::MAX];
        let of = |opcode: u8, length: &[u8]| [&PROTOCOL[..], &[opcode], length, b"abc."].concat();
        let mut made = vec![];
        for claim in claims {
            made.extend(LONG.iter().map(|opcode| of(*opcode, &claim.to_le_bytes())));
            if let Ok(claim) = u32::try_from(claim) {
                made.extend(SHORT.iter().map(|opcode| of(*opcode, &claim.to_le_bytes())));
            }
        }
        made
    };
    // MARK for each level; then a list, which DUP copies seven times, and LIST makes eight of them the only one of the next.
    let bomb = || {
        let levels = BOMB as usize;
        let made = [&PROTOCOL[..], &vec![b'('; levels], b"]", &b"2222222l".repeat(levels), b"."];
        vec![made.concat()]
    };
    vec![
        Probe { case: Case::Text, inputs: announced, load: load::<Pickle, String> },
        Probe { case: Case::Unshared, inputs: bomb, load: nest },
    ]
}

/// Lists of lists, by which serde-pickle's own `Value` and any recursive type of serde's are loaded.
fn nest(bytes: &[u8]) -> Result<(), String> {
    #[derive(serde::Deserialize)]
    struct Nest(#[expect(dead_code, reason = "it is loaded, and dropped")] Vec<Nest>);
    let options = serde_pickle::DeOptions::new();
    serde_pickle::from_slice::<Nest>(bytes, options).map(seen).map_err(|error| error.to_string())
}
