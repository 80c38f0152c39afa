//! The data sets, a file each. All are made from a seed, so that a size or a count of instructions means something from one
//! day to the next.

/// Structs with the derives of all peers.
macro_rules! records {
    ($($item:item)*) => {$(
        #[derive(Clone, Debug, PartialEq, reduce_core::Reduce, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "peers", derive(
            bitcode::Encode, bitcode::Decode,
            borsh::BorshSerialize, borsh::BorshDeserialize,
            nanoserde::SerBin, nanoserde::DeBin,
            rkyv::Archive, rkyv::Serialize, rkyv::Deserialize,
            savefile::prelude::Savefile,
            wincode::SchemaWrite, wincode::SchemaRead,
            fory::ForyStruct,
        ))]
        $item
    )*};
}

/// Enums without data, with the derives of all peers.
macro_rules! choices {
    ($($item:item)*) => {$(
        #[derive(Clone, Copy, Debug, Default, PartialEq, Eq, reduce_core::Reduce, serde::Serialize, serde::Deserialize)]
        #[cfg_attr(feature = "peers", derive(
            bitcode::Encode, bitcode::Decode,
            borsh::BorshSerialize, borsh::BorshDeserialize,
            nanoserde::SerBin, nanoserde::DeBin,
            rkyv::Archive, rkyv::Serialize, rkyv::Deserialize,
            savefile::prelude::Savefile,
            wincode::SchemaWrite, wincode::SchemaRead,
            fory::ForyEnum,
        ))]
        $item
    )*};
}

/// Structs that borrow their texts, with the derives of the peers that can lend them.
macro_rules! views {
    ($($item:item)*) => {$(
        #[derive(Clone, Debug, PartialEq, reduce_core::Reduce, serde::Deserialize)]
        #[cfg_attr(feature = "peers", derive(bitcode::Decode, wincode::SchemaRead))]
        $item
    )*};
}

pub mod floats;
pub mod graph;
pub mod log;
pub mod mesh;
pub mod message;
pub mod players;
pub mod shapes;
pub mod table;
pub mod tree;
pub mod updates;

/// A data set whose texts can be borrowed from the bytes that it is loaded from.
pub trait Lend {
    /// The same, borrowed.
    type View<'de>;

    /// Whether a view shows this value.
    fn is(&self, view: &Self::View<'_>) -> bool;
}
