//! The types that hostile bytes are loaded as, with the derives of all peers that have such types.

use std::collections::BTreeMap;
use std::rc::Rc;

/// Structs with the derives of all peers.
macro_rules! records {
    ($($item:item)*) => {$(
        #[derive(
            Clone, Debug, PartialEq, reduce_core::Reduce, serde::Serialize, serde::Deserialize,
            bitcode::Encode, bitcode::Decode,
            borsh::BorshSerialize, borsh::BorshDeserialize,
            nanoserde::SerBin, nanoserde::DeBin,
            rkyv::Archive, rkyv::Serialize, rkyv::Deserialize,
            savefile::prelude::Savefile,
            wincode::SchemaWrite, wincode::SchemaRead,
            fory::ForyStruct,
        )]
        $item
    )*};
}

records! {
    /// A bit of everything: what is cut short, and has its bits flipped.
    pub struct Record {
        pub id: u32,
        pub name: String,
        pub flag: bool,
        pub mode: Mode,
        pub scores: Vec<u16>,
        pub note: Option<String>,
        pub counts: BTreeMap<u8, u8>,
        pub weight: f64,
    }

    pub struct Numbers {
        pub numbers: Vec<u64>,
    }

    pub struct Text {
        pub text: String,
    }

    pub struct Flag {
        pub flag: bool,
    }

    pub struct Choice {
        pub mode: Mode,
    }

    pub struct Keyed {
        pub counts: BTreeMap<u8, u8>,
    }
}

/// Without data, so that all peers have such an enum.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
    PartialEq,
    reduce_core::Reduce,
    serde::Serialize,
    serde::Deserialize,
    bitcode::Encode,
    bitcode::Decode,
    borsh::BorshSerialize,
    borsh::BorshDeserialize,
    nanoserde::SerBin,
    nanoserde::DeBin,
    rkyv::Archive,
    rkyv::Serialize,
    rkyv::Deserialize,
    savefile::prelude::Savefile,
    wincode::SchemaWrite,
    wincode::SchemaRead,
    fory::ForyEnum,
)]
pub enum Mode {
    #[default]
    Idle,
    Busy,
    Gone,
}

/// Elements without a byte. (borsh refuses to dump them; fory has no such type.)
#[derive(
    Clone,
    Debug,
    PartialEq,
    reduce_core::Reduce,
    serde::Serialize,
    serde::Deserialize,
    bitcode::Encode,
    bitcode::Decode,
    nanoserde::SerBin,
    nanoserde::DeBin,
    rkyv::Archive,
    rkyv::Serialize,
    rkyv::Deserialize,
    savefile::prelude::Savefile,
    wincode::SchemaWrite,
    wincode::SchemaRead,
)]
pub struct Units {
    pub units: Vec<()>,
}

/// A character. (borsh, fory and nanoserde have none.)
#[derive(
    Clone,
    Debug,
    PartialEq,
    reduce_core::Reduce,
    serde::Serialize,
    serde::Deserialize,
    bitcode::Encode,
    bitcode::Decode,
    rkyv::Archive,
    rkyv::Serialize,
    rkyv::Deserialize,
    savefile::prelude::Savefile,
    wincode::SchemaWrite,
    wincode::SchemaRead,
)]
pub struct Letter {
    pub letter: char,
}

/// What nests as deep as its bytes say. (bitcode has no types that hold themselves.)
#[derive(
    Clone,
    Debug,
    Default,
    PartialEq,
    reduce_core::Reduce,
    serde::Serialize,
    serde::Deserialize,
    borsh::BorshSerialize,
    borsh::BorshDeserialize,
    nanoserde::SerBin,
    nanoserde::DeBin,
    rkyv::Archive,
    rkyv::Serialize,
    rkyv::Deserialize,
    savefile::prelude::Savefile,
    wincode::SchemaWrite,
    wincode::SchemaRead,
    fory::ForyStruct,
)]
#[rkyv(
    serialize_bounds(
        __S: rkyv::ser::Writer + rkyv::ser::Allocator,
        __S::Error: rkyv::rancor::Source
    ),
    deserialize_bounds(__D::Error: rkyv::rancor::Source),
    bytecheck(bounds(
        __C: rkyv::validation::ArchiveContext,
        __C::Error: rkyv::rancor::Source
    )),
)]
#[reduce(name = "Tree")]
pub struct Tree {
    #[rkyv(omit_bounds)]
    pub children: Vec<Tree>,
}

/// Level by level, so that no peer is charged for what a derived drop would do.
impl Drop for Tree {
    fn drop(&mut self) {
        let mut left = std::mem::take(&mut self.children);
        while let Some(mut tree) = left.pop() {
            left.append(&mut tree.children);
        }
    }
}

impl Tree {
    /// A tree of one branch.
    pub fn deep(levels: u32) -> Tree {
        (1..levels).fold(Tree::default(), |inner, _| Tree { children: vec![inner] })
    }
}

/// A later program's type: it has a field that [`Before`] does not know.
#[derive(reduce_core::Reduce, serde::Serialize, fory::ForyStruct)]
#[reduce(name = "Grown")]
pub struct After {
    pub id: u32,
    pub tree: Tree,
}

/// What skips that field.
#[derive(reduce_core::Reduce, serde::Deserialize, fory::ForyStruct)]
#[reduce(name = "Grown")]
pub struct Before {
    pub id: u32,
}

/// Shared objects that hold shared objects. (For the peers that keep them.)
#[derive(Debug, reduce_core::Reduce, fory::ForyStruct)]
#[reduce(name = "Tree")]
pub struct Shared {
    pub children: Vec<Rc<Shared>>,
}

impl Shared {
    /// Each level holds the one below it eight times: as many values as 8 to the power of the levels, were they not shared.
    pub fn bomb(levels: u32) -> Shared {
        (1..levels).fold(Shared { children: vec![] }, |inner, _| {
            let inner = Rc::new(inner);
            Shared { children: vec![inner; 8] }
        })
    }
}
