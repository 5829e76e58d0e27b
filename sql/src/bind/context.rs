//! What DataFusion's SQL planner asks for: relations by name, functions by name, types.

use std::borrow::Cow;
use std::sync::{Arc, LazyLock};

use arrow::datatypes::{DataType, FieldRef, SchemaRef};
use datafusion::catalog::TableFunctionArgs;
use datafusion::common::config::ConfigOptions;
use datafusion::common::datatype::DataTypeExt;
use datafusion::common::{DFSchema, TableReference};
use datafusion::datasource::cte_worktable::CteWorkTable;
use datafusion::datasource::provider_as_source;
use datafusion::error::Result;
use datafusion::execution::{SessionState, SessionStateBuilder};
use datafusion::logical_expr::planner::{ContextProvider, ExprPlanner, RelationPlanner, TypePlanner};
use datafusion::logical_expr::{
    AggregateUDF, Expr, HigherOrderUDF, LogicalPlan, ScalarUDF, TableSource, WindowUDF,
};
use datafusion::sql::sqlparser::ast;
use millstream_catalog::{Definition, fold_name};

use super::window_function::WindowFunctions;
use super::{AsOf, Binder, Found, RelationSource, as_of, refuse_sink};
use crate::analyze;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::{MARK, mark, wrapped};
use crate::types::arrow_type;

/// Table functions ask for a session; those that are built in take nothing from it.
static SESSION: LazyLock<SessionState> = LazyLock::new(|| SessionStateBuilder::new().build());

pub(super) struct Context<'b, 'a> {
    binder: &'b Binder<'a>,
    /// Streams show their hidden columns.
    hidden: bool,
    relation_planners: Vec<Arc<dyn RelationPlanner>>,
}

impl<'b, 'a> Context<'b, 'a> {
    pub(super) fn new(binder: &'b Binder<'a>, hidden: bool) -> Self {
        Self { binder, hidden, relation_planners: vec![Arc::new(WindowFunctions)] }
    }
}

impl ContextProvider for Context<'_, '_> {
    fn get_table_source(&self, name: TableReference) -> Result<Arc<dyn TableSource>> {
        let (table, as_of) = as_of::split_name(name.table()).map_err(wrapped)?;
        let missing = || {
            let message = format!("relation \"{}\" does not exist", name.to_string().replace('"', ""));
            wrapped(SqlError::new(SqlState::UndefinedTable, message))
        };
        let object = match self.binder.find(name.schema(), table).ok_or_else(missing)? {
            Found::System(source) => return Ok(source),
            Found::Object(object) => object,
        };
        refuse_sink(&object).map_err(wrapped)?;
        match &object.definition {
            Definition::View(view) => {
                let plan = self.binder.view(&view.query, as_of.as_ref()).map_err(wrapped)?;
                Ok(Arc::new(ViewSource::new(plan, &view.columns)?))
            }
            definition => {
                let hidden = self.hidden && matches!(definition, Definition::Stream(_));
                let source = self.binder.relations.source(&object, hidden).map_err(wrapped)?;
                read_at(source, as_of).map_err(wrapped)
            }
        }
    }

    fn get_table_function_source(&self, name: &str, args: Vec<Expr>) -> Result<Arc<dyn TableSource>> {
        let Some(function) = self.binder.functions.tables.get(&fold_name(name)) else {
            let message = format!("function {name} does not exist");
            return Err(wrapped(SqlError::new(SqlState::UndefinedFunction, message)));
        };
        let schema = DFSchema::empty();
        let constants =
            args.into_iter().map(|arg| analyze::constant(arg, &schema)).collect::<Result<Vec<_>>>()?;
        let provider = function.call_with_args(TableFunctionArgs::new(&constants, &*SESSION))?;
        Ok(provider_as_source(provider))
    }

    fn create_cte_work_table(&self, name: &str, schema: SchemaRef) -> Result<Arc<dyn TableSource>> {
        Ok(provider_as_source(Arc::new(CteWorkTable::new(name, schema))))
    }

    fn get_expr_planners(&self) -> &[Arc<dyn ExprPlanner>] {
        &self.binder.functions.expr_planners
    }

    fn get_relation_planners(&self) -> &[Arc<dyn RelationPlanner>] {
        &self.relation_planners
    }

    fn get_type_planner(&self) -> Option<Arc<dyn TypePlanner>> {
        Some(Arc::new(Types))
    }

    fn get_function_meta(&self, name: &str) -> Option<Arc<ScalarUDF>> {
        if name == MARK {
            return Some(mark());
        }
        self.binder.functions.scalars.get(name).cloned()
    }

    fn get_higher_order_meta(&self, name: &str) -> Option<Arc<HigherOrderUDF>> {
        self.binder.functions.higher_order.get(name).cloned()
    }

    fn get_aggregate_meta(&self, name: &str) -> Option<Arc<AggregateUDF>> {
        self.binder.functions.aggregates.get(name).cloned()
    }

    fn get_window_meta(&self, name: &str) -> Option<Arc<WindowUDF>> {
        self.binder.functions.windows.get(name).cloned()
    }

    fn get_variable_type(&self, _variable_names: &[String]) -> Option<DataType> {
        None
    }

    fn options(&self) -> &ConfigOptions {
        self.binder.config
    }

    fn udf_names(&self) -> Vec<String> {
        self.binder.functions.scalars.keys().cloned().collect()
    }

    fn higher_order_function_names(&self) -> Vec<String> {
        self.binder.functions.higher_order.keys().cloned().collect()
    }

    fn udaf_names(&self) -> Vec<String> {
        self.binder.functions.aggregates.keys().cloned().collect()
    }

    fn udwf_names(&self) -> Vec<String> {
        self.binder.functions.windows.keys().cloned().collect()
    }
}

/// The source of a relation that is read at a moment of the past, if it is.
fn read_at(source: Arc<dyn TableSource>, as_of: Option<AsOf>) -> SqlResult<Arc<dyn TableSource>> {
    let Some(as_of) = as_of else { return Ok(source) };
    match source.as_ref().downcast_ref::<RelationSource>() {
        Some(relation) => Ok(Arc::new(relation.read_at(as_of))),
        None => Err(SqlError::internal("a relation whose past cannot be told from its present")),
    }
}

/// SQL types to Arrow types, ours instead of DataFusion's (whose timestamps are in nanoseconds).
#[derive(Debug)]
struct Types;

impl TypePlanner for Types {
    fn plan_type_field(&self, sql_type: &ast::DataType) -> Result<Option<FieldRef>> {
        let data_type = arrow_type(sql_type).map_err(wrapped)?;
        Ok(Some(data_type.into_nullable_field_ref()))
    }
}

/// A view: its plan takes its place.
struct ViewSource {
    plan: LogicalPlan,
}

impl ViewSource {
    /// The plan with the view's own column names.
    fn new(plan: LogicalPlan, columns: &[millstream_catalog::Column]) -> Result<Self> {
        let schema = Arc::clone(plan.schema());
        if schema.fields().iter().zip(columns).all(|(field, column)| *field.name() == column.name) {
            return Ok(Self { plan });
        }
        let renamed =
            schema.iter().zip(columns).map(|(field, column)| Expr::from(field).alias(column.name.clone()));
        let plan = datafusion::logical_expr::LogicalPlanBuilder::from(plan).project(renamed)?.build()?;
        Ok(Self { plan })
    }
}

impl TableSource for ViewSource {
    fn schema(&self) -> SchemaRef {
        Arc::clone(self.plan.schema().inner())
    }

    fn get_logical_plan(&self) -> Option<Cow<'_, LogicalPlan>> {
        Some(Cow::Borrowed(&self.plan))
    }
}
