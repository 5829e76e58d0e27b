//! Texts of intervals with what PostgreSQL 15 made of them, recorded from it.

use super::{Interval, divide, multiply, parse, print};
use crate::types::environment::IntervalStyle::{self, Iso8601, Postgres, PostgresVerbose, SqlStandard};

#[test]
fn texts_are_read_and_printed_as_postgres_does() {
    for (style, modifier, text, wanted) in CASES {
        let found = match parse(text, *modifier, *style) {
            Ok(interval) => print(interval, *style),
            Err(error) => format!("ERR {} {}", error.state.code(), error.message),
        };
        assert_eq!(found, *wanted, "{text:?} under {style:?} {modifier}");
    }
}

#[test]
fn equal_lengths_have_equal_keys_in_order() {
    let read = |text: &str| parse(text, -1, Postgres).unwrap();
    assert_eq!(read("1 mon").key_bytes(), read("30 days").key_bytes());
    assert_eq!(read("1 day").key_bytes(), read("24:00").key_bytes());
    let ordered = ["-1 mon", "-29 days", "-00:00:01", "0", "00:00:01", "1 day", "1 year", "365 days"];
    for pair in ordered.windows(2) {
        assert!(read(pair[0]).key_bytes() < read(pair[1]).key_bytes(), "{pair:?}");
    }
}

#[test]
fn fractions_spill_down_only() {
    let shown = |interval: Interval| print(interval, Postgres);
    let read = |text: &str| parse(text, -1, Postgres).unwrap();
    assert_eq!(shown(multiply(read("1 mon"), 0.5).unwrap()), "15 days");
    assert_eq!(shown(divide(read("1 mon"), 0.5).unwrap()), "2 mons");
    assert_eq!(
        shown(multiply(read("1 year 2 mons 3 days 04:05:06"), 1.3).unwrap()),
        "1 year 6 mons 9 days 26:54:37.8"
    );
    assert_eq!(
        shown(divide(read("1 year 2 mons 3 days 04:05:06"), 1.3).unwrap()),
        "10 mons 25 days 12:22:23.070277"
    );
    assert_eq!(shown(multiply(read("1 day"), 0.1).unwrap()), "02:24:00");
    assert_eq!(shown(divide(read("1 day"), 0.1).unwrap()), "10 days");
    assert_eq!(shown(multiply(read("-1 mon 40 days"), 0.333333333333).unwrap()), "3 days 07:59:59.999999");
    assert_eq!(
        shown(divide(read("-1 mon 40 days"), 0.333333333333).unwrap()),
        "-3 mons +120 days 00:00:00.00001"
    );
}

/// Style, modifier, text, answer.
#[rustfmt::skip]
const CASES: &[(IntervalStyle, i32, &str, &str)] = &[
    (PostgresVerbose, -1, "1 us", "@ 0.000001 secs"),
    (PostgresVerbose, -1, "5:59.9999999", "@ 6 mins"),
    (PostgresVerbose, -1, "1 sec 1 sec", "ERR 22007 invalid input syntax for type interval: \"1 sec 1 sec\""),
    (PostgresVerbose, -1, "1", "@ 1 sec"),
    (PostgresVerbose, -1, "PT04", "@ 4 hours"),
    (PostgresVerbose, -1, "1.7 us", "@ 0.000002 secs"),
    (PostgresVerbose, -1, "-0.5", "@ 0.5 secs ago"),
    (PostgresVerbose, -1, "-1-2 +3 -4:05:06", "@ 1 year 2 mons -3 days 4 hours 5 mins 6 secs ago"),
    (PostgresVerbose, -1, "PT", "@ 0"),
    (PostgresVerbose, -1, "1--2", "ERR 22015 interval field value out of range: \"1--2\""),
    (PostgresVerbose, -1, "1 day 2:3:4", "@ 1 day 2 hours 3 mins 4 secs"),
    (PostgresVerbose, -1, "1.23 centuries", "@ 123 years"),
    (PostgresVerbose, -1, "9223372036854775807 us", "@ 2562047788 hours 54.775807 secs"),
    (PostgresVerbose, -1, "5d3h2m1s", "@ 5 days 3 hours 2 mins 1 sec"),
    (PostgresVerbose, -1, "5 d 3 h 2 m 1 s", "@ 5 days 3 hours 2 mins 1 sec"),
    (PostgresVerbose, -1, "2562047788 hours", "@ 2562047788 hours"),
    (PostgresVerbose, -1, "-2562047788:00:54.775808", "ERR 22007 invalid input syntax for type interval: \"-2562047788:00:54.775808\""),
    (PostgresVerbose, -1, "60 mins", "@ 1 hour"),
    (PostgresVerbose, -1, "1 2:03", "@ 1 day 2 hours 3 mins"),
    (PostgresVerbose, -1, "-1 day 1 hour", "@ 1 day -1 hours ago"),
    (PostgresVerbose, -1, "5d 3h", "@ 5 days 3 hours"),
    (PostgresVerbose, -1, "1.5 ms", "@ 0.0015 secs"),
    (SqlStandard, -1, "4:05", "4:05:00"),
    (SqlStandard, -1, "2 years 3:04:05.6", "+2-0 +0 +3:04:05.6"),
    (SqlStandard, -1, "P1Y2", "ERR 22007 invalid input syntax for type interval: \"P1Y2\""),
    (SqlStandard, -1, "-1 day", "-1 0:00:00"),
    (SqlStandard, -1, "P00010203T040506", "+1-2 +3 +4:05:06"),
    (SqlStandard, -1, "2147483647 mons", "178956970-7"),
    (SqlStandard, -1, "-1-2 3 4:05:06", "-1-2 -3 -4:05:06"),
    (SqlStandard, -1, "178956970 years", "178956970-0"),
    (SqlStandard, -1, "1.5 mons", "+0-1 +15 +0:00:00"),
    (SqlStandard, -1, "1 c 2 decs", "120-0"),
    (SqlStandard, -1, "1.5-2", "ERR 22007 invalid input syntax for type interval: \"1.5-2\""),
    (SqlStandard, -1, "1 2 hour 3", "1 2:00:03"),
    (SqlStandard, -1, "P1e16D", "ERR 22015 interval field value out of range: \"P1e16D\""),
    (SqlStandard, -1, "+1 day", "1 0:00:00"),
    (SqlStandard, -1, "0.7 weeks", "4 21:36:00"),
    (SqlStandard, -1, "1.3 mons", "+0-1 +9 +0:00:00"),
    (SqlStandard, -1, "1 yr 1 yrs", "ERR 22007 invalid input syntax for type interval: \"1 yr 1 yrs\""),
    (SqlStandard, -1, "1 2:03:04", "1 2:03:04"),
    (SqlStandard, -1, "1.5 weeks", "10 12:00:00"),
    (SqlStandard, -1, "1 day ago 2 hours", "-1 2:00:00"),
    (SqlStandard, -1, "0", "0"),
    (SqlStandard, -1, "P1.5Y", "1-6"),
    (SqlStandard, -1, "1 year 2 mons", "1-2"),
    (SqlStandard, -1, "3 4 5", "ERR 22007 invalid input syntax for type interval: \"3 4 5\""),
    (SqlStandard, -1, "1 day 24:00", "1 24:00:00"),
    (SqlStandard, -1, "1 secondsxyz", "ERR 22007 invalid input syntax for type interval: \"1 secondsxyz\""),
    (SqlStandard, -1, "- 1 day", "-1 0:00:00"),
    (SqlStandard, -1, "2:03 1 h", "ERR 22007 invalid input syntax for type interval: \"2:03 1 h\""),
    (Postgres, -1, "P1.5M", "1 mon 15 days"),
    (Postgres, -1, "1 4:05:06", "1 day 04:05:06"),
    (Postgres, -1, "1-11", "1 year 11 mons"),
    (Postgres, -1, "1 day,2 hours", "1 day 02:00:00"),
    (Postgres, -1, "P1Y2M", "1 year 2 mons"),
    (Postgres, -1, "2:03:04.5.6", "ERR 22007 invalid input syntax for type interval: \"2:03:04.5.6\""),
    (Postgres, -1, "PT040506", "04:05:06"),
    (Postgres, -1, "PT1.5H", "01:30:00"),
    (Postgres, -1, "2562047789 hours", "ERR 22015 interval field value out of range: \"2562047789 hours\""),
    (Postgres, -1, "P1T", "1 year"),
    (Postgres, -1, "1-2", "1 year 2 mons"),
    (Postgres, -1, "14 mons", "1 year 2 mons"),
    (Postgres, -1, "-1 -2:03", "-1 days -02:03:00"),
    (Postgres, -1, "0.0000005 s", "00:00:00"),
    (Postgres, -1, "1 s 1 ms 1 us", "00:00:01.001001"),
    (Postgres, -1, "P1YT", "1 year"),
    (Postgres, -1, "P0001-02-03T04:05:06", "1 year 2 mons 3 days 04:05:06"),
    (Postgres, -1, "2147483648 days", "ERR 22015 interval field value out of range: \"2147483648 days\""),
    (Postgres, -1, "1.05 years", "1 year 1 mon"),
    (Postgres, -1, "1 dayé", "ERR 22007 invalid input syntax for type interval: \"1 dayé\""),
    (Postgres, -1, "P-.5D", "-12:00:00"),
    (Postgres, -1, "2562047788:00:54.775808", "ERR 22015 interval field value out of range: \"2562047788:00:54.775808\""),
    (Postgres, -1, "1 ago", "ERR 22007 invalid input syntax for type interval: \"1 ago\""),
    (Postgres, -1, "P-1-2", "-10 mons"),
    (Postgres, -1, "1-2 3 4:05:06", "1 year 2 mons 3 days 04:05:06"),
    (Postgres, -1, "1 quarter", "ERR 22007 invalid input syntax for type interval: \"1 quarter\""),
    (Postgres, -1, "P1S", "ERR 22007 invalid input syntax for type interval: \"P1S\""),
    (Postgres, -1, "1.5 us", "00:00:00.000001"),
    (Postgres, -1, "100:00", "100:00:00"),
    (Postgres, -1, "99999999999999999999 us", "ERR 22015 interval field value out of range: \"99999999999999999999 us\""),
    (Postgres, -1, "0.1 years", "1 mon"),
    (Postgres, -1, "day 1", "00:00:01"),
    (Postgres, -1, "1-2-3", "ERR 22007 invalid input syntax for type interval: \"1-2-3\""),
    (Postgres, -1, "P1.5D", "1 day 12:00:00"),
    (Postgres, -1, "@ 1 year 2 mons 3 days 4 hours 5 mins 6 secs ago", "-1 years -2 mons -3 days -04:05:06"),
    (Postgres, -1, "0x10 days", "ERR 22007 invalid input syntax for type interval: \"0x10 days\""),
    (Postgres, -1, "P1.5W", "10 days 12:00:00"),
    (Postgres, 327679, "1", "1 year"),
    (Postgres, 196607, "1", "1 mon"),
    (Postgres, 589823, "1", "1 day"),
    (Postgres, 67174399, "1", "01:00:00"),
    (Postgres, 201392127, "1", "00:01:00"),
    (Postgres, 470286338, "1", "00:00:01"),
    (Postgres, 402718719, "1", "00:00:01"),
    (Postgres, 327679, "1.5", "1 year"),
    (Postgres, 196607, "1.5", "1 mon"),
    (Postgres, 589823, "1.5", "1 day"),
    (Postgres, 67174399, "1.5", "01:00:00"),
    (Postgres, 201392127, "1.5", "00:01:00"),
    (Postgres, 470286338, "1.5", "00:00:01.5"),
    (Postgres, 402718719, "1.5", "00:00:01.5"),
    (Postgres, 327679, "1-2", "1 year"),
    (Postgres, 196607, "1-2", "1 year 2 mons"),
    (Postgres, 589823, "1-2", "1 year 2 mons"),
    (Postgres, 67174399, "1-2", "1 year 2 mons"),
    (Postgres, 201392127, "1-2", "1 year 2 mons"),
    (Postgres, 470286338, "1-2", "1 year 2 mons"),
    (Postgres, 402718719, "1-2", "1 year 2 mons"),
    (Postgres, 327679, "1:2", "00:00:00"),
    (Postgres, 196607, "1:2", "00:00:00"),
    (Postgres, 589823, "1:2", "00:00:00"),
    (Postgres, 67174399, "1:2", "01:00:00"),
    (Postgres, 201392127, "1:2", "01:02:00"),
    (Postgres, 470286338, "1:2", "01:02:00"),
    (Postgres, 402718719, "1:2", "00:01:02"),
    (Postgres, 327679, "1 2:3:4.56789", "00:00:00"),
    (Postgres, 196607, "1 2:3:4.56789", "00:00:00"),
    (Postgres, 589823, "1 2:3:4.56789", "1 day"),
    (Postgres, 67174399, "1 2:3:4.56789", "1 day 02:00:00"),
    (Postgres, 201392127, "1 2:3:4.56789", "1 day 02:03:00"),
    (Postgres, 470286338, "1 2:3:4.56789", "1 day 02:03:04.57"),
    (Postgres, 402718719, "1 2:3:4.56789", "1 day 02:03:04.56789"),
    (Postgres, 327679, "-5 year -2 mon -3 day -4:05:06.789", "-5 years"),
    (Postgres, 196607, "-5 year -2 mon -3 day -4:05:06.789", "-5 years -2 mons"),
    (Postgres, 589823, "-5 year -2 mon -3 day -4:05:06.789", "-5 years -2 mons -3 days"),
    (Postgres, 67174399, "-5 year -2 mon -3 day -4:05:06.789", "-5 years -2 mons -3 days -04:00:00"),
    (Postgres, 201392127, "-5 year -2 mon -3 day -4:05:06.789", "-5 years -2 mons -3 days -04:05:00"),
    (Postgres, 470286338, "-5 year -2 mon -3 day -4:05:06.789", "-5 years -2 mons -3 days -04:05:06.79"),
    (Postgres, 402718719, "-5 year -2 mon -3 day -4:05:06.789", "-5 years -2 mons -3 days -04:05:06.789"),
    (Iso8601, -1, "1-12", "ERR 22015 interval field value out of range: \"1-12\""),
    (Iso8601, -1, "ago 1 day", "P-1D"),
    (Iso8601, -1, "1 day day", "P1D"),
    (Iso8601, -1, "P1", "P1Y"),
    (Iso8601, -1, "1 timezone", "ERR 22007 invalid input syntax for type interval: \"1 timezone\""),
    (Iso8601, -1, "12 months", "P1Y"),
    (Iso8601, -1, "1 mon 3", "P1MT3S"),
    (Iso8601, -1, "-178956970 years 8 mons", "P-178956969Y-4M"),
    (Iso8601, -1, "2147483647 years", "ERR 22008 interval out of range"),
    (Iso8601, -1, "1 millisecond 500 us", "PT0.0015S"),
    (Iso8601, -1, "PT1Y", "ERR 22007 invalid input syntax for type interval: \"PT1Y\""),
    (Iso8601, -1, "1 day -1 hour", "P1DT-1H"),
    (Iso8601, -1, "-infinity", "ERR 22007 invalid input syntax for type interval: \"-infinity\""),
    (Iso8601, -1, "-2147483648 days", "P-2147483648D"),
    (Iso8601, -1, "1 day ago", "P-1D"),
    (Iso8601, -1, "P1Y 2M", "ERR 22007 invalid input syntax for type interval: \"P1Y 2M\""),
    (Iso8601, -1, "1.5 days", "P1DT12H"),
    (Iso8601, -1, "4:05:06.789", "PT4H5M6.789S"),
    (Iso8601, -1, "1 day 2:03", "P1DT2H3M"),
    (Iso8601, -1, "1 week", "P7D"),
    (Iso8601, -1, "1 millenniumxx", "P1000Y"),
    (Iso8601, -1, "3 4", "ERR 22007 invalid input syntax for type interval: \"3 4\""),
    (Iso8601, -1, ".5", "PT0.5S"),
];
