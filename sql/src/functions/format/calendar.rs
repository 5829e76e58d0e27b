//! Days and weeks of the proleptic Gregorian calendar by Julian day number, years counted astronomically (1
//! BC is 0).
//!
//! Years, months and days may be any numbers: formatting an interval asks for the "Julian day" of things that
//! are no date, and gets the same number as PostgreSQL's arithmetic (32 bits, wrapping) gives.

/// The Julian day number of 1970-01-01.
pub(super) const EPOCH_JULIAN: i32 = 2_440_588;

/// Whether a year has a 29 February.
pub(super) fn is_leap(year: i32) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

/// Days of a month; 0 for what is no month.
pub(super) fn days_in_month(year: i32, month: i32) -> i32 {
    match month {
        2 => 28 + i32::from(is_leap(year)),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

/// The Julian day number of a date. Division truncates towards zero, so that dates before 4800 BC and months
/// that are none give PostgreSQL's numbers.
pub(super) fn julian_day(year: i32, month: i32, day: i32) -> i32 {
    // Months are counted from March of the year 4801 BC, so that a leap day is the last of its year.
    let (shifted_month, shifted_year) =
        if month > 2 { (month + 1, year.wrapping_add(4800)) } else { (month + 13, year.wrapping_add(4799)) };
    let century = shifted_year / 100;
    let leap_days = (shifted_year / 4).wrapping_sub(century).wrapping_add(century / 4);
    let month_days = 7834 * shifted_month / 256;
    shifted_year
        .wrapping_mul(365)
        .wrapping_sub(32_167)
        .wrapping_add(leap_days)
        .wrapping_add(month_days)
        .wrapping_add(day)
}

/// Year, month and day of a Julian day number; a number below -32044 stands for one that is 2^32 greater.
pub(super) fn date_of_julian(julian: i32) -> (i32, i32, i32) {
    // Days since 1 March 4801 BC.
    let days = i64::from((julian as u32).wrapping_add(32_044));
    let cycle = days / 146_097;
    let day_of_cycle = days % 146_097;
    let year_of_cycle =
        (day_of_cycle - day_of_cycle / 1460 + day_of_cycle / 36_524 - day_of_cycle / 146_096) / 365;
    let day_of_year = day_of_cycle - (365 * year_of_cycle + year_of_cycle / 4 - year_of_cycle / 100);
    let month_from_march = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month_from_march + 2) / 5 + 1;
    let month = if month_from_march < 10 { month_from_march + 3 } else { month_from_march - 9 };
    let year = cycle * 400 + year_of_cycle - 4800 + i64::from(month <= 2);
    (year as i32, month as i32, day as i32)
}

/// The day of the week of a Julian day number, Sunday being 0.
pub(super) fn weekday(julian: i32) -> i32 {
    julian.wrapping_add(1).rem_euclid(7)
}

/// The Julian day number of the Monday of a week of an ISO year.
pub(super) fn iso_week_start(year: i32, week: i32) -> i32 {
    // The first week is the one with 4 January in it.
    let fourth = julian_day(year, 1, 4);
    let since_monday = weekday(fourth.wrapping_sub(1));
    week.wrapping_sub(1).wrapping_mul(7).wrapping_add(fourth.wrapping_sub(since_monday))
}

/// The ISO year and week of a date.
pub(super) fn iso_year_and_week(year: i32, month: i32, day: i32) -> (i32, i32) {
    let julian = julian_day(year, month, day);
    let mut iso_year = year;
    let mut start = iso_week_start(iso_year, 1);
    if julian < start {
        iso_year = iso_year.wrapping_sub(1);
        start = iso_week_start(iso_year, 1);
    }
    let mut week = julian.wrapping_sub(start) / 7 + 1;
    if week >= 52 {
        // The last days of a year may be of the first week of the next.
        let next = iso_week_start(year.wrapping_add(1), 1);
        if julian >= next {
            week = julian.wrapping_sub(next) / 7 + 1;
            iso_year = iso_year.wrapping_add(1);
        }
    }
    (iso_year, week)
}

/// The day of its ISO year that a date is, from 1.
pub(super) fn iso_day_of_year(year: i32, month: i32, day: i32) -> i32 {
    let (iso_year, _) = iso_year_and_week(year, month, day);
    julian_day(year, month, day).wrapping_sub(iso_week_start(iso_year, 1)).wrapping_add(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_day_is_found_again_by_its_julian_number() {
        for julian in (0..10_000_000).step_by(97) {
            let (year, month, day) = date_of_julian(julian);
            assert_eq!(julian_day(year, month, day), julian);
        }
        assert_eq!(date_of_julian(EPOCH_JULIAN), (1970, 1, 1));
        assert_eq!(weekday(EPOCH_JULIAN), 4);
        assert_eq!(iso_year_and_week(2021, 1, 3), (2020, 53));
    }
}
