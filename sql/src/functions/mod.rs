//! The functions that queries may call: DataFusion's, with those replaced that could wrap a number or fill the
//! memory, and ours.

pub mod adapt;
pub mod aggregate;
pub mod aggregates;
pub(crate) mod arguments;
pub mod array;
mod capped;
pub(crate) mod casts;
pub mod catalog;
#[cfg(test)]
mod completeness;
pub mod datetime;
pub(crate) mod decimals;
pub mod flink;
pub mod format;
pub mod generic;
pub mod json;
pub mod marker;
pub mod math;
pub mod ordered_set;
pub(crate) mod packed;
#[cfg(test)]
pub(crate) mod recorded;
pub mod regexp;
pub mod registry;
pub mod scalar;
pub mod text;
#[cfg(test)]
mod values;

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, LazyLock};

use datafusion::catalog::TableFunctionImpl;
use datafusion::common::config::ConfigOptions;
use datafusion::error::DataFusionError;
use datafusion::execution::SessionStateDefaults;
use datafusion::logical_expr::{AggregateUDF, HigherOrderUDF, ScalarUDF, WindowUDF};

pub use capped::{MAX_BATCH_BYTES, MAX_VALUE_BYTES};

use crate::error::SqlError;

/// All rows of the registry, by name.
#[derive(Debug)]
pub struct Registry {
    rows: HashMap<&'static str, Vec<Arc<registry::Row>>>,
}

impl Registry {
    /// The rows of a name, in the order in which they are written.
    pub fn rows(&self, name: &str) -> &[Arc<registry::Row>] {
        self.rows.get(name).map_or(&[], Vec::as_slice)
    }

    /// All rows.
    pub fn iter(&self) -> impl Iterator<Item = &Arc<registry::Row>> {
        self.rows.values().flatten()
    }
}

/// The registry: built once.
pub fn all() -> &'static Registry {
    static ALL: LazyLock<Registry> = LazyLock::new(|| {
        let rows = [
            math::rows(),
            aggregates::rows(),
            array::rows(),
            catalog::rows(),
            datetime::rows(),
            flink::rows(),
            format::rows(),
            generic::rows(),
            json::rows(),
            ordered_set::rows(),
            regexp::rows(),
            text::rows(),
        ];
        let mut by_name: HashMap<&'static str, Vec<Arc<registry::Row>>> = HashMap::new();
        for row in rows.into_iter().flatten() {
            by_name.entry(row.name).or_default().push(Arc::new(row));
        }
        Registry { rows: by_name }
    });
    &ALL
}

/// The settings that plans are made with: Postgres's text type, UTC, decimal literals, positions kept.
pub fn configuration() -> ConfigOptions {
    let mut options = ConfigOptions::new();
    options.sql_parser.map_string_types_to_utf8view = false;
    options.sql_parser.parse_float_as_decimal = true;
    options.sql_parser.collect_spans = true;
    options.execution.time_zone = Some(crate::types::UTC.to_owned());
    options
}

/// An error of ours on its way through DataFusion; [`crate::error::from_datafusion`] takes it out again.
pub(crate) fn wrapped(error: SqlError) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

/// The functions that a binder knows, by name. Built once, shared by all sessions.
#[derive(Clone)]
pub struct FunctionSet {
    pub(crate) scalars: HashMap<String, Arc<ScalarUDF>>,
    pub(crate) higher_order: HashMap<String, Arc<HigherOrderUDF>>,
    pub(crate) aggregates: HashMap<String, Arc<AggregateUDF>>,
    pub(crate) windows: HashMap<String, Arc<WindowUDF>>,
    pub(crate) tables: HashMap<String, Arc<dyn TableFunctionImpl>>,
}

impl Default for FunctionSet {
    fn default() -> Self {
        Self::new()
    }
}

impl FunctionSet {
    /// DataFusion's default functions, made safe.
    pub fn new() -> Self {
        let mut set = Self {
            scalars: HashMap::new(),
            higher_order: HashMap::new(),
            aggregates: HashMap::new(),
            windows: HashMap::new(),
            tables: HashMap::new(),
        };
        let config = configuration();
        for function in SessionStateDefaults::default_scalar_functions() {
            // now() and its kin take their zone from the settings.
            let function = function.inner().with_updated_config(&config).map_or(function, Arc::new);
            set.register(capped::cap(function));
        }
        for function in SessionStateDefaults::default_higher_order_functions() {
            for name in function.aliases() {
                set.higher_order.insert(name.clone(), Arc::clone(&function));
            }
            set.higher_order.insert(function.name().to_owned(), function);
        }
        for function in SessionStateDefaults::default_aggregate_functions() {
            set.register_aggregate(function);
        }
        for function in SessionStateDefaults::default_window_functions() {
            for name in function.aliases() {
                set.windows.insert(name.clone(), Arc::clone(&function));
            }
            set.windows.insert(function.name().to_owned(), function);
        }
        for function in SessionStateDefaults::default_table_functions() {
            set.register_table(function.name(), Arc::clone(function.function()));
        }
        set.alias("bool_and", "every");
        set.alias("stddev", "stddev_samp");
        set.alias("var", "var_samp");
        set.alias("var_sample", "variance");
        set
    }

    /// Adds a scalar function, under its name and aliases, over one of the same name.
    pub fn register(&mut self, function: Arc<ScalarUDF>) {
        for name in function.aliases() {
            self.scalars.insert(name.clone(), Arc::clone(&function));
        }
        self.scalars.insert(function.name().to_owned(), function);
    }

    /// Adds an aggregate function.
    pub fn register_aggregate(&mut self, function: Arc<AggregateUDF>) {
        for name in function.aliases() {
            self.aggregates.insert(name.clone(), Arc::clone(&function));
        }
        self.aggregates.insert(function.name().to_owned(), function);
    }

    /// Adds a table function whose arguments are constants.
    pub fn register_table(&mut self, name: &str, function: Arc<dyn TableFunctionImpl>) {
        self.tables.insert(name.to_owned(), function);
    }

    /// All scalar functions, each once for every name that it has.
    pub fn scalars(&self) -> impl Iterator<Item = (&str, &Arc<ScalarUDF>)> {
        self.scalars.iter().map(|(name, function)| (name.as_str(), function))
    }

    /// All aggregate functions, each once for every name that it has.
    pub fn aggregates(&self) -> impl Iterator<Item = (&str, &Arc<AggregateUDF>)> {
        self.aggregates.iter().map(|(name, function)| (name.as_str(), function))
    }

    /// A scalar function that is none of the registry.
    pub fn scalar(&self, name: &str) -> Option<&Arc<ScalarUDF>> {
        self.scalars.get(name)
    }

    /// An aggregate that is none of the registry.
    pub fn aggregate(&self, name: &str) -> Option<&Arc<AggregateUDF>> {
        self.aggregates.get(name)
    }

    /// A window function.
    pub fn window(&self, name: &str) -> Option<&Arc<WindowUDF>> {
        self.windows.get(name)
    }

    /// Whether anything can be called by that name.
    pub fn contains(&self, name: &str) -> bool {
        self.scalars.contains_key(name)
            || self.aggregates.contains_key(name)
            || self.windows.contains_key(name)
            || self.tables.contains_key(name)
            || self.higher_order.contains_key(name)
    }

    /// Postgres's name for an aggregate that DataFusion has under another.
    fn alias(&mut self, name: &str, alias: &str) {
        if let Some(function) = self.aggregates.get(name).cloned() {
            self.aggregates.entry(alias.to_owned()).or_insert(function);
        }
    }
}

impl fmt::Debug for FunctionSet {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "FunctionSet({} scalar, {} aggregate)", self.scalars.len(), self.aggregates.len())
    }
}
