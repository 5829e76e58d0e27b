//! Kernels: what an aggregate keeps for each group, and how rows, weights and other groups' states change it.
//!
//! ```text
//!   update(groups, values, weights)        rows of a delta, in log order
//!   state(groups) ─► Arrow columns ─► merge(groups, columns)      slices into windows, checkpoints into flows
//!   evaluate(groups) ─► one Arrow column
//! ```
//!
//! A kernel is type-erased once a batch, never once a row. What it computes does not depend on how rows were cut
//! into batches: integers and decimals are summed exactly in 128 bits, floats in row order where rows come in one
//! order (append-only rows of one stream) and exactly where they do not (see [`exact`]).

mod any;
mod boolean;
mod count;
mod distinct;
mod exact;
mod min_max;
mod multiset;
mod numeric_sum;
mod sum;
mod values;
mod variance;

use arrow::array::ArrayRef;
use arrow::buffer::NullBuffer;
use arrow::datatypes::DataType;
use millstream_sql::SqlError;
use millstream_sql::plan::{Aggregate, AggregateFunction};

use crate::Result;

/// The state of one aggregate for all groups of a table, and its arithmetic.
///
/// # Contract
/// - Groups are dense from 0; [`Kernel::resize`] is called before a new one is named.
/// - `update` with weight -n undoes n updates with the same value; a state may go below nothing in between (a
///   retraction seen before its insertion), and is asked for its value only when it does not.
/// - `merge(g, state(h))` adds all that h ever saw to g; merging into a fresh group copies.
/// - NULLs are left out, except by count(*). A group that saw no value evaluates to NULL, a count to 0.
pub(crate) trait Kernel: Send {
    /// Makes room for groups `0..groups`; new ones have seen nothing.
    fn resize(&mut self, groups: usize);
    /// Adds rows: `groups[i]` saw `values[i]`, `weights[i]` times (once each without weights).
    fn update(&mut self, groups: &[usize], values: Option<&ArrayRef>, weights: Option<&[i64]>) -> Result<()>;
    /// Adds states: `groups[i]` takes over row i of the state columns. A group may be named more than once.
    fn merge(&mut self, groups: &[usize], state: &[ArrayRef]) -> Result<()>;
    /// The states of groups, as many columns for every call, one row a group.
    fn state(&self, groups: &[usize]) -> Result<Vec<ArrayRef>>;
    /// The results of groups, one row a group.
    fn evaluate(&self, groups: &[usize]) -> Result<ArrayRef>;
    /// Keeps these groups only: `groups[i]` becomes group i. None is named twice.
    fn keep(&mut self, groups: &[usize]);
    /// Bytes held, roughly.
    fn bytes(&self) -> usize;
}

/// What is known of the rows that a kernel will see.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mode {
    /// Rows may be taken back.
    pub retractable: bool,
    /// Rows of a group come in the same order however the log is cut, and states are merged in a fixed order.
    pub ordered: bool,
}

/// The kernel of an aggregate whose (only) argument has a type; None for count(*).
pub(crate) fn new_kernel(
    aggregate: &Aggregate,
    argument: Option<&DataType>,
    mode: Mode,
) -> Result<Box<dyn Kernel>> {
    use AggregateFunction as F;
    let output = &aggregate.output_type;
    if let (F::Any, Some(any), Some(argument)) = (aggregate.function, &aggregate.any, argument) {
        return any::new(any, argument, mode);
    }
    let Some(argument) = argument else {
        return match aggregate.function {
            F::Count if !aggregate.distinct => Ok(Box::new(count::Count::new())),
            _ => Err(unsupported(aggregate, "no argument")),
        };
    };
    let matters = !matches!(aggregate.function, F::Min | F::Max | F::BoolAnd | F::BoolOr);
    if aggregate.distinct && matters {
        let plain = Aggregate { distinct: false, ..aggregate.clone() };
        let inner = new_kernel(&plain, Some(argument), Mode { retractable: true, ordered: false })?;
        return distinct::new(argument, inner).ok_or_else(|| unsupported(aggregate, &argument.to_string()));
    }
    let kernel = match aggregate.function {
        F::Count => Some(Box::new(count::Count::new()) as Box<dyn Kernel>),
        F::Sum if *argument == DataType::Binary => Some(numeric_sum::new()),
        F::Sum => sum::new(argument, sum::Finish::sum(output), mode),
        F::Avg => sum::new(argument, sum::Finish::average(argument, output), mode),
        F::Min => min_max::new(argument, output, false, mode),
        F::Max => min_max::new(argument, output, true, mode),
        F::BoolAnd => boolean::new(argument, true),
        F::BoolOr => boolean::new(argument, false),
        F::VarSamp => variance::new(argument, true, false),
        F::VarPop => variance::new(argument, false, false),
        F::StddevSamp => variance::new(argument, true, true),
        F::StddevPop => variance::new(argument, false, true),
        F::Any => None,
    };
    kernel.ok_or_else(|| unsupported(aggregate, &argument.to_string()))
}

fn unsupported(aggregate: &Aggregate, argument: &str) -> crate::Error {
    let message = format!("aggregate {} over {argument} cannot be kept up to date", aggregate.name);
    SqlError::unsupported(message, "cast the argument to a type that the function takes").into()
}

/// Calls `apply(row, group, weight)` for each row that is not NULL, in order.
#[inline(always)]
fn each_valid(
    groups: &[usize],
    nulls: Option<&NullBuffer>,
    weights: Option<&[i64]>,
    mut apply: impl FnMut(usize, usize, i64),
) {
    match (nulls.filter(|nulls| nulls.null_count() > 0), weights) {
        (None, None) => groups.iter().enumerate().for_each(|(row, group)| apply(row, *group, 1)),
        (None, Some(weights)) => {
            groups
                .iter()
                .zip(weights)
                .enumerate()
                .for_each(|(row, (group, weight))| apply(row, *group, *weight));
        }
        (Some(nulls), None) => {
            for (row, group) in groups.iter().enumerate() {
                if nulls.is_valid(row) {
                    apply(row, *group, 1);
                }
            }
        }
        (Some(nulls), Some(weights)) => {
            for (row, (group, weight)) in groups.iter().zip(weights).enumerate() {
                if nulls.is_valid(row) {
                    apply(row, *group, *weight);
                }
            }
        }
    }
}

/// Keeps some of a vector's values, in the order named.
fn pick<T: Default>(values: &mut Vec<T>, groups: &[usize]) {
    *values = groups.iter().map(|group| std::mem::take(&mut values[*group])).collect();
}

/// The argument of a kernel that must have one.
fn argument(values: Option<&ArrayRef>) -> Result<&ArrayRef> {
    values.ok_or_else(|| crate::Error::internal("an aggregate was given no argument"))
}

/// A state or argument column in the type that the kernel made it in.
fn typed<A: 'static>(column: Option<&ArrayRef>) -> Result<&A> {
    column
        .and_then(|column| column.as_any().downcast_ref())
        .ok_or_else(|| crate::Error::internal("a kernel was given a column of another type"))
}
