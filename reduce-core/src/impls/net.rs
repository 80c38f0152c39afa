//! Addresses of the internet.
//!
//! `Ipv4Addr` and `Ipv6Addr`: arrays of 4 and 16 bytes, as sent over the network. `IpAddr` and `SocketAddr`: enums of 0
//! `V4` and 1 `V6`. `SocketAddrV4`: a record of `ip` and `port`. `SocketAddrV6`: a record of `ip`, `port`, `flowinfo`
//! and `scope_id`.

use super::shape::reduce_made;
use crate::column::{Column, Slot};
use crate::describe::Describe;
use crate::error::Error;
use crate::expand::Expand;
use crate::program::{PartDef, TypeDef};
use crate::read::{Plan, Reader};
use crate::reduce::Reduce;
use crate::write::{Columns, Writer};
use core::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

macro_rules! octets {
    ($($address:ty: $count:literal;)*) => {$(
        impl Describe for $address {
            fn def() -> &'static TypeDef {
                <[u8; $count]>::def()
            }

            const PART: PartDef = <[u8; $count]>::PART;
        }

        impl Reduce for $address {
            #[inline]
            fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
                self.octets().reduce(w)
            }

            fn reduce_rows(
                rows: &[&Self],
                column: Column,
                columns: &mut Columns<'_>,
            ) -> Result<(), Error> {
                reduce_made(rows, |address| address.octets(), column, columns)
            }
        }

        impl<'de> Expand<'de> for $address {
            #[inline]
            fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                <[u8; $count]>::expand(r).map(Self::from)
            }

            fn adapt(plan: Plan, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                <[u8; $count]>::adapt(plan, r).map(Self::from)
            }

            #[inline]
            fn expand_slot(slot: Slot, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
                <[u8; $count]>::expand_slot(slot, r).map(Self::from)
            }
        }
    )*};
}

octets! {
    Ipv4Addr: 4;
    Ipv6Addr: 16;
}

enumeration! { [] IpAddr, "IpAddr" { 0 V4(address: Ipv4Addr), 1 V6(address: Ipv6Addr) } }

record! {
    [] SocketAddrV4, "SocketAddrV4", |address, r| {
        ip: Ipv4Addr = *address.ip(),
        port: u16 = address.port(),
    } => Ok(SocketAddrV4::new(ip, port))
}

record! {
    [] SocketAddrV6, "SocketAddrV6", |address, r| {
        ip: Ipv6Addr = *address.ip(),
        port: u16 = address.port(),
        flowinfo: u32 = address.flowinfo(),
        scope_id: u32 = address.scope_id(),
    } => Ok(SocketAddrV6::new(ip, port, flowinfo, scope_id))
}

enumeration! {
    [] SocketAddr, "SocketAddr" { 0 V4(address: SocketAddrV4), 1 V6(address: SocketAddrV6) }
}
