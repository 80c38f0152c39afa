//! `Duration` and `SystemTime`.
//!
//! `Duration`: a record of `secs` (`u64`) and `nanos` (`u32`). `SystemTime`: a record of `secs` (`i64`, since
//! 1970-01-01 00:00 UTC, rounded down) and `nanos` (`u32`, onwards from there, before 1970 too). In both `nanos` is below
//! 1,000,000,000.
//!
//! `Instant` has no meaning outside of its process and is not here.

use crate::error::Error;
use crate::read::Reader;
use core::time::Duration;

const NANOS_PER_SEC: u32 = 1_000_000_000;

record! {
    [] Duration, "Duration", |duration, r| {
        secs: u64 = duration.as_secs(),
        nanos: u32 = duration.subsec_nanos(),
    } => below_a_second(nanos, r).map(|()| Duration::new(secs, nanos))
}

fn below_a_second(nanos: u32, r: &Reader<'_, '_>) -> Result<(), Error> {
    if nanos < NANOS_PER_SEC {
        Ok(())
    } else {
        Err(r.invalid("nanoseconds of a second or more").in_field("nanos"))
    }
}

#[cfg(feature = "std")]
mod system {
    use super::{NANOS_PER_SEC, below_a_second};
    use crate::describe::Describe;
    use crate::error::Error;
    use crate::expand::Expand;
    use crate::program::TypeDef;
    use crate::read::{Mode, Native, Reader};
    use crate::reduce::Reduce;
    use crate::write::Writer;
    use core::time::Duration;
    use std::time::{SystemTime, UNIX_EPOCH};

    /// What is stored of a `SystemTime`.
    struct Moment {
        secs: i64,
        nanos: u32,
    }

    record! {
        [] Moment, "SystemTime", |moment, r| { secs: i64 = moment.secs, nanos: u32 = moment.nanos }
        => below_a_second(nanos, r).map(|()| Moment { secs, nanos })
    }

    impl Moment {
        /// Beyond 64 bits of seconds there is none.
        fn of(time: &SystemTime) -> Option<Self> {
            match time.duration_since(UNIX_EPOCH) {
                Ok(since) => Some(Moment {
                    secs: i64::try_from(since.as_secs()).ok()?,
                    nanos: since.subsec_nanos(),
                }),
                Err(before) => {
                    let before = before.duration();
                    let secs = 0i64.checked_sub_unsigned(before.as_secs())?;
                    match NANOS_PER_SEC.checked_sub(before.subsec_nanos())? {
                        NANOS_PER_SEC => Some(Moment { secs, nanos: 0 }),
                        nanos => Some(Moment { secs: secs.checked_sub(1)?, nanos }),
                    }
                }
            }
        }

        /// Beyond what the platform counts there is none.
        fn time(&self) -> Option<SystemTime> {
            let whole = Duration::from_secs(self.secs.unsigned_abs());
            let second = if self.secs < 0 {
                UNIX_EPOCH.checked_sub(whole)
            } else {
                UNIX_EPOCH.checked_add(whole)
            };
            second?.checked_add(Duration::from_nanos(u64::from(self.nanos)))
        }
    }

    impl Describe for SystemTime {
        fn def() -> &'static TypeDef {
            Moment::def()
        }
    }

    impl Reduce for SystemTime {
        fn reduce(&self, w: &mut Writer<'_>) -> Result<(), Error> {
            match Moment::of(self) {
                Some(moment) => moment.reduce(w),
                None => {
                    Err(w.unavailable("the `SystemTime` is further from 1970 than 2^63 seconds"))
                }
            }
        }
    }

    impl<'de> Expand<'de> for SystemTime {
        fn expand(r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
            Self::expand_by(Native, r)
        }

        fn expand_by<M: Mode<'de>>(mode: M, r: &mut Reader<'_, 'de>) -> Result<Self, Error> {
            let moment = mode.value::<Moment>(r)?;
            moment.time().ok_or_else(|| r.invalid("a time that this platform's clock cannot tell"))
        }
    }
}
