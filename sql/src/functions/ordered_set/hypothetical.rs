//! `rank`, `dense_rank`, `percent_rank` and `cume_dist` WITHIN GROUP: the place that a row of the direct arguments would
//! have among the rows of the group.
//!
//! The arguments are the direct ones and then as many keys; rows come in the order of the keys.

use std::cmp::Ordering;
use std::sync::Arc;

use arrow::array::{ArrayRef, Float64Array, Int64Array};
use millstream_catalog::{Kind, SqlType};

use crate::error::{SqlError, SqlResult};
use crate::functions::aggregates::state::{Reader, Writer};
use crate::functions::registry::{Accumulator, Argument, MakeAccumulator};
use crate::types::compare::Comparator;
use crate::types::environment::Environment;

/// A hypothetical-set aggregate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Hypothetical {
    /// One more than the rows before it.
    Rank,
    /// One more than the different rows before it.
    DenseRank,
    /// The part of the rows that are before it.
    PercentRank,
    /// The part of the rows, itself among them, that are not after it.
    CumeDist,
}

/// How a key is ordered: ascending, and NULL first.
pub type Key = (bool, bool);

impl Hypothetical {
    /// By its name.
    pub fn by_name(name: &str) -> Option<Self> {
        Some(match name {
            "rank" => Self::Rank,
            "dense_rank" => Self::DenseRank,
            "percent_rank" => Self::PercentRank,
            "cume_dist" => Self::CumeDist,
            _ => return None,
        })
    }

    /// The type of its answer.
    pub fn returns(self) -> Kind {
        match self {
            Self::Rank | Self::DenseRank => Kind::Int8,
            Self::PercentRank | Self::CumeDist => Kind::Float8,
        }
    }

    /// What makes its state, for keys that are ordered so.
    pub fn make(self, keys: Vec<Key>) -> MakeAccumulator {
        Arc::new(move |arguments: &[SqlType], _: &SqlType| {
            let types = arguments.iter().skip(keys.len()).cloned();
            let keys = types.zip(keys.iter().copied()).collect();
            Box::new(Place { what: self, keys, rows: 0, before: 0, groups_before: 0, equal: 0 })
        })
    }
}

#[derive(Debug)]
struct Place {
    what: Hypothetical,
    keys: Vec<(SqlType, Key)>,
    rows: i64,
    /// Rows before the hypothetical one, and how many different ones they are.
    before: i64,
    groups_before: i64,
    equal: i64,
}

/// Compares rows by keys; NULL has a place of its own.
struct Keys(Vec<(Comparator, Key)>);

impl Keys {
    fn compare(&self, left: usize, right: usize) -> Ordering {
        let one = |(comparator, (ascending, nulls_first)): &(Comparator, Key)| {
            let order = match (comparator.left_null(left), comparator.right_null(right)) {
                (true, true) => Ordering::Equal,
                (true, false) if *nulls_first => Ordering::Less,
                (true, false) => Ordering::Greater,
                (false, true) if *nulls_first => Ordering::Greater,
                (false, true) => Ordering::Less,
                (false, false) if *ascending => comparator.compare(left, right),
                (false, false) => comparator.compare(left, right).reverse(),
            };
            order.is_ne().then_some(order)
        };
        self.0.iter().find_map(one).unwrap_or(Ordering::Equal)
    }
}

impl Accumulator for Place {
    fn update(&mut self, arguments: &[Argument], row: usize) -> SqlResult<()> {
        self.update_all(arguments, &mut std::iter::once(row))
    }

    fn update_all(&mut self, arguments: &[Argument], rows: &mut dyn Iterator<Item = usize>) -> SqlResult<()> {
        let (direct, ordered) = arguments.split_at(self.keys.len().min(arguments.len()));
        let keys = |left: &[Argument]| {
            let pairs = left.iter().zip(ordered).zip(&self.keys);
            let comparator = |((left, right), (sql_type, key)): ((&Argument, &Argument), &(SqlType, Key))| {
                Ok((Comparator::new(sql_type, &left.array, &right.array)?, *key))
            };
            pairs.map(comparator).collect::<SqlResult<Vec<_>>>().map(Keys)
        };
        let (hypothetical, among) = (keys(direct)?, keys(ordered)?);
        let mut last = None;
        for row in rows {
            self.rows += 1;
            match hypothetical.compare(row, row) {
                Ordering::Greater => {
                    self.before += 1;
                    let same = last.is_some_and(|last| among.compare(last, row).is_eq());
                    self.groups_before += i64::from(!same);
                }
                Ordering::Equal => self.equal += 1,
                Ordering::Less => {}
            }
            last = Some(row);
        }
        Ok(())
    }

    fn state(&self) -> SqlResult<Vec<u8>> {
        let writer = Writer::default().integer(self.rows).integer(self.before);
        Ok(writer.integer(self.groups_before).integer(self.equal).finish())
    }

    fn merge(&mut self, state: &[u8]) -> SqlResult<()> {
        let mut reader = Reader::new(state);
        let rows = reader.integer()?;
        // Whether the first row of a part is another than the last of the part before it is not in a state.
        if self.what == Hypothetical::DenseRank && self.rows > 0 && rows > 0 {
            return Err(SqlError::internal("dense_rank over rows in parts"));
        }
        self.rows += rows;
        self.before += reader.integer()?;
        self.groups_before += reader.integer()?;
        self.equal += reader.integer()?;
        Ok(())
    }

    fn finish(&self, _environment: &Environment) -> SqlResult<ArrayRef> {
        let whole = |value: i64| -> ArrayRef { Arc::new(Int64Array::from(vec![value])) };
        let part = |value: f64| -> ArrayRef { Arc::new(Float64Array::from(vec![value])) };
        Ok(match self.what {
            Hypothetical::Rank => whole(self.before + 1),
            Hypothetical::DenseRank => whole(self.groups_before + 1),
            Hypothetical::PercentRank if self.rows == 0 => part(0.0),
            Hypothetical::PercentRank => part(self.before as f64 / self.rows as f64),
            Hypothetical::CumeDist => part((self.before + self.equal + 1) as f64 / (self.rows + 1) as f64),
        })
    }

    fn size(&self) -> usize {
        size_of::<Self>()
    }
}
