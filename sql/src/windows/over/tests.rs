//! Frames and the sort beside their definitions; answers of whole queries are in `tests/scripts/values/over.slt`.

use std::ops::Range;
use std::sync::Arc;

use arrow::array::{ArrayRef, Int32Array, Int64Array};
use futures::executor::block_on;
use millstream_catalog::Kind;

use super::call::{Bound, Exclusion, Frame, Units};
use super::frame::{Columns, Partition, Reach, kept};
use super::pace::Pace;
use super::sort;
use crate::types::environment::Zone;

/// Numbers that only look like chance.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

#[test]
fn the_sort_sorts_whatever_the_rows() {
    let mut numbers = Numbers(1);
    for count in (0..70).chain([500, 5000]) {
        for different in [1, 2, 5, 1000] {
            let keys: Vec<u64> = (0..count).map(|_| numbers.below(different)).collect();
            let mut rows: Vec<u32> = (0..count as u32).collect();
            let compare = |left: u32, right: u32| keys[left as usize].cmp(&keys[right as usize]);
            block_on(sort::sort(&mut rows, &mut Pace::default(), compare));
            assert!(rows.windows(2).all(|pair| compare(pair[0], pair[1]).is_le()), "{count} of {different}");
            let mut all = rows.clone();
            all.sort_unstable();
            assert!(all.iter().enumerate().all(|(index, row)| index == *row as usize));
            if different == 1 {
                assert_eq!(rows, all, "rows that are in order stay where they are");
            }
        }
    }
}

#[test]
fn rows_of_equal_keys_come_as_from_postgresqls_sort() {
    // SELECT x - 1 FROM generate_series(1, 20) x ORDER BY x % 3
    let mut rows: Vec<u32> = (0..20).collect();
    let key = |row: u32| (row + 1) % 3;
    block_on(sort::sort(&mut rows, &mut Pace::default(), |left, right| key(left).cmp(&key(right))));
    assert_eq!(rows, [14, 8, 17, 2, 11, 5, 9, 12, 15, 6, 18, 0, 3, 19, 1, 4, 7, 10, 13, 16]);
}

fn frame(units: Units, start: Bound, end: Bound) -> Frame {
    let ranged = units == Units::Range && (start.has_distance() || end.has_distance());
    let range = ranged.then_some((Kind::Int4, Zone::default()));
    Frame { units, start, end, exclusion: Exclusion::NoOthers, range }
}

/// Where a row is from another one, in a frame's units.
fn place(units: Units, values: &[Option<i32>], ascending: bool, row: usize, of: usize) -> Option<i64> {
    let sign = if ascending { 1 } else { -1 };
    match units {
        Units::Rows => Some(row as i64 - of as i64),
        Units::Groups => {
            let groups = |to: usize| (1..=to).filter(|row| values[*row] != values[row - 1]).count() as i64;
            Some(groups(row) - groups(of))
        }
        Units::Range => match (values[row], values[of]) {
            (Some(value), Some(base)) => Some(sign * (i64::from(value) - i64::from(base))),
            (None, None) => Some(0),
            _ => None,
        },
    }
}

#[test]
fn frames_hold_what_their_definition_says() {
    use Bound::{CurrentRow, Following, Preceding, Unbounded};
    let mut numbers = Numbers(2);
    let bounds = [
        (Unbounded, Unbounded),
        (Unbounded, CurrentRow),
        (Unbounded, Preceding),
        (Preceding, CurrentRow),
        (Preceding, Preceding),
        (Preceding, Following),
        (CurrentRow, Following),
        (Following, Following),
        (Following, Unbounded),
        (CurrentRow, Unbounded),
    ];
    for _ in 0..300 {
        let ascending = numbers.below(2) == 0;
        let nulls_first = numbers.below(2) == 0;
        let mut present: Vec<i32> = (0..numbers.below(12)).map(|_| numbers.below(8) as i32).collect();
        present.sort_unstable();
        if !ascending {
            present.reverse();
        }
        let mut values: Vec<Option<i32>> = present.into_iter().map(Some).collect();
        let nulls = vec![None; numbers.below(3) as usize];
        values.splice(if nulls_first { 0..0 } else { values.len()..values.len() }, nulls);
        if values.is_empty() {
            continue;
        }
        let groups: Vec<u32> = (0..values.len() as u32)
            .filter(|row| *row == 0 || values[*row as usize] != values[*row as usize - 1])
            .collect();
        let partition = Partition { start: 0, end: values.len(), groups: &groups };
        let (by, to) = (numbers.below(4) as i64, numbers.below(4) as i64);
        let distance =
            |distance: i64| -> ArrayRef { Arc::new(Int64Array::from(vec![distance; values.len()])) };
        let column: ArrayRef = Arc::new(Int32Array::from(values.clone()));
        let columns = Columns { start: Some(distance(by)), end: Some(distance(to)), value: Some(column) };
        for units in [Units::Rows, Units::Range, Units::Groups] {
            for (start, end) in bounds {
                let reach = Reach::new(&frame(units, start, end), &columns, ascending, nulls_first).unwrap();
                let found = reach.frames(&partition).unwrap();
                for (row, found) in found.iter().enumerate() {
                    let inside = |other: &usize| {
                        let units = match units {
                            // The current row of RANGE is it and its peers.
                            Units::Range if !start.has_distance() && !end.has_distance() => Units::Groups,
                            units => units,
                        };
                        let at = place(units, &values, ascending, *other, row);
                        // What is neither near nor far, NULL beside a value, is within a bound that is none only.
                        let after = match start {
                            Unbounded => true,
                            _ if at.is_none() => *other > row,
                            CurrentRow => at >= Some(0),
                            Preceding => at >= Some(-by),
                            Following => at >= Some(by),
                        };
                        let before = match end {
                            Unbounded => true,
                            _ if at.is_none() => *other < row,
                            CurrentRow => at <= Some(0),
                            Preceding => at <= Some(-to),
                            Following => at <= Some(to),
                        };
                        // NULL is its own peers, whatever the distance.
                        let null = units == Units::Range && values[row].is_none() && values[*other].is_none();
                        null || (after && before)
                    };
                    let wanted: Vec<usize> = (0..values.len()).filter(inside).collect();
                    let found: Vec<usize> = found.clone().collect();
                    assert_eq!(
                        found, wanted,
                        "{values:?} {ascending} row {row} {units:?} {start:?} {by} {end:?} {to}"
                    );
                }
            }
        }
    }
}

#[test]
fn exclusions_leave_out_what_they_name() {
    let rows = |exclusion: Exclusion, frame: Range<usize>, row: usize| -> Vec<usize> {
        kept(&frame, row, &(3..6), exclusion).into_iter().flatten().collect()
    };
    assert_eq!(rows(Exclusion::NoOthers, 1..8, 4), [1, 2, 3, 4, 5, 6, 7]);
    assert_eq!(rows(Exclusion::CurrentRow, 1..8, 4), [1, 2, 3, 5, 6, 7]);
    assert_eq!(rows(Exclusion::Group, 1..8, 4), [1, 2, 6, 7]);
    assert_eq!(rows(Exclusion::Ties, 1..8, 4), [1, 2, 4, 6, 7]);
    // A frame that does not hold the row, or holds some of its peers only.
    assert_eq!(rows(Exclusion::Ties, 0..3, 4), [0, 1, 2]);
    assert_eq!(rows(Exclusion::Ties, 5..8, 4), [6, 7]);
    assert_eq!(rows(Exclusion::CurrentRow, 5..7, 4), [5, 6]);
    assert_eq!(rows(Exclusion::Group, 4..5, 4), Vec::<usize>::new());
}
