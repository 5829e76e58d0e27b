//! count, bool_and, bool_or, every, bit_and, bit_or, bit_xor.

use std::sync::Arc;

use arrow::array::{ArrayRef, AsArray, BooleanArray, Int64Array, PrimitiveArray};
use arrow::datatypes::{ArrowPrimitiveType, Int16Type, Int32Type, Int64Type};
use millstream_catalog::Kind;

use super::state::{Reader, Writer};
use crate::error::SqlResult;
use crate::functions::registry::{Accumulator, Argument, Param, Row, aggregate, wrong_array};
use crate::types::environment::Environment;

/// The rows of counts, truth values and bits.
pub fn rows() -> Vec<Row> {
    let count = Param::Of(Kind::Int8);
    let boolean = Param::Of(Kind::Boolean);
    let mut rows = vec![
        aggregate("count", &[], count, |_, _| Box::new(Count(0))).safe(),
        aggregate("count", &[Param::Any], count, |_, _| Box::new(Count(0))).safe(),
    ];
    for (name, all) in [("bool_and", true), ("every", true), ("bool_or", false)] {
        rows.push(
            aggregate(name, &[boolean], boolean, move |_, _| Box::new(Truth { all, value: None })).safe(),
        );
    }
    for (name, fold) in [("bit_and", Fold::And), ("bit_or", Fold::Or), ("bit_xor", Fold::Xor)] {
        rows.push(bits::<Int16Type>(name, Kind::Int2, fold));
        rows.push(bits::<Int32Type>(name, Kind::Int4, fold));
        rows.push(bits::<Int64Type>(name, Kind::Int8, fold));
    }
    rows
}

/// How many rows came.
#[derive(Debug)]
struct Count(i64);

impl Accumulator for Count {
    fn update(&mut self, _arguments: &[Argument], _row: usize) -> SqlResult<()> {
        self.0 += 1;
        Ok(())
    }

    fn update_all(
        &mut self,
        _arguments: &[Argument],
        rows: &mut dyn Iterator<Item = usize>,
    ) -> SqlResult<()> {
        self.0 += rows.count() as i64;
        Ok(())
    }

    fn slide(&mut self) -> bool {
        true
    }

    fn retract(&mut self, _arguments: &[Argument], _row: usize) -> SqlResult<()> {
        self.0 -= 1;
        Ok(())
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        Ok(Writer::default().integer(self.0).finish())
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        self.0 += Reader::new(state).integer()?;
        Ok(())
    }

    fn finish(&self, _environment: &Environment) -> SqlResult<ArrayRef> {
        Ok(Arc::new(Int64Array::from(vec![self.0])))
    }

    fn size(&self) -> usize {
        size_of::<Self>()
    }
}

/// Whether all (or some) values are true; None: no value came.
#[derive(Debug)]
struct Truth {
    all: bool,
    value: Option<bool>,
}

impl Truth {
    fn take(&mut self, value: bool) {
        self.value = Some(match self.value {
            None => value,
            Some(held) if self.all => held && value,
            Some(held) => held || value,
        });
    }
}

impl Accumulator for Truth {
    fn update(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        let argument = &arguments[0];
        let array =
            argument.array.as_boolean_opt().ok_or_else(|| wrong_array("Boolean", argument.array.as_ref()))?;
        self.take(array.value(argument.at(row)));
        Ok(())
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        Ok(Writer::default().integer(self.value.map_or(-1, i64::from)).finish())
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        let value = Reader::new(state).integer()?;
        if value >= 0 {
            self.take(value == 1);
        }
        Ok(())
    }

    fn finish(&self, _environment: &Environment) -> SqlResult<ArrayRef> {
        Ok(Arc::new(BooleanArray::from(vec![self.value])))
    }

    fn size(&self) -> usize {
        size_of::<Self>()
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fold {
    And,
    Or,
    Xor,
}

/// Bits of all values, folded; None: no value came.
#[derive(Debug)]
struct Bits<T> {
    fold: Fold,
    value: Option<i64>,
    of: std::marker::PhantomData<fn(T)>,
}

fn bits<T>(name: &'static str, kind: Kind, fold: Fold) -> Row
where
    T: ArrowPrimitiveType + std::fmt::Debug,
    T::Native: Into<i64> + TryFrom<i64>,
{
    let param = Param::Of(kind);
    aggregate(name, &[param], param, move |_, _| {
        Box::new(Bits::<T> { fold, value: None, of: std::marker::PhantomData })
    })
    .safe()
}

impl<T> Bits<T> {
    fn take(&mut self, value: i64) {
        self.value = Some(match (self.value, self.fold) {
            (None, _) => value,
            (Some(held), Fold::And) => held & value,
            (Some(held), Fold::Or) => held | value,
            (Some(held), Fold::Xor) => held ^ value,
        });
    }
}

impl<T> Accumulator for Bits<T>
where
    T: ArrowPrimitiveType + std::fmt::Debug,
    T::Native: Into<i64> + TryFrom<i64>,
{
    fn update(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        let argument = &arguments[0];
        let array = argument
            .array
            .as_primitive_opt::<T>()
            .ok_or_else(|| wrong_array(std::any::type_name::<T>(), argument.array.as_ref()))?;
        self.take(array.value(argument.at(row)).into());
        Ok(())
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        Ok(match self.value {
            Some(value) => Writer::default().integer(value).finish(),
            None => vec![],
        })
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        if !state.is_empty() {
            self.take(Reader::new(state).integer()?);
        }
        Ok(())
    }

    fn finish(&self, _environment: &Environment) -> SqlResult<ArrayRef> {
        let value = self.value.and_then(|value| T::Native::try_from(value).ok());
        Ok(Arc::new(PrimitiveArray::<T>::from_iter([value])))
    }

    fn size(&self) -> usize {
        size_of::<Self>()
    }
}
