//! Addresses of the internet.

mod round_trip;

use proptest::prelude::*;
use reduce_core::ErrorKind;
use round_trip::{check, claim, refusal, same_bytes};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, SocketAddrV4, SocketAddrV6};

proptest! {
    #[test]
    fn addresses_come_back(
        four: [u8; 4], six: [u8; 16], port: u16, flowinfo: u32, scope_id: u32,
    ) {
        let (v4, v6) = (Ipv4Addr::from(four), Ipv6Addr::from(six));
        check(&v4);
        check(&v6);
        same_bytes(&v4, &four);
        same_bytes(&v6, &six);
        check(&[IpAddr::V4(v4), IpAddr::V6(v6)]);
        let (socket_v4, socket_v6) =
            (SocketAddrV4::new(v4, port), SocketAddrV6::new(v6, port, flowinfo, scope_id));
        check(&socket_v4);
        check(&socket_v6);
        check(&[SocketAddr::V4(socket_v4), SocketAddr::V6(socket_v6)]);
    }
}

#[test]
fn octets_stand_in_the_order_of_the_network() {
    let bytes = claim::<SocketAddr>(&[0, 192, 0, 2, 1, 80]);
    let address: SocketAddr = reduce_core::from_slice(&bytes).unwrap();
    assert_eq!(address, "192.0.2.1:80".parse().unwrap());
}

#[test]
fn malformed_addresses_are_refused() {
    assert_eq!(refusal::<IpAddr>(&claim::<IpAddr>(&[2, 1, 2, 3, 4])).0, ErrorKind::Malformed);
    // STOP is the fourth byte then, and nothing follows it.
    let short = claim::<Ipv4Addr>(&[1, 2, 3]);
    assert_eq!(refusal::<Ipv4Addr>(&short).0, ErrorKind::UnexpectedEnd);
    // A port of 2^16.
    let (kind, path, _) =
        refusal::<SocketAddr>(&claim::<SocketAddr>(&[0, 1, 2, 3, 4, 0x80, 0x80, 4]));
    assert_eq!((kind, path.as_str()), (ErrorKind::Malformed, "V4.0.port"));
}
