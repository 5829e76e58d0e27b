//! The proleptic Gregorian calendar: days and microseconds since 1970 to and from years, months, days, hours
//! …
//!
//! Years are astronomical: 1 BC is 0, 2 BC is -1. Nothing here knows of time zones or of infinity.

/// Microseconds of a second.
pub const SECOND_US: i64 = 1_000_000;
/// Microseconds of a minute.
pub const MINUTE_US: i64 = 60 * SECOND_US;
/// Microseconds of an hour.
pub const HOUR_US: i64 = 60 * MINUTE_US;
/// Microseconds of a day.
pub const DAY_US: i64 = 24 * HOUR_US;
/// Julian day of 1970-01-01.
pub const UNIX_JULIAN: i64 = 2_440_588;
/// Days from 1970-01-01 to 2000-01-01, from which PostgreSQL counts.
pub const POSTGRES_EPOCH_DAYS: i32 = 10_957;
/// Microseconds from 1970 to 2000, from which PostgreSQL counts.
pub const POSTGRES_EPOCH_US: i64 = POSTGRES_EPOCH_DAYS as i64 * DAY_US;

/// A moment taken apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Fields {
    /// Astronomical year.
    pub year: i32,
    /// 1 to 12.
    pub month: i32,
    /// 1 to 31.
    pub day: i32,
    /// 0 to 24.
    pub hour: i32,
    /// 0 to 59.
    pub minute: i32,
    /// 0 to 60.
    pub second: i32,
    /// Microseconds of the second.
    pub micro: i32,
}

impl Fields {
    /// Microseconds since midnight.
    pub fn time_us(&self) -> i64 {
        (i64::from(self.hour) * 60 + i64::from(self.minute)) * MINUTE_US
            + i64::from(self.second) * SECOND_US
            + i64::from(self.micro)
    }

    /// Days since 1970-01-01.
    pub fn days(&self) -> i64 {
        days_of(self.year, self.month, self.day)
    }

    /// Sets the time of day.
    pub fn set_time(&mut self, time_us: i64) {
        (self.hour, self.minute, self.second, self.micro) = clock_of(time_us);
    }
}

/// Whether a year has a 29th of February.
pub fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Number of days of a month (1 to 12).
pub fn month_days(year: i32, month: i32) -> i32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Days since 1970-01-01 of a date; a month or day out of its range runs over.
pub fn days_of(year: i32, month: i32, day: i32) -> i64 {
    let months = i64::from(year) * 12 + i64::from(month) - 3;
    // Years that begin in March: the leap day is the last of them.
    let (year, month) = (months.div_euclid(12), months.rem_euclid(12));
    let cycle = year.div_euclid(400);
    let of_cycle = year.rem_euclid(400);
    let of_year = (153 * month + 2) / 5 + i64::from(day) - 1;
    cycle * 146_097 + of_cycle * 365 + of_cycle / 4 - of_cycle / 100 + of_year - 719_468
}

/// Year, month and day of a number of days since 1970-01-01.
pub fn date_of(days: i64) -> (i32, i32, i32) {
    let days = days + 719_468;
    let cycle = days.div_euclid(146_097);
    let of_cycle = days.rem_euclid(146_097);
    let year = (of_cycle - of_cycle / 1_460 + of_cycle / 36_524 - of_cycle / 146_096) / 365;
    let of_year = of_cycle - (365 * year + year / 4 - year / 100);
    let month = (5 * of_year + 2) / 153;
    let day = of_year - (153 * month + 2) / 5 + 1;
    let (month, carry) = if month < 10 { (month + 3, 0) } else { (month - 9, 1) };
    ((cycle * 400 + year + carry) as i32, month as i32, day as i32)
}

/// Hour, minute, second and microsecond of a time of day.
pub fn clock_of(time_us: i64) -> (i32, i32, i32, i32) {
    let hour = time_us / HOUR_US;
    let minute = time_us / MINUTE_US % 60;
    let second = time_us / SECOND_US % 60;
    (hour as i32, minute as i32, second as i32, (time_us % SECOND_US) as i32)
}

/// The fields of a number of microseconds since 1970.
pub fn fields_of(micros: i64) -> Fields {
    let (year, month, day) = date_of(micros.div_euclid(DAY_US));
    let (hour, minute, second, micro) = clock_of(micros.rem_euclid(DAY_US));
    Fields { year, month, day, hour, minute, second, micro }
}

/// Microseconds since 1970 of fields, as wide as need be.
pub fn micros_of(fields: &Fields) -> i128 {
    i128::from(fields.days()) * i128::from(DAY_US) + i128::from(fields.time_us())
}

/// 0 for Sunday to 6 for Saturday.
pub fn weekday(days: i64) -> i32 {
    (days + 4).rem_euclid(7) as i32
}

/// Day of the year, from 1.
pub fn year_day(year: i32, month: i32, day: i32) -> i32 {
    (days_of(year, month, day) - days_of(year, 1, 1) + 1) as i32
}

/// Days since 1970-01-01 of the Monday of week 1 of an ISO year.
pub fn iso_year_start(year: i32) -> i64 {
    let fourth = days_of(year, 1, 4);
    fourth - (fourth + 3).rem_euclid(7)
}

/// The ISO year and week of a day since 1970-01-01.
pub fn iso_week(days: i64) -> (i32, i32) {
    let year = date_of(days).0;
    let year = if days < iso_year_start(year) {
        year - 1
    } else if days >= iso_year_start(year + 1) {
        year + 1
    } else {
        year
    };
    (year, ((days - iso_year_start(year)) / 7 + 1) as i32)
}

/// Whether PostgreSQL counts Julian days to a date: 4714-11-01 BC to 5874898-06-01.
pub fn in_calendar(year: i32, month: i32) -> bool {
    (year > -4713 || year == -4713 && month >= 11) && (year < 5_874_898 || year == 5_874_898 && month < 6)
}
