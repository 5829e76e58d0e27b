//! Functions that give rows in FROM, alone or of the rows before them.

use std::sync::{Arc, LazyLock};

use arrow::datatypes::DataType;
use datafusion::catalog::TableFunctionArgs;
use datafusion::common::{
    Column, DFSchema, JoinType, NullHandling, ScalarValue, TableReference, UnnestOptions,
};
use datafusion::datasource::provider_as_source;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::{Expr, LogicalPlan, LogicalPlanBuilder, TableScanBuilder, Unnest};
use datafusion::sql::sqlparser::ast::{
    self, FunctionArg, FunctionArgExpr, ObjectName, ObjectNamePart, TableAlias,
};
use millstream_catalog::Kind;

use super::convert;
use super::from::{From, Joined, qualified, refuse_types, renamed};
use super::planner::{Clause, Level, Planner};
use super::scope::{Item, OutputColumn, Scope, ScopeColumn};
use super::typed::Typed;
use super::window_function::is_window_function;
use crate::analyze;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::names::plan_names;
use crate::text::dialect::fold_identifier;

/// A set of rows for each row of an input: a list-valued expression and the columns of its elements.
#[derive(Debug, Clone)]
pub(crate) struct SetItem {
    pub list: Expr,
    /// The type of an element.
    pub row_type: DataType,
    pub outputs: Vec<OutputColumn>,
}

impl Planner<'_, '_> {
    /// A function, or several, whose rows stand in FROM.
    pub(super) fn function_item(
        &mut self,
        name: &ObjectName,
        args: &[FunctionArg],
        alias: Option<&TableAlias>,
        with_ordinality: bool,
        left: Option<&From>,
        join: JoinType,
    ) -> SqlResult<Joined> {
        let function = name.0.last().and_then(ObjectNamePart::as_ident).map(fold_identifier);
        let function = function.unwrap_or_default();
        if is_window_function(&function) {
            return self.window_item(&function, args, alias).map(Joined::Apart);
        }
        let call = ast::Function {
            name: name.clone(),
            uses_odbc_syntax: false,
            parameters: ast::FunctionArguments::None,
            args: ast::FunctionArguments::List(ast::FunctionArgumentList {
                duplicate_treatment: None,
                args: args.to_vec(),
                clauses: vec![],
            }),
            filter: None,
            null_treatment: None,
            over: None,
            within_group: vec![],
        };
        let scope = left.map(|left| left.scope.clone()).unwrap_or_default();
        self.levels.push(Level::new(scope, Clause::From));
        let bound = self.set_function(&call, alias);
        self.levels.pop();
        let (set, scalar) = bound?;
        let takes = super::planner::has_local_columns(&set.list);
        let left = left.filter(|_| takes);
        let shown = alias.map_or(function, |alias| fold_identifier(&alias.name));
        self.lateral_sets(left, vec![set], &shown, alias, with_ordinality, join, scalar)
    }

    pub(super) fn unnest_item(
        &mut self,
        arrays: &[ast::Expr],
        alias: Option<&TableAlias>,
        with_ordinality: bool,
        left: Option<&From>,
        join: JoinType,
    ) -> SqlResult<Joined> {
        refuse_types(alias)?;
        let scope = left.map(|left| left.scope.clone()).unwrap_or_default();
        self.levels.push(Level::new(scope, Clause::From));
        let bound = arrays
            .iter()
            .map(|array| {
                let array = self.expr(array)?;
                self.set_of("unnest", vec![array])
            })
            .collect::<SqlResult<Vec<_>>>();
        self.levels.pop();
        let sets = bound?;
        let takes = sets.iter().any(|set| super::planner::has_local_columns(&set.list));
        let left = left.filter(|_| takes);
        let name = alias.map_or_else(|| "unnest".to_owned(), |alias| fold_identifier(&alias.name));
        let scalar = sets.len() == 1 && !with_ordinality;
        self.lateral_sets(left, sets, &name, alias, with_ordinality, join, scalar)
    }

    /// Lists beside the rows on the left, unnested: one row for each element, those of several lists side by side.
    #[allow(clippy::too_many_arguments)]
    pub(super) fn lateral_sets(
        &mut self,
        left: Option<&From>,
        sets: Vec<SetItem>,
        name: &str,
        alias: Option<&TableAlias>,
        with_ordinality: bool,
        join: JoinType,
        scalar: bool,
    ) -> SqlResult<Joined> {
        if let Some(left) = left
            && matches!(join, JoinType::Right | JoinType::Full)
        {
            return Err(refused_lateral(left, &sets));
        }
        let (input, before) = match left {
            Some(left) => (left.plan.clone(), left.plan.schema().columns()),
            None => (self.joined_list(&[])?.plan, vec![]),
        };
        let mut columns: Vec<Expr> = before.iter().cloned().map(Expr::Column).collect();
        let list_names: Vec<String> = sets.iter().map(|_| self.fresh("set")).collect();
        for (set, list_name) in sets.iter().zip(&list_names) {
            columns.push(set.list.clone().alias(list_name));
        }
        let ordinal = self.fresh("ordinality");
        if with_ordinality {
            let lists = sets.iter().map(|set| set.list.clone()).collect();
            columns.push(convert::ordinals(lists).alias(&ordinal));
        }
        let streamed = match (left, sets.as_slice(), list_names.as_slice()) {
            (None, [set], [list]) if !with_ordinality => self.long_series(set, list)?,
            _ => None,
        };
        let projected = self.project(input, columns)?;
        let mut unnested: Vec<Column> = list_names.iter().map(Column::new_unqualified).collect();
        if with_ordinality {
            unnested.push(Column::new_unqualified(&ordinal));
        }
        let null_handling = match join {
            JoinType::Left => NullHandling::PreserveAndExpandEmpty,
            _ => NullHandling::Drop,
        };
        let options = UnnestOptions { null_handling, recursions: vec![] };
        let plan = match streamed {
            Some(plan) => plan,
            None => Unnest::try_new(Arc::new(projected), unnested, options)
                .map(LogicalPlan::Unnest)
                .map_err(|error| self.error(&error))?,
        };
        // The columns of structs, each of its own.
        let qualifier = self.qualifier(if name.is_empty() { "function" } else { name });
        let (mut outputs, mut values) = (vec![], vec![]);
        for (set, list_name) in sets.into_iter().zip(&list_names) {
            let element = Expr::Column(Column::new_unqualified(list_name));
            let single = set.outputs.len() == 1 && !matches!(set.row_type, DataType::Struct(_));
            for (index, output) in set.outputs.into_iter().enumerate() {
                values.push(match single {
                    true => element.clone(),
                    false => convert::struct_field(element.clone(), index, &output.data_type),
                });
                outputs.push(output);
            }
        }
        if with_ordinality {
            values.push(Expr::Column(Column::new_unqualified(&ordinal)));
            outputs.push(OutputColumn {
                name: "ordinality".to_owned(),
                sql_type: Kind::Int8.into(),
                data_type: DataType::Int64,
            });
        }
        let plan_names = plan_names(outputs.iter().map(|output| output.name.clone()));
        let mut projection: Vec<Expr> = before.into_iter().map(Expr::Column).collect();
        for (value, plan_name) in values.into_iter().zip(&plan_names) {
            projection.push(value.alias_qualified(Some(TableReference::bare(qualifier.as_str())), plan_name));
        }
        let plan = self.project(plan, projection)?;
        let mut shown: Vec<String> = outputs.iter().map(|output| output.name.clone()).collect();
        if scalar && let (Some(first), false) = (shown.first_mut(), name.is_empty()) {
            // A function of one scalar: its column has the alias's name.
            *first = name.to_owned();
        }
        let shown = renamed(shown, alias, name)?;
        let columns = outputs
            .into_iter()
            .zip(plan_names)
            .zip(shown)
            .map(|((output, plan_name), name)| ScopeColumn {
                name,
                typed: Typed::column(qualified(&qualifier, plan_name), output.sql_type, output.data_type),
                hidden: false,
            })
            .collect();
        let item = Item { name: name.to_owned(), schema: None, qualifier, columns, scalar };
        let scope = Scope::of(item);
        Ok(match left {
            Some(left) => Joined::Lateral(From { plan, scope: left.scope.clone().beside(scope)? }),
            None => Joined::Apart(From { plan, scope }),
        })
    }

    /// A `generate_series` of so many whole numbers that they are better made one after the other than as one list:
    /// DataFusion's table of them, with the column that the list would have.
    fn long_series(&mut self, set: &SetItem, name: &str) -> SqlResult<Option<LogicalPlan>> {
        const LONG: i128 = 100_000;
        let Expr::ScalarFunction(call) = &set.list else { return Ok(None) };
        if call.func.name() != "generate_series" || !set.row_type.is_integer() {
            return Ok(None);
        }
        let mut bounds = vec![];
        for argument in &call.args {
            let folded = analyze::folded(argument.clone(), &DFSchema::empty());
            match folded.map_err(|error| self.error(&error))? {
                Expr::Literal(ScalarValue::Int32(Some(value)), _) => bounds.push(i64::from(value)),
                Expr::Literal(ScalarValue::Int64(Some(value)), _) => bounds.push(value),
                _ => return Ok(None),
            }
        }
        let (start, stop, step) = match bounds.as_slice() {
            [start, stop] => (*start, *stop, 1),
            [start, stop, step] if *step != 0 => (*start, *stop, *step),
            _ => return Ok(None),
        };
        let Some(function) = self.binder.functions.tables.get("generate_series") else { return Ok(None) };
        if (i128::from(stop) - i128::from(start)) / i128::from(step) < LONG {
            return Ok(None);
        }
        static SESSION: LazyLock<SessionState> = LazyLock::new(|| SessionStateBuilder::new().build());
        let bounds = [start, stop, step].map(|bound| Expr::Literal(ScalarValue::Int64(Some(bound)), None));
        let plan = function.call_with_args(TableFunctionArgs::new(&bounds, &*SESSION)).and_then(|provider| {
            let scan =
                TableScanBuilder::new(TableReference::bare(name), provider_as_source(provider)).build()?;
            let column = Expr::Column(Column::new(Some(TableReference::bare(name)), "value"));
            let column = datafusion::logical_expr::cast(column, set.row_type.clone()).alias(name);
            LogicalPlanBuilder::from(LogicalPlan::TableScan(scan)).project(vec![column])?.build()
        });
        plan.map(Some).map_err(|error| self.error(&error))
    }
}

/// The arguments of a function in FROM that are plain expressions.
pub(crate) fn plain_arguments(args: &[FunctionArg]) -> Option<Vec<ast::Expr>> {
    args.iter()
        .map(|arg| match arg {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) => Some(expr.clone()),
            _ => None,
        })
        .collect()
}

/// 42P10: the rows of a LATERAL item that stand alone on its side of the join have nothing to hang on.
fn refused_lateral(left: &From, sets: &[SetItem]) -> SqlError {
    let taken: Vec<Column> = sets
        .iter()
        .flat_map(|set| {
            let own = set.list.column_refs().into_iter().cloned();
            own.chain(super::planner::outer_columns(&set.list))
        })
        .collect();
    let is_taken = |item: &&Item| {
        taken.iter().any(|column| column.relation.as_ref().is_some_and(|own| own.table() == item.qualifier))
    };
    let name = left.scope.items.iter().find(is_taken).map_or("", |item| item.name.as_str());
    let message = format!("invalid reference to FROM-clause entry for table \"{name}\"");
    SqlError::new(SqlState::InvalidColumnReference, message)
        .with_detail("The combining JOIN type must be INNER or LEFT for a LATERAL reference.")
}
