//! FROM: relations, subqueries, functions, windows and joins as a plan and the scope that names see.

use std::collections::HashSet;
use std::sync::{Arc, LazyLock};

use arrow::datatypes::DataType;
use datafusion::catalog::TableFunctionArgs;
use datafusion::common::{
    Column, DFSchema, JoinType, NullHandling, ScalarValue, TableReference, UnnestOptions,
};
use datafusion::datasource::provider_as_source;
use datafusion::execution::SessionStateBuilder;
use datafusion::execution::session_state::SessionState;
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{
    EmptyRelation, Expr, LogicalPlan, LogicalPlanBuilder, SubqueryAlias, TableScanBuilder, TableSource,
    Unnest,
};
use datafusion::sql::sqlparser::ast::{
    self, FunctionArg, FunctionArgExpr, JoinConstraint, JoinOperator, ObjectName, ObjectNamePart, TableAlias,
    TableFactor, TableVersion, TableWithJoins,
};
use millstream_catalog::{Column as CatalogColumn, Definition, HIDDEN_COLUMNS, Kind, SqlType};

use super::planner::{BoundQuery, Clause, Level, Planner, settled};
use super::scope::{Item, OutputColumn, Scope, ScopeColumn, plan_names};
use super::typed::Typed;
use super::window_function::{flink_spelling, is_window_function};
use super::{AsOf, Found, RelationSource, refuse_sink, stored_query};
use crate::analyze;
use crate::dialect::fold_identifier;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::{convert, marker};

/// A part of FROM: its plan and what it brings into scope.
#[derive(Debug, Clone)]
pub(crate) struct From {
    pub plan: LogicalPlan,
    pub scope: Scope,
}

impl Planner<'_, '_> {
    /// The items of a FROM list, joined to each other; a row without columns where there is none.
    pub fn from_list(&mut self, tables: &[TableWithJoins]) -> SqlResult<From> {
        let mut all: Option<From> = None;
        for table in tables {
            let next = self.table_with_joins(table, all.as_ref())?;
            all = Some(match (all, next) {
                (None, Joined::Apart(from)) | (_, Joined::Lateral(from)) => from,
                (Some(left), Joined::Apart(right)) => self.cross(left, right)?,
            });
        }
        match all {
            Some(from) => Ok(from),
            None => {
                let plan = LogicalPlan::EmptyRelation(EmptyRelation {
                    produce_one_row: true,
                    schema: Arc::new(datafusion::common::DFSchema::empty()),
                });
                Ok(From { plan, scope: Scope::default() })
            }
        }
    }

    fn cross(&mut self, left: From, right: From) -> SqlResult<From> {
        let scope = left.scope.beside(right.scope)?;
        let plan = LogicalPlanBuilder::from(left.plan)
            .cross_join(right.plan)
            .and_then(LogicalPlanBuilder::build)
            .map_err(|error| self.error(&error))?;
        Ok(From { plan, scope })
    }

    fn table_with_joins(&mut self, table: &TableWithJoins, left: Option<&From>) -> SqlResult<Joined> {
        let mut joined = self.factor(&table.relation, left, JoinType::Inner)?;
        for join in &table.joins {
            let (join_type, constraint) = join_kind(&join.join_operator)?;
            // What stands before in this item is seen by LATERAL, with all items before it.
            let before = match &joined {
                Joined::Apart(from) | Joined::Lateral(from) => from.clone(),
            };
            let around = match (&joined, left) {
                (Joined::Apart(from), Some(left))
                    if sees_others(&join.relation)
                        && matches!(join_type, JoinType::Inner | JoinType::Left) =>
                {
                    Some(self.cross(left.clone(), from.clone())?)
                }
                _ => None,
            };
            let seen = around.as_ref().unwrap_or(&before);
            let lateral_before = around.is_some() || matches!(joined, Joined::Lateral(_));
            let mut right = self.factor(&join.relation, Some(seen), join_type)?;
            let mut constraint = constraint;
            if let (Joined::Lateral(_), JoinType::Left, JoinConstraint::On(condition)) =
                (&right, join_type, constraint)
                && !is_true(condition)
                && let Some(within) = lateral_with_condition(&join.relation, condition)
            {
                right = self.factor(&within, Some(seen), join_type)?;
                constraint = &JoinConstraint::None;
            }
            let from = match right {
                Joined::Lateral(from) => {
                    match constraint {
                        JoinConstraint::None => {}
                        JoinConstraint::On(condition) if is_true(condition) => {}
                        JoinConstraint::On(condition) if join_type == JoinType::Inner => {
                            let filtered = self.filtered(from, condition)?;
                            joined = wrap(lateral_before, filtered);
                            continue;
                        }
                        _ => {
                            return Err(SqlError::unsupported(
                                "an outer join with a LATERAL item is built ON true only",
                                "put the condition into the lateral subquery's WHERE",
                            ));
                        }
                    }
                    from
                }
                Joined::Apart(right) => {
                    let was_lateral = matches!(joined, Joined::Lateral(_));
                    let from = self.join(before, right, join_type, constraint)?;
                    joined = wrap(was_lateral, from);
                    continue;
                }
            };
            joined = wrap(lateral_before, from);
        }
        Ok(joined)
    }

    fn filtered(&mut self, from: From, condition: &ast::Expr) -> SqlResult<From> {
        self.levels.push(Level::new(from.scope.clone(), Clause::On));
        let bound = self.expr(condition).and_then(|condition| self.boolean(condition, "JOIN/ON"));
        self.levels.pop();
        let plan = LogicalPlanBuilder::from(from.plan)
            .filter(bound?.expr)
            .and_then(LogicalPlanBuilder::build)
            .map_err(|error| self.error(&error))?;
        Ok(From { plan, ..from })
    }

    fn join(
        &mut self,
        left: From,
        right: From,
        join_type: JoinType,
        constraint: &JoinConstraint,
    ) -> SqlResult<From> {
        let shared = match constraint {
            JoinConstraint::None => {
                if join_type == JoinType::Inner {
                    return self.cross(left, right);
                }
                return Err(SqlError::syntax("an outer join needs a condition", None));
            }
            JoinConstraint::On(condition) => {
                let scope = left.scope.clone().beside(right.scope.clone())?;
                self.levels.push(Level::new(scope.clone(), Clause::On));
                let bound = self.expr(condition).and_then(|condition| self.boolean(condition, "JOIN/ON"));
                self.levels.pop();
                let plan = self.joined(left.plan, right.plan, join_type, vec![bound?.expr])?;
                return Ok(From { plan, scope });
            }
            JoinConstraint::Using(names) => names
                .iter()
                .map(|name| {
                    let part = name.0.last().and_then(ObjectNamePart::as_ident);
                    part.map(fold_identifier).ok_or_else(|| SqlError::syntax("USING names columns", None))
                })
                .collect::<SqlResult<Vec<String>>>()?,
            JoinConstraint::Natural => {
                let visible = |scope: &Scope| -> Vec<String> {
                    let columns = scope.columns.iter().filter(|column| !column.hidden);
                    columns.map(|column| column.name.clone()).collect()
                };
                let others: HashSet<String> = visible(&right.scope).into_iter().collect();
                visible(&left.scope).into_iter().filter(|name| others.contains(name)).collect()
            }
        };
        self.join_using(left, right, join_type, &shared)
    }

    fn joined(
        &mut self,
        left: LogicalPlan,
        right: LogicalPlan,
        join_type: JoinType,
        conditions: Vec<Expr>,
    ) -> SqlResult<LogicalPlan> {
        let conditions = match conditions.is_empty() {
            true => vec![Expr::Literal(datafusion::scalar::ScalarValue::Boolean(Some(true)), None)],
            false => conditions,
        };
        LogicalPlanBuilder::from(left)
            .join_on(right, join_type, conditions)
            .and_then(LogicalPlanBuilder::build)
            .map_err(|error| self.error(&error))
    }

    /// USING and NATURAL: the shared columns come first and once.
    fn join_using(
        &mut self,
        left: From,
        right: From,
        join_type: JoinType,
        shared: &[String],
    ) -> SqlResult<From> {
        let (mut conditions, mut merged) = (vec![], vec![]);
        let mut seen = HashSet::new();
        for name in shared {
            if !seen.insert(name) {
                let message = format!("column name \"{name}\" appears more than once in USING clause");
                return Err(SqlError::new(SqlState::DuplicateColumn, message));
            }
            let find = |scope: &Scope, side: &str| {
                let count = scope.columns.iter().filter(|column| column.name == *name).count();
                if count > 1 {
                    let message =
                        format!("common column name \"{name}\" appears more than once in {side} table");
                    return Err(SqlError::new(SqlState::AmbiguousColumn, message));
                }
                scope.column(name)?.cloned().ok_or_else(|| {
                    let message =
                        format!("column \"{name}\" specified in USING clause does not exist in {side} table");
                    SqlError::new(SqlState::UndefinedColumn, message)
                })
            };
            let (here, there) = (find(&left.scope, "left")?, find(&right.scope, "right")?);
            let test = self.compare(
                datafusion::logical_expr::Operator::Eq,
                here.typed.clone(),
                there.typed.clone(),
            )?;
            conditions.push(test.expr);
            let parts = self.unify(vec![here.typed, there.typed], "JOIN/USING")?;
            let (left_part, right_part) = (parts[0].clone(), parts[1].clone());
            let typed = match join_type {
                JoinType::Right => right_part,
                JoinType::Full => {
                    let both = vec![left_part.expr.clone(), right_part.expr.clone()];
                    left_part.with(self.native("coalesce", both)?)
                }
                _ => left_part,
            };
            merged.push(ScopeColumn { name: name.clone(), typed, hidden: false });
        }
        let rest = |scope: &Scope| -> Vec<ScopeColumn> {
            let columns = scope.columns.iter().filter(|column| !shared.contains(&column.name));
            columns.cloned().collect()
        };
        let mut columns = merged;
        columns.extend(rest(&left.scope));
        columns.extend(rest(&right.scope));
        let plan = self.joined(left.plan, right.plan, join_type, conditions)?;
        let both = left.scope.beside(right.scope)?;
        Ok(From { plan, scope: Scope { columns, ..both } })
    }

    /// A function of DataFusion by name, called as it is.
    pub fn native(&self, name: &str, arguments: Vec<Expr>) -> SqlResult<Expr> {
        let Some(function) = self.binder.functions.scalar(name) else {
            return Err(SqlError::internal(format!("no function {name}")));
        };
        Ok(Expr::ScalarFunction(ScalarFunction::new_udf(Arc::clone(function), arguments)))
    }

    fn factor(&mut self, factor: &TableFactor, left: Option<&From>, join: JoinType) -> SqlResult<Joined> {
        if let Some(flink) = flink_spelling(factor) {
            return self.factor(&flink, left, join);
        }
        match factor {
            TableFactor::Table { sample: Some(_), .. } | TableFactor::Derived { sample: Some(_), .. } => {
                Err(SqlError::unsupported("TABLESAMPLE is not built", "filter by a hash of the row's key"))
            }
            TableFactor::Table { name, args: None, alias, version, with_ordinality, .. } => {
                if *with_ordinality {
                    return Err(SqlError::syntax("WITH ORDINALITY follows a function", None));
                }
                self.relation(name, alias.as_ref(), version.as_ref()).map(Joined::Apart)
            }
            TableFactor::Table { name, args: Some(args), alias, with_ordinality, .. } => {
                self.function_item(name, &args.args, alias.as_ref(), *with_ordinality, left, join)
            }
            TableFactor::Function { name, args, alias, with_ordinality, .. } => {
                self.function_item(name, args, alias.as_ref(), *with_ordinality, left, join)
            }
            TableFactor::UNNEST { alias, array_exprs, with_ordinality, .. } => {
                self.unnest_item(array_exprs, alias.as_ref(), *with_ordinality, left, join)
            }
            TableFactor::Derived { lateral, subquery, alias, .. } => {
                self.derived(*lateral, subquery, alias.as_ref(), left, join)
            }
            TableFactor::NestedJoin { table_with_joins, alias } => {
                let joined = self.table_with_joins(table_with_joins, None)?;
                let from = match joined {
                    Joined::Apart(from) | Joined::Lateral(from) => from,
                };
                match alias {
                    None => Ok(Joined::Apart(from)),
                    Some(alias) => self.aliased_join(from, alias).map(Joined::Apart),
                }
            }
            other => Err(SqlError::unsupported(
                format!("{other} in FROM is not built"),
                "in FROM there are relations, subqueries, functions and joins",
            )),
        }
    }

    fn aliased_join(&mut self, from: From, alias: &TableAlias) -> SqlResult<From> {
        let columns: Vec<ScopeColumn> =
            from.scope.columns.iter().filter(|column| !column.hidden).cloned().collect();
        let names = plan_names(columns.iter().map(|column| column.name.clone()));
        let outputs = columns
            .iter()
            .map(|column| OutputColumn {
                name: column.name.clone(),
                sql_type: column.typed.sql_type.clone(),
                data_type: column.typed.data_type.clone(),
            })
            .collect();
        let projection =
            columns.iter().zip(&names).map(|(column, name)| column.typed.expr.clone().alias(name)).collect();
        let plan = self.project(from.plan, projection)?;
        self.subquery_item(BoundQuery { plan, columns: outputs }, &fold_identifier(&alias.name), Some(alias))
    }

    /// A bound query under an alias.
    fn subquery_item(
        &mut self,
        bound: BoundQuery,
        name: &str,
        alias: Option<&TableAlias>,
    ) -> SqlResult<From> {
        let qualifier = self.qualifier(if name.is_empty() { "subquery" } else { name });
        let names: Vec<String> = bound.plan.schema().fields().iter().map(|f| f.name().clone()).collect();
        let plan = aliased(bound.plan, &qualifier).map_err(|error| self.error(&error))?;
        let shown = renamed(bound.columns.iter().map(|column| column.name.clone()).collect(), alias, name)?;
        let columns = bound
            .columns
            .into_iter()
            .zip(names)
            .zip(shown)
            .map(|((column, plan_name), name)| ScopeColumn {
                name,
                typed: Typed::column(
                    qualified(&qualifier, plan_name),
                    settled(&column.sql_type),
                    column.data_type,
                ),
                hidden: false,
            })
            .collect();
        let item = Item { name: name.to_owned(), schema: None, qualifier, columns, scalar: false };
        Ok(From { plan, scope: Scope::of(item) })
    }

    fn derived(
        &mut self,
        lateral: bool,
        query: &ast::Query,
        alias: Option<&TableAlias>,
        left: Option<&From>,
        join: JoinType,
    ) -> SqlResult<Joined> {
        let name = alias.map(|alias| fold_identifier(&alias.name)).unwrap_or_default();
        let Some(left) = left.filter(|_| lateral) else {
            let bound = self.query(query)?;
            return self.subquery_item(bound, &name, alias).map(Joined::Apart);
        };
        self.levels.push(Level::new(left.scope.clone(), Clause::From));
        let bound = self.query(query);
        self.levels.pop();
        let bound = bound?;
        let takes = super::planner::taken_by(&bound.plan).iter().any(|column| left.scope.owns(column));
        if !takes {
            let right = self.subquery_item(bound, &name, alias)?;
            return Ok(Joined::Apart(right));
        }
        // Rows of structs, computed for each row on the left and unnested.
        let columns = bound.plan.schema().columns();
        let fields: Vec<(String, Typed)> = bound
            .columns
            .iter()
            .zip(columns)
            .map(|(column, plan_column)| {
                let typed = Typed::column(plan_column, settled(&column.sql_type), column.data_type.clone());
                (column.name.clone(), typed)
            })
            .collect();
        let outputs = bound.columns.clone();
        let row = convert::plain_struct(fields)?;
        let row_type = row.data_type.clone();
        let row_name = self.fresh("row");
        let plan = self.project(bound.plan, vec![row.expr.alias(row_name)])?;
        let list = DataType::List(Arc::new(arrow::datatypes::Field::new_list_field(row_type.clone(), true)));
        let call =
            marker::call(marker::ROWS, vec![Expr::ScalarSubquery(super::subquery::subquery(plan))], list);
        let set = SetItem { list: call, row_type, outputs };
        self.lateral_sets(Some(left), vec![set], &name, alias, false, join, false)
    }

    /// A function, or several, whose rows stand in FROM.
    fn function_item(
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

    fn unnest_item(
        &mut self,
        arrays: &[ast::Expr],
        alias: Option<&TableAlias>,
        with_ordinality: bool,
        left: Option<&From>,
        join: JoinType,
    ) -> SqlResult<Joined> {
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
    fn lateral_sets(
        &mut self,
        left: Option<&From>,
        sets: Vec<SetItem>,
        name: &str,
        alias: Option<&TableAlias>,
        with_ordinality: bool,
        join: JoinType,
        scalar: bool,
    ) -> SqlResult<Joined> {
        let (input, before) = match left {
            Some(left) => (left.plan.clone(), left.plan.schema().columns()),
            None => (self.from_list(&[])?.plan, vec![]),
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

    /// A relation by name: a common table expression, an object of the catalog, a system relation.
    fn relation(
        &mut self,
        name: &ObjectName,
        alias: Option<&TableAlias>,
        version: Option<&TableVersion>,
    ) -> SqlResult<From> {
        let parts: Vec<&ast::Ident> = name.0.iter().filter_map(ObjectNamePart::as_ident).collect();
        let at = parts.first().and_then(|part| self.binder.position(part));
        let folded: Vec<String> = parts.iter().map(|part| fold_identifier(part)).collect();
        let (schema, table) = match folded.as_slice() {
            [table] => (None, table.clone()),
            // The database's own name may stand in front.
            [schema, table] | [_, schema, table] => (Some(schema.as_str()), table.clone()),
            _ => {
                let message = format!("improper relation name (too many dotted names): {name}");
                return Err(SqlError::syntax(message, at));
            }
        };
        let shown = alias.map_or_else(|| table.clone(), |alias| fold_identifier(&alias.name));
        if schema.is_none()
            && let Some(cte) = self.ctes.iter().rev().find_map(|scope| scope.get(&table)).cloned()
        {
            if version.is_some() {
                return Err(SqlError::unsupported(
                    format!(
                        "\"{name}\" is a query of this statement: it is not read AS OF a moment as a whole"
                    ),
                    "put AS OF at the end of that query, within its parentheses",
                ));
            }
            return self.subquery_item(BoundQuery { plan: cte.plan, columns: cte.columns }, &shown, alias);
        }
        let Some(found) = self.binder.find(schema, &table) else {
            let message = format!("relation \"{}\" does not exist", folded.join("."));
            return Err(SqlError { position: at, ..SqlError::new(SqlState::UndefinedTable, message) });
        };
        let moment = match version {
            Some(version) => Some(AsOf::of(version)?),
            None => self.as_of.clone(),
        };
        let (source, columns, object_schema): (Arc<dyn TableSource>, Option<Vec<CatalogColumn>>, String) =
            match found {
                Found::System(source) => {
                    if moment.is_some() {
                        return Err(SqlError::unsupported(
                            format!("\"{name}\" has no history to be read AS OF a moment"),
                            "streams and views have one",
                        ));
                    }
                    (source, None, schema.unwrap_or("pg_catalog").to_owned())
                }
                Found::Object(object) => {
                    refuse_sink(&object).map_err(|error| SqlError { position: at, ..error })?;
                    match &object.definition {
                        Definition::View(view) => {
                            let plan = self.binder.view_query(&view.query, moment.as_ref())?;
                            let columns: Vec<OutputColumn> = plan
                                .columns
                                .iter()
                                .zip(&view.columns)
                                .map(|(column, known)| OutputColumn {
                                    name: known.name.clone(),
                                    ..column.clone()
                                })
                                .collect();
                            let bound = BoundQuery { plan: plan.plan, columns };
                            let mut from = self.subquery_item(bound, &shown, alias)?;
                            if alias.is_none() {
                                from.scope.items[0].schema = Some(object.name.schema.clone());
                            }
                            return Ok(from);
                        }
                        definition => {
                            let hidden = matches!(definition, Definition::Stream(_));
                            let source = self.binder.relations.source(&object, hidden)?;
                            let source = read_at(source, moment)?;
                            (source, Some(object.columns().to_vec()), object.name.schema.clone())
                        }
                    }
                }
            };
        let qualifier = self.qualifier(&shown);
        let schema_ref = source.schema();
        // The moment is part of the name of what is scanned, for EXPLAIN to show.
        let as_of = source.downcast_ref::<RelationSource>().and_then(|relation| relation.as_of.as_ref());
        let scanned = as_of.map_or_else(|| qualifier.clone(), |as_of| format!("{qualifier}\0 AS OF {as_of}"));
        let is_past = as_of.is_some();
        let scan =
            TableScanBuilder::new(TableReference::bare(scanned), source).build().map(LogicalPlan::TableScan);
        let scan = scan.and_then(|scan| match is_past {
            true => LogicalPlanBuilder::from(scan).alias(TableReference::bare(qualifier.as_str()))?.build(),
            false => Ok(scan),
        });
        let scan = scan.map_err(|error| self.error(&error))?;
        let shown_columns = columns.as_ref().map_or(schema_ref.fields().len(), Vec::len);
        let mut names: Vec<String> =
            schema_ref.fields().iter().take(shown_columns).map(|field| field.name().clone()).collect();
        names = renamed(names, alias, &shown)?;
        let columns = schema_ref
            .fields()
            .iter()
            .enumerate()
            .map(|(index, field)| {
                let hidden = index >= shown_columns && HIDDEN_COLUMNS.contains(&field.name().as_str());
                let name = names.get(index).cloned().unwrap_or_else(|| field.name().clone());
                let typed = Typed::column(
                    qualified(&qualifier, field.name().clone()),
                    SqlType::of_field(field),
                    field.data_type().clone(),
                );
                ScopeColumn { name, typed, hidden }
            })
            .collect();
        let item = Item {
            name: shown,
            schema: alias.is_none().then_some(object_schema),
            qualifier,
            columns,
            scalar: false,
        };
        Ok(From { plan: scan, scope: Scope::of(item) })
    }

    /// The relation that a window function reads: a name or a subquery.
    pub fn window_input(&mut self, expr: &ast::Expr) -> SqlResult<Option<From>> {
        let name = match expr {
            ast::Expr::Identifier(name) => ObjectName::from(vec![name.clone()]),
            ast::Expr::CompoundIdentifier(names) => ObjectName::from(names.clone()),
            ast::Expr::Subquery(query) => {
                // `SELECT * FROM stream AS OF …` stands for the stream, hidden columns included.
                if let Some((name, version)) = versioned_relation(query) {
                    return self.relation(&name, None, Some(&version)).map(Some);
                }
                let bound = self.query(query)?;
                return self.subquery_item(bound, "", None).map(Some);
            }
            ast::Expr::Nested(inner) => return self.window_input(inner),
            _ => return Ok(None),
        };
        self.relation(&name, None, None).map(Some)
    }

    /// A plan with columns added by a window, under the window's alias.
    pub fn windowed(
        &mut self,
        plan: LogicalPlan,
        input: Scope,
        added: &[&str],
        time: &Typed,
        name: &str,
        alias: Option<&TableAlias>,
    ) -> SqlResult<From> {
        let qualifier = self.qualifier(name);
        let (mut shown, mut sources, mut projection) = (vec![], vec![], vec![]);
        for column in &input.columns {
            shown.push(column.name.clone());
            sources.push(column.clone());
        }
        for added in added {
            shown.push((*added).to_owned());
            let typed = Typed {
                expr: Expr::Column(Column::new_unqualified(*added)),
                sql_type: time.sql_type.plain(),
                data_type: time.data_type.clone(),
            };
            sources.push(ScopeColumn { name: (*added).to_owned(), typed, hidden: false });
        }
        let plan_names = plan_names(shown.iter().cloned());
        for (source, plan_name) in sources.iter().zip(&plan_names) {
            let relation = Some(TableReference::bare(qualifier.as_str()));
            projection.push(source.typed.expr.clone().alias_qualified(relation, plan_name));
        }
        let plan = self.project(plan, projection)?;
        let shown = renamed(shown, alias, name)?;
        let columns = sources
            .into_iter()
            .zip(plan_names)
            .zip(shown)
            .map(|((source, plan_name), name)| ScopeColumn {
                name,
                typed: Typed::column(
                    qualified(&qualifier, plan_name),
                    source.typed.sql_type,
                    source.typed.data_type,
                ),
                hidden: source.hidden,
            })
            .collect();
        let item = Item { name: name.to_owned(), schema: None, qualifier, columns, scalar: false };
        Ok(From { plan, scope: Scope::of(item) })
    }
}

/// What an item of FROM gives.
pub(crate) enum Joined {
    /// A relation that is still to be joined to what stands before.
    Apart(From),
    /// What stands before is in it already.
    Lateral(From),
}

/// A set of rows for each row of an input: a list-valued expression and the columns of its elements.
#[derive(Debug, Clone)]
pub(crate) struct SetItem {
    pub list: Expr,
    /// The type of an element.
    pub row_type: DataType,
    pub outputs: Vec<OutputColumn>,
}

fn wrap(lateral: bool, from: From) -> Joined {
    if lateral { Joined::Lateral(from) } else { Joined::Apart(from) }
}

/// A column of a relation in the plan.
pub(crate) fn qualified(qualifier: &str, name: String) -> Column {
    Column::new(Some(TableReference::bare(qualifier)), name)
}

/// A plan under an alias. The name is taken as it is.
pub(crate) fn aliased(plan: LogicalPlan, name: &str) -> datafusion::error::Result<LogicalPlan> {
    SubqueryAlias::try_new(Arc::new(plan), TableReference::bare(name)).map(LogicalPlan::SubqueryAlias)
}

/// The names of columns, the first of them as an alias's list says; 42P10 when it has more.
fn renamed(mut names: Vec<String>, alias: Option<&TableAlias>, table: &str) -> SqlResult<Vec<String>> {
    let Some(alias) = alias else { return Ok(names) };
    if alias.columns.len() > names.len() {
        let message = format!(
            "table \"{table}\" has {} columns available but {} columns specified",
            names.len(),
            alias.columns.len()
        );
        return Err(SqlError::new(SqlState::InvalidColumnReference, message));
    }
    for (name, given) in names.iter_mut().zip(&alias.columns) {
        *name = fold_identifier(&given.name);
    }
    Ok(names)
}

fn join_kind(operator: &JoinOperator) -> SqlResult<(JoinType, &JoinConstraint)> {
    Ok(match operator {
        JoinOperator::Join(constraint) | JoinOperator::Inner(constraint) => (JoinType::Inner, constraint),
        JoinOperator::CrossJoin(constraint) => (JoinType::Inner, constraint),
        JoinOperator::Left(constraint) | JoinOperator::LeftOuter(constraint) => (JoinType::Left, constraint),
        JoinOperator::Right(constraint) | JoinOperator::RightOuter(constraint) => {
            (JoinType::Right, constraint)
        }
        JoinOperator::FullOuter(constraint) => (JoinType::Full, constraint),
        _ => {
            return Err(SqlError::unsupported(
                "this kind of join is not built",
                "built are INNER, LEFT, RIGHT, FULL and CROSS JOIN",
            ));
        }
    })
}

/// Whether an item of FROM may name columns of items before it.
fn sees_others(item: &TableFactor) -> bool {
    matches!(
        item,
        TableFactor::Derived { lateral: true, .. }
            | TableFactor::Table { args: Some(_), .. }
            | TableFactor::Function { .. }
            | TableFactor::UNNEST { .. }
    )
}

fn is_true(condition: &ast::Expr) -> bool {
    matches!(condition, ast::Expr::Value(value) if matches!(value.value, ast::Value::Boolean(true)))
}

/// `LATERAL item ON condition` of an outer join as a lateral subquery that has the condition in it.
fn lateral_with_condition(item: &TableFactor, condition: &ast::Expr) -> Option<TableFactor> {
    let (inner, alias) = match item {
        TableFactor::Derived { lateral: true, subquery, alias: Some(alias), sample } => {
            let (subquery, sample) = (subquery.clone(), sample.clone());
            let alias_inside = Some(alias.clone());
            (TableFactor::Derived { lateral: false, subquery, alias: alias_inside, sample }, alias)
        }
        TableFactor::Table { args: Some(_), alias: Some(alias), .. }
        | TableFactor::Function { alias: Some(alias), .. }
        | TableFactor::UNNEST { alias: Some(alias), .. } => (item.clone(), alias),
        _ => return None,
    };
    let mut query = stored_query("SELECT * FROM x WHERE true").ok()?;
    let ast::SetExpr::Select(select) = query.body.as_mut() else { return None };
    select.from = vec![TableWithJoins { relation: inner, joins: vec![] }];
    select.selection = Some(condition.clone());
    let alias = TableAlias { columns: vec![], ..alias.clone() };
    Some(TableFactor::Derived { lateral: true, subquery: query, alias: Some(alias), sample: None })
}

/// The source of a relation that is read at a moment of the past, if it is.
fn read_at(source: Arc<dyn TableSource>, as_of: Option<AsOf>) -> SqlResult<Arc<dyn TableSource>> {
    let Some(as_of) = as_of else { return Ok(source) };
    match source.as_ref().downcast_ref::<RelationSource>() {
        Some(relation) => Ok(Arc::new(relation.read_at(as_of))),
        None => Err(SqlError::internal("a relation whose past cannot be told from its present")),
    }
}

/// The name and the moment of `SELECT * FROM name AS OF …`, if a query is that.
fn versioned_relation(query: &ast::Query) -> Option<(ObjectName, TableVersion)> {
    let ast::SetExpr::Select(select) = query.body.as_ref() else { return None };
    let [TableWithJoins { relation, joins }] = select.from.as_slice() else { return None };
    match relation {
        TableFactor::Table { name, version: Some(version), alias: None, args: None, .. }
            if joins.is_empty()
                && matches!(select.projection.as_slice(), [ast::SelectItem::Wildcard(_)])
                && select.selection.is_none() =>
        {
            Some((name.clone(), version.clone()))
        }
        _ => None,
    }
}

/// The query that `TABLE name` stands for.
pub(crate) fn table_query(table: &ast::Table) -> SqlResult<Box<ast::Query>> {
    let quoted = |name: &Option<String>| {
        let folded = name.as_deref().map(millstream_catalog::fold_name)?;
        Some(format!("\"{}\"", folded.replace('"', "\"\"")))
    };
    let parts: Vec<String> =
        [quoted(&table.schema_name), quoted(&table.table_name)].into_iter().flatten().collect();
    stored_query(&format!("SELECT * FROM {}", parts.join(".")))
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
