//! The arguments of one row, read as whatever the function wants.

use datafusion::common::ScalarValue;

/// The values of the arguments of one row.
pub struct Arguments(pub Vec<ScalarValue>);

impl Arguments {
    /// Whether an argument is NULL; also where there is none.
    pub fn is_null(&self, index: usize) -> bool {
        self.0.get(index).is_none_or(ScalarValue::is_null)
    }

    /// An argument as text: as it is, or as it would print.
    pub fn text(&self, index: usize) -> Option<String> {
        let value = self.0.get(index).filter(|value| !value.is_null())?;
        Some(match value {
            ScalarValue::Utf8(Some(text))
            | ScalarValue::LargeUtf8(Some(text))
            | ScalarValue::Utf8View(Some(text)) => text.clone(),
            ScalarValue::Boolean(Some(value)) => if *value { "t" } else { "f" }.to_owned(),
            other => other.to_string(),
        })
    }

    /// An argument as an integer: a number, or text that is one.
    pub fn integer(&self, index: usize) -> Option<i64> {
        match self.0.get(index)? {
            ScalarValue::Int8(value) => value.map(i64::from),
            ScalarValue::Int16(value) => value.map(i64::from),
            ScalarValue::Int32(value) => value.map(i64::from),
            ScalarValue::Int64(value) => *value,
            ScalarValue::UInt8(value) => value.map(i64::from),
            ScalarValue::UInt16(value) => value.map(i64::from),
            ScalarValue::UInt32(value) => value.map(i64::from),
            ScalarValue::UInt64(value) => value.and_then(|value| i64::try_from(value).ok()),
            ScalarValue::Float64(value) => value.map(|value| value as i64),
            ScalarValue::Decimal128(Some(value), _, scale) => {
                i64::try_from(value / 10i128.checked_pow(u32::try_from(*scale).ok()?)?).ok()
            }
            _ => self.text(index)?.trim().parse().ok(),
        }
    }

    /// An argument as an oid.
    pub fn oid(&self, index: usize) -> Option<u32> {
        u32::try_from(self.integer(index)?).ok()
    }

    /// An argument as a truth value.
    pub fn boolean(&self, index: usize) -> Option<bool> {
        match self.0.get(index)? {
            ScalarValue::Boolean(value) => *value,
            _ => self
                .text(index)
                .map(|text| matches!(text.to_lowercase().as_str(), "t" | "true" | "on" | "1" | "yes")),
        }
    }
}
