//! `random()` and `setseed(seed)`: PostgreSQL 15's generator (xoroshiro128**), so that a seed gives
//! PostgreSQL's numbers. The state is the thread's; it starts from entropy that the standard library's hash
//! maps have.

use std::cell::Cell;
use std::hash::{BuildHasher, Hasher};
use std::sync::Arc;

use arrow::array::Float64Array;
use millstream_catalog::Kind;

use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::registry::{Param, Row, whole};
use crate::strict;
use crate::types::float::print_float8;

/// The rows of random numbers.
pub fn rows() -> Vec<Row> {
    let random = whole("random", &[], Param::Of(Kind::Float8), |call| {
        Ok(Arc::new(Float64Array::from_iter_values((0..call.rows).map(|_| random()))))
    });
    vec![
        Row { strict: true, ..random }.safe().volatile(),
        strict!("setseed", (seed: Float8) -> Void => set_seed(seed).map(|()| String::new())).volatile(),
    ]
}

/// A generator of random numbers.
#[derive(Debug, Clone, Copy)]
pub struct Generator {
    low: u64,
    high: u64,
}

impl Generator {
    /// From a seed of 64 bits.
    pub fn new(seed: u64) -> Self {
        let mut state = seed;
        let low = split_mix(&mut state);
        let high = split_mix(&mut state);
        Self { low, high }
    }

    /// From a seed of -1 to 1.
    pub fn from_fraction(seed: f64) -> Self {
        Self::new((((1i64 << 52) - 1) as f64 * seed) as i64 as u64)
    }

    /// The next 64 bits.
    pub fn next_bits(&mut self) -> u64 {
        let low = self.low;
        let mixed = self.high ^ low;
        let answer = low.wrapping_mul(5).rotate_left(7).wrapping_mul(9);
        self.low = low.rotate_left(24) ^ mixed ^ (mixed << 16);
        self.high = mixed.rotate_left(37);
        answer
    }

    /// The next number from 0 up to 1, 52 bits of it.
    pub fn next_fraction(&mut self) -> f64 {
        (self.next_bits() >> 12) as f64 / (1u64 << 52) as f64
    }
}

fn split_mix(state: &mut u64) -> u64 {
    *state = state.wrapping_add(0x9E37_79B9_7F4A_7C15);
    let mut value = *state;
    value = (value ^ (value >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    value = (value ^ (value >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    value ^ (value >> 31)
}

thread_local! {
    static STATE: Cell<Generator> = Cell::new(Generator::new(
        std::collections::hash_map::RandomState::new().build_hasher().finish(),
    ));
}

/// The thread's next random number from 0 up to 1.
pub fn random() -> f64 {
    STATE.with(|state| {
        let mut generator = state.get();
        let answer = generator.next_fraction();
        state.set(generator);
        answer
    })
}

/// Seeds the thread's generator. 22023 beyond -1 to 1.
pub fn set_seed(seed: f64) -> SqlResult<()> {
    if !(-1.0..=1.0).contains(&seed) {
        let seed = print_float8(seed, Some(-9));
        let message = format!("setseed parameter {seed} is out of allowed range [-1,1]");
        return Err(SqlError::new(SqlState::InvalidParameterValue, message));
    }
    STATE.with(|state| state.set(Generator::from_fraction(seed)));
    Ok(())
}
