//! States of aggregates as bytes: fields one after the other, integers little endian, byte strings after
//! their length.

use num_bigint::BigInt;

use crate::error::{SqlError, SqlResult};

/// Collects fields.
#[derive(Debug, Default)]
pub struct Writer(Vec<u8>);

impl Writer {
    /// Eight bytes.
    pub fn integer(mut self, value: i64) -> Self {
        self.0.extend_from_slice(&value.to_le_bytes());
        self
    }

    /// A byte string.
    pub fn bytes(mut self, value: &[u8]) -> Self {
        self.0.extend_from_slice(&(value.len() as u64).to_le_bytes());
        self.0.extend_from_slice(value);
        self
    }

    /// A whole number of any size.
    pub fn big(self, value: &BigInt) -> Self {
        self.bytes(&value.to_signed_bytes_le())
    }

    /// All that was written.
    pub fn finish(self) -> Vec<u8> {
        self.0
    }
}

/// Gives fields back in their order.
#[derive(Debug)]
pub struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    /// Reads a state.
    pub fn new(state: &'a [u8]) -> Self {
        Self(state)
    }

    /// Eight bytes.
    pub fn integer(&mut self) -> SqlResult<i64> {
        let Some((head, rest)) = self.0.split_first_chunk::<8>() else { return Err(damaged()) };
        self.0 = rest;
        Ok(i64::from_le_bytes(*head))
    }

    /// A byte string.
    pub fn bytes(&mut self) -> SqlResult<&'a [u8]> {
        let length = usize::try_from(self.integer()?).map_err(|_| damaged())?;
        if length > self.0.len() {
            return Err(damaged());
        }
        let (head, rest) = self.0.split_at(length);
        self.0 = rest;
        Ok(head)
    }

    /// A whole number of any size.
    pub fn big(&mut self) -> SqlResult<BigInt> {
        Ok(BigInt::from_signed_bytes_le(self.bytes()?))
    }
}

/// The state is not one that the aggregate wrote.
pub fn damaged() -> SqlError {
    SqlError::internal("the state of an aggregate is damaged")
}
