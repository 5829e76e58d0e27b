//! The arithmetic of windows and slices for one event time.
//!
//! ```text
//!   size 10, slide 4: slices of 2       t = 9 lies in slice [8, 10)
//!   ├─┬─┬─┬─┬─┤          [0, 10)        first end 10
//!       ├─┬─┬─┬─┬─┤      [4, 14)
//!           ├─┬─┬─┬─┬─┤  [8, 18)        last end 18
//! ```
//! All times within a slice are in the same windows.

use millstream_sql::windows::Window;

/// A window definition with its slice width.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Windows {
    /// The definition.
    pub window: Window,
    slice_us: i64,
}

impl Windows {
    /// Size and slide must be positive, the slide no longer than the size.
    pub(crate) fn new(window: Window) -> Option<Self> {
        let valid = window.slide_us > 0 && window.size_us >= window.slide_us;
        valid.then(|| Self { window, slice_us: window.slice_us() })
    }

    /// Whether each time is in one window only.
    pub(crate) fn is_tumble(&self) -> bool {
        self.window.slide_us == self.window.size_us
    }

    /// Start of the slice of a time.
    pub(crate) fn slice_start(&self, time: i64) -> i64 {
        let shifted = time.saturating_sub(self.window.offset_us);
        (shifted - shifted.rem_euclid(self.slice_us)).saturating_add(self.window.offset_us)
    }

    /// End of the slice that starts at a time.
    pub(crate) fn slice_end(&self, start: i64) -> i64 {
        start.saturating_add(self.slice_us)
    }

    /// End of the last window that holds a time.
    pub(crate) fn last_end(&self, time: i64) -> i64 {
        self.window.last_start(time).saturating_add(self.window.size_us)
    }

    /// End of the first window that holds a time.
    pub(crate) fn first_end(&self, time: i64) -> i64 {
        let last = self.window.last_start(time);
        let back = (self.window.size_us - 1).saturating_sub(time.saturating_sub(last)) / self.window.slide_us;
        last.saturating_sub(back.saturating_mul(self.window.slide_us)).saturating_add(self.window.size_us)
    }

    /// The first window end above a bound, counted on from a window end.
    pub(crate) fn first_open_end(&self, first_end: i64, bound: i64) -> i64 {
        if first_end > bound {
            return first_end;
        }
        let steps = (bound.saturating_sub(first_end) / self.window.slide_us).saturating_add(1);
        first_end.saturating_add(steps.saturating_mul(self.window.slide_us))
    }

    /// Number of windows whose ends lie in `[from, to)`, both window ends.
    pub(crate) fn count_between(&self, from: i64, to: i64) -> u64 {
        (to.saturating_sub(from) / self.window.slide_us).max(0) as u64
    }

    /// The window ends from one to another, both included.
    pub(crate) fn ends(&self, from: i64, to: i64) -> impl Iterator<Item = i64> + use<> {
        let slide = self.window.slide_us;
        std::iter::successors(Some(from), move |end| end.checked_add(slide)).take_while(move |end| *end <= to)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slices_and_ends_agree_with_the_definition() {
        for (slide, size, offset) in [(10, 10, 0), (4, 10, 0), (3, 7, 2), (5, 20, -7), (1, 3, 100)] {
            let window =
                Window { slide_us: slide, size_us: size, offset_us: offset, with_window_time: false };
            let windows = Windows::new(window).unwrap();
            for time in -40..40i64 {
                let starts = (-200..200i64).filter(|start| (start - offset).rem_euclid(slide) == 0);
                let ends: Vec<i64> = starts
                    .filter(|start| *start <= time && time < start + size)
                    .map(|start| start + size)
                    .collect();
                let found: Vec<i64> = windows.ends(windows.first_end(time), windows.last_end(time)).collect();
                assert_eq!(found, ends, "{window:?} at {time}");
                let slice = windows.slice_start(time);
                assert!(slice <= time && time < windows.slice_end(slice));
                assert_eq!(windows.first_end(slice), windows.first_end(time), "{window:?} at {time}");
                assert_eq!(windows.last_end(slice), windows.last_end(time), "{window:?} at {time}");
                for bound in time - 30..time + 40 {
                    let open = windows.first_open_end(ends[0], bound);
                    assert!(open > bound && open >= ends[0] && (open - slide <= bound || open == ends[0]));
                    assert_eq!(windows.count_between(ends[0], open), ends_between(ends[0], open, slide));
                }
            }
        }
    }

    fn ends_between(from: i64, to: i64, slide: i64) -> u64 {
        (from..to).step_by(slide as usize).count() as u64
    }
}
