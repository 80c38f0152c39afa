#![no_main]

libfuzzer_sys::fuzz_target!(|input: &[u8]| reduce_fuzz::versions(input));
