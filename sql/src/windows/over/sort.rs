//! The order of rows by their keys, with PostgreSQL's choice among rows that no key tells apart.
//!
//! SQL leaves that choice open, but `row_number()` and frames of ROWS show it. PostgreSQL's is that of its quicksort
//! (Bentley and McIlroy, "Engineering a Sort Function", with a look first whether all is in order already), over rows in
//! the order in which they were stored: following it step by step gives the same numbers.

use std::cmp::Ordering;

use super::pace::Pace;

/// Fewer rows than these are sorted by insertion.
const FEW: usize = 7;
/// More rows than these take their pivot from nine of them.
const MANY: usize = 40;

/// Sorts rows.
pub(super) async fn sort<T: Copy + Send + Sync>(
    rows: &mut [T],
    pace: &mut Pace,
    compare: impl Fn(T, T) -> Ordering + Send + Sync,
) {
    let mut waiting = vec![(0, rows.len())];
    while let Some((from, to)) = waiting.pop() {
        pace.spend(to - from).await;
        let (left, right) = parted(&mut rows[from..to], &compare);
        // The parts are independent of each other: which goes first makes no difference.
        for (begin, end) in [left, right] {
            if end - begin > 1 {
                waiting.push((from + begin, from + end));
            }
        }
    }
}

/// Puts rows about a pivot, and gives the two parts that are to be sorted still.
fn parted<T: Copy>(rows: &mut [T], compare: &impl Fn(T, T) -> Ordering) -> ((usize, usize), (usize, usize)) {
    const DONE: ((usize, usize), (usize, usize)) = ((0, 0), (0, 0));
    let count = rows.len();
    if count < FEW {
        for next in 1..count {
            let mut at = next;
            while at > 0 && compare(rows[at - 1], rows[at]).is_gt() {
                rows.swap(at, at - 1);
                at -= 1;
            }
        }
        return DONE;
    }
    if rows.windows(2).all(|pair| compare(pair[0], pair[1]).is_le()) {
        return DONE;
    }
    let pivot = pivot(rows, compare);
    rows.swap(0, pivot);
    // Equal rows gather at both ends: `[equal | less | not seen | greater | equal]`.
    let (mut equal_end, mut low) = (1, 1);
    let (mut high, mut equal_begin) = (count - 1, count - 1);
    loop {
        while low <= high {
            match compare(rows[low], rows[0]) {
                Ordering::Greater => break,
                Ordering::Equal => {
                    rows.swap(equal_end, low);
                    equal_end += 1;
                }
                Ordering::Less => {}
            }
            low += 1;
        }
        while low <= high {
            match compare(rows[high], rows[0]) {
                Ordering::Less => break,
                Ordering::Equal => {
                    rows.swap(high, equal_begin);
                    equal_begin -= 1;
                }
                Ordering::Greater => {}
            }
            high -= 1;
        }
        if low > high {
            break;
        }
        rows.swap(low, high);
        low += 1;
        high -= 1;
    }
    let (less, greater) = (low - equal_end, equal_begin - high);
    swap_blocks(rows, 0, low, equal_end.min(less));
    swap_blocks(rows, low, count, greater.min(count - 1 - equal_begin));
    ((0, less), (count - greater, count))
}

/// Swaps the first rows of a range with its last ones.
fn swap_blocks<T>(rows: &mut [T], from: usize, to: usize, count: usize) {
    for index in 0..count {
        rows.swap(from + index, to - count + index);
    }
}

fn pivot<T: Copy>(rows: &[T], compare: &impl Fn(T, T) -> Ordering) -> usize {
    let count = rows.len();
    let middle_of = |a: usize, b: usize, c: usize| {
        let less = |left: usize, right: usize| compare(rows[left], rows[right]).is_lt();
        let greater = |left: usize, right: usize| compare(rows[left], rows[right]).is_gt();
        if less(a, b) {
            if less(b, c) {
                b
            } else if less(a, c) {
                c
            } else {
                a
            }
        } else if greater(b, c) {
            b
        } else if less(a, c) {
            a
        } else {
            c
        }
    };
    let (mut first, mut middle, mut last) = (0, count / 2, count - 1);
    if count <= FEW {
        return middle;
    }
    if count > MANY {
        let step = count / 8;
        first = middle_of(first, first + step, first + 2 * step);
        middle = middle_of(middle - step, middle, middle + step);
        last = middle_of(last - 2 * step, last - step, last);
    }
    middle = middle_of(first, middle, last);
    middle
}
