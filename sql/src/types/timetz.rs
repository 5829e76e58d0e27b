//! `time with time zone`: a time of day and an offset, in bytes whose order is that of the values.

/// A value of type timetz.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Timetz {
    /// Microseconds since local midnight, up to 24:00 inclusive.
    pub micros: i64,
    /// Seconds west of UTC, as PostgreSQL keeps it (positive is west).
    pub zone: i32,
}

impl Timetz {
    /// Microseconds since midnight UTC: what timetz values are ordered by first.
    pub fn moment(self) -> i64 {
        self.micros + i64::from(self.zone) * 1_000_000
    }

    /// Twelve bytes: the moment in UTC, then the zone, both big endian with the sign bit flipped: ordered as
    /// PostgreSQL's `timetz_cmp` orders (by moment, then by zone).
    pub fn to_bytes(self) -> [u8; 12] {
        let mut bytes = [0; 12];
        bytes[..8].copy_from_slice(&((self.moment() as u64) ^ (1 << 63)).to_be_bytes());
        bytes[8..].copy_from_slice(&((self.zone as u32) ^ (1 << 31)).to_be_bytes());
        bytes
    }

    /// What [`Timetz::to_bytes`] wrote.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        let moment = bytes.get(..8).and_then(|part| part.try_into().ok()).map_or(0, u64::from_be_bytes);
        let zone = bytes.get(8..12).and_then(|part| part.try_into().ok()).map_or(0, u32::from_be_bytes);
        let zone = (zone ^ (1 << 31)) as i32;
        Self { micros: (moment ^ (1 << 63)) as i64 - i64::from(zone) * 1_000_000, zone }
    }
}
