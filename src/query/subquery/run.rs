//! A subquery as a function that runs: planned at its first row, then run once for each combination of what it takes
//! from outside. Answers are kept for combinations that come again, up to [`KEPT_BYTES`]; what is kept and what is
//! being collected counts against the memory of all queries. A statement that is cancelled stops the subquery too.

use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use arrow::array::{Array, ArrayRef, ListArray, RecordBatch, new_empty_array};
use arrow::buffer::OffsetBuffer;
use arrow::datatypes::DataType;
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::memory_pool::{MemoryConsumer, MemoryReservation};
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::{
    ColumnarValue, LogicalPlan, LogicalPlanBuilder, ScalarFunctionArgs, ScalarUDFImpl, Signature,
};
use datafusion::physical_plan::execution_plan::reset_plan_states;
use datafusion::physical_plan::{ExecutionPlan, execute_stream};
use datafusion::scalar::ScalarValue;
use futures::StreamExt;
use millstream_sql::{SqlError, SqlState};
use parking_lot::Mutex;

use super::compare::Rows;
use super::{Apart, Kind, Slots, any_arguments};
use crate::query::interrupt::{Stop, interruptible};

/// Answers that are kept for combinations that come again, in memory.
const KEPT_BYTES: usize = 16 << 20;

/// How often a subquery that gives nothing looks whether it is still wanted.
const LOOK_EVERY: Duration = Duration::from_millis(50);

/// A subquery as a function of what it compares and of what it takes from outside.
pub(super) struct Subquery {
    kind: Kind,
    /// How many of the arguments are what it compares.
    left: usize,
    plan: LogicalPlan,
    returns: DataType,
    slots: Slots,
    signature: Signature,
    state: SessionState,
    stop: Stop,
    /// Locked while it runs, since there is one set of outer values.
    running: Mutex<Running>,
}

struct Running {
    /// The physical plan, made at the first row.
    plan: Option<Arc<dyn ExecutionPlan>>,
    known: HashMap<Vec<ScalarValue>, Found>,
    kept: MemoryReservation,
}

/// What a subquery gave.
#[derive(Clone)]
enum Found {
    Value(ScalarValue),
    /// Rows to compare with.
    Rows(Arc<Rows>),
}

impl Subquery {
    pub fn new(
        apart: &Apart,
        plan: LogicalPlan,
        slots: Slots,
        starting: &SessionState,
        stop: &Stop,
    ) -> Result<Self> {
        let state = one_partition(starting.clone());
        let plan = millstream_sql::analyze::plan(plan, state.config_options())?;
        let plan = match apart.kind {
            Kind::Value => LogicalPlanBuilder::from(plan).limit(0, Some(2))?.build()?,
            Kind::Exists => LogicalPlanBuilder::from(plan).limit(0, Some(1))?.build()?,
            Kind::List | Kind::Any(..) | Kind::All(..) => plan,
        };
        let kept = MemoryConsumer::new("subquery").register(&state.runtime_env().memory_pool);
        Ok(Self {
            kind: apart.kind,
            left: apart.left,
            plan,
            returns: apart.returns.clone(),
            slots,
            signature: any_arguments(),
            state,
            stop: stop.clone(),
            running: Mutex::new(Running { plan: None, known: HashMap::new(), kept }),
        })
    }

    /// What it gives for one combination of outer values.
    fn found(&self, outer: Vec<ScalarValue>) -> Result<Found> {
        tokio::task::block_in_place(|| {
            let mut running = self.running.lock();
            if let Some(found) = running.known.get(&outer) {
                return Ok(found.clone());
            }
            *self.slots.lock() = outer.clone();
            let batches = tokio::runtime::Handle::current().block_on(self.batches(&mut running.plan))?;
            let found = self.made_of(&batches)?;
            let bytes = outer.iter().map(ScalarValue::size).sum::<usize>() + found.bytes();
            if running.kept.size() + bytes > KEPT_BYTES {
                running.known.clear();
                running.kept.free();
            }
            running.kept.try_grow(bytes)?;
            running.known.insert(outer, found.clone());
            Ok(found)
        })
    }

    async fn batches(&self, planned: &mut Option<Arc<dyn ExecutionPlan>>) -> Result<Vec<RecordBatch>> {
        self.stop.check()?;
        let plan = match planned {
            Some(plan) => Arc::clone(plan),
            None => {
                let plan = self.state.create_physical_plan(&self.plan).await?;
                Arc::clone(planned.insert(interruptible(plan, &self.stop)?))
            }
        };
        let collected = MemoryConsumer::new("subquery").register(&self.state.runtime_env().memory_pool);
        let mut rows = execute_stream(reset_plan_states(plan)?, self.state.task_ctx())?;
        let mut batches = vec![];
        loop {
            match tokio::time::timeout(LOOK_EVERY, rows.next()).await {
                Ok(None) => return Ok(batches),
                Ok(Some(batch)) => {
                    let batch = batch?;
                    collected.try_grow(batch.get_array_memory_size())?;
                    batches.push(batch);
                }
                Err(_) => {}
            }
            self.stop.check()?;
        }
    }

    fn made_of(&self, batches: &[RecordBatch]) -> Result<Found> {
        let count: usize = batches.iter().map(RecordBatch::num_rows).sum();
        Ok(Found::Value(match self.kind {
            Kind::Any(_, fields) | Kind::All(_, fields) => {
                return Ok(Found::Rows(Arc::new(Rows::new(batches, fields)?)));
            }
            Kind::Exists => ScalarValue::Boolean(Some(count > 0)),
            Kind::List => ScalarValue::List(Arc::new(list(batches, &self.returns)?)),
            Kind::Value => match (count, batches.iter().find(|batch| batch.num_rows() > 0)) {
                (0, _) | (_, None) => ScalarValue::try_from(&self.returns)?,
                (1, Some(batch)) => ScalarValue::try_from_array(batch.column(0), 0)?,
                (_, Some(_)) => {
                    let message = "more than one row returned by a subquery used as an expression";
                    let error = SqlError::new(SqlState::CardinalityViolation, message);
                    return Err(DataFusionError::External(Box::new(error)));
                }
            },
        }))
    }

    fn answer(&self, arguments: &[ColumnarValue], row: usize) -> Result<ScalarValue> {
        let values = arguments
            .iter()
            .map(|argument| match argument {
                ColumnarValue::Scalar(value) => Ok(value.clone()),
                ColumnarValue::Array(array) => ScalarValue::try_from_array(array, row),
            })
            .collect::<Result<Vec<_>>>()?;
        let (left, outer) = values.split_at(self.left);
        let rows = match self.found(outer.to_vec())? {
            Found::Value(value) => return Ok(value),
            Found::Rows(rows) => rows,
        };
        let (sign, all, fields) = match self.kind {
            Kind::Any(sign, fields) => (sign, false, fields),
            Kind::All(sign, fields) => (sign, true, fields),
            Kind::Value | Kind::Exists | Kind::List => {
                return datafusion::common::internal_err!("rows of a subquery that compares nothing");
            }
        };
        let [left] = left else {
            return datafusion::common::internal_err!("a subquery compares one value");
        };
        Ok(ScalarValue::Boolean(rows.compare(left, sign, all, fields)?))
    }
}

impl Found {
    fn bytes(&self) -> usize {
        match self {
            Self::Value(value) => value.size(),
            Self::Rows(rows) => rows.bytes(),
        }
    }
}

/// The rows of one column as one list of a type.
fn list(batches: &[RecordBatch], returns: &DataType) -> Result<ListArray> {
    let DataType::List(field) = returns else {
        return datafusion::common::internal_err!("a subquery's rows are a list, not {returns}");
    };
    let columns: Vec<&dyn Array> = batches.iter().map(|batch| batch.column(0).as_ref()).collect();
    let values: ArrayRef = match columns.is_empty() {
        true => new_empty_array(field.data_type()),
        false => arrow::compute::concat(&columns)?,
    };
    let values = match values.data_type() == field.data_type() {
        true => values,
        false => arrow::compute::cast(&values, field.data_type())?,
    };
    Ok(ListArray::try_new(Arc::clone(field), OffsetBuffer::from_lengths([values.len()]), values, None)?)
}

/// A state that plans for one thread and for plans that are run again and again.
fn one_partition(mut state: SessionState) -> SessionState {
    let options = state.config_mut().options_mut();
    options.execution.target_partitions = 1;
    options.optimizer.enable_dynamic_filter_pushdown = false;
    state
}

impl ScalarUDFImpl for Subquery {
    fn name(&self) -> &str {
        "subquery"
    }

    fn signature(&self) -> &Signature {
        &self.signature
    }

    fn return_type(&self, _arguments: &[DataType]) -> Result<DataType> {
        Ok(self.returns.clone())
    }

    fn invoke_with_args(&self, args: ScalarFunctionArgs) -> Result<ColumnarValue> {
        if args.number_rows == 0 {
            return Ok(ColumnarValue::Array(new_empty_array(&self.returns)));
        }
        let constant = args.args.iter().all(|argument| matches!(argument, ColumnarValue::Scalar(_)));
        if constant {
            return Ok(ColumnarValue::Scalar(self.answer(&args.args, 0)?));
        }
        let answers = (0..args.number_rows).map(|row| self.answer(&args.args, row));
        Ok(ColumnarValue::Array(ScalarValue::iter_to_array(answers.collect::<Result<Vec<_>>>()?)?))
    }
}

// Two subqueries are the same function only if they share their outer values.
impl PartialEq for Subquery {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.slots, &other.slots)
    }
}

impl Eq for Subquery {}

impl Hash for Subquery {
    fn hash<H: Hasher>(&self, state: &mut H) {
        Arc::as_ptr(&self.slots).hash(state);
    }
}

impl std::fmt::Debug for Subquery {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{:?} of {}", self.kind, self.plan.display())
    }
}
