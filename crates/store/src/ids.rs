//! Row keys that callers hold on to.

/// Makes row keys that cannot be taken for one another.
macro_rules! row_keys {
    ($($(#[$doc:meta])* $name:ident)*) => {
        $($(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub i64);

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                self.0.fmt(f)
            }
        })*
    };
}
row_keys! {
    /// Row of a router ("nas"); never given to another router, even after it was removed.
    NasId
    /// Row of a voucher.
    VoucherId
    /// Row of vouchers that were made together; its number is what people call it by.
    VoucherBatchId
    /// Row of a device that is or was a voucher's.
    VoucherDeviceId
}
