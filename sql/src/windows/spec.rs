//! What the windows of a TUMBLE or HOP are.

use std::fmt;

/// Name of the column with a window's first instant.
pub const WINDOW_START: &str = "window_start";
/// Name of the column with the first instant after a window.
pub const WINDOW_END: &str = "window_end";
/// Name of Flink's column `window_end - 1 ms`.
pub const WINDOW_TIME: &str = "window_time";

/// Microseconds that `window_time` lies before `window_end`.
pub const WINDOW_TIME_BEFORE_END_US: i64 = 1000;

/// The windows of a TUMBLE or HOP: `[start, start + size)` for every start that is a multiple of `slide` after the
/// Unix epoch plus `offset`. TUMBLE has slide = size. All in microseconds; size and slide are positive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Window {
    /// Distance between starts.
    pub slide_us: i64,
    /// Length.
    pub size_us: i64,
    /// Shift of all starts, any sign.
    pub offset_us: i64,
    /// Whether `window_time` (window_end - 1 ms, Flink's) follows as a third column.
    pub with_window_time: bool,
}

impl Window {
    /// Width of a slice: the greatest common divisor of size and slide.
    pub fn slice_us(&self) -> i64 {
        let (mut a, mut b) = (self.size_us, self.slide_us);
        while b != 0 {
            (a, b) = (b, a % b);
        }
        a
    }

    /// Start of the latest window that holds a time, in microseconds since the epoch.
    pub fn last_start(&self, time_us: i64) -> i64 {
        let shifted = time_us.saturating_sub(self.offset_us);
        (shifted - shifted.rem_euclid(self.slide_us)).saturating_add(self.offset_us)
    }

    /// Names of the columns that the window adds, in order.
    pub fn column_names(&self) -> &'static [&'static str] {
        if self.with_window_time {
            &[WINDOW_START, WINDOW_END, WINDOW_TIME]
        } else {
            &[WINDOW_START, WINDOW_END]
        }
    }

    /// `TUMBLE` or `HOP`.
    pub fn function(&self) -> &'static str {
        if self.slide_us == self.size_us { "TUMBLE" } else { "HOP" }
    }
}

/// Prints as `TUMBLE(size=1h)`, `HOP(slide=1h, size=3h, offset=10m)`.
impl fmt::Display for Window {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}(", self.function())?;
        if self.slide_us != self.size_us {
            write!(formatter, "slide={}, ", duration_text(self.slide_us))?;
        }
        write!(formatter, "size={}", duration_text(self.size_us))?;
        if self.offset_us != 0 {
            write!(formatter, ", offset={}", duration_text(self.offset_us))?;
        }
        write!(formatter, ")")
    }
}

/// A span of time as `1h30m`, `4s`, `-10ms`, `0s`.
pub fn duration_text(us: i64) -> String {
    const UNITS: [(i128, &str); 6] = [
        (86_400_000_000, "d"),
        (3_600_000_000, "h"),
        (60_000_000, "m"),
        (1_000_000, "s"),
        (1000, "ms"),
        (1, "us"),
    ];
    let mut rest = i128::from(us).abs();
    let mut text = String::from(if us < 0 { "-" } else { "" });
    for (unit, name) in UNITS {
        if rest >= unit {
            text.push_str(&format!("{}{name}", rest / unit));
            rest %= unit;
        }
    }
    if us == 0 { "0s".to_owned() } else { text }
}
