fn main() {
    let bytes = [];
    let _ = reduce_core::from_slice::<&[[u32; 3]]>(&bytes);
}
