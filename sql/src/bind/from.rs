//! FROM: relations, subqueries, functions, windows and joins as a plan and the scope that names see.

use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::common::{Column, JoinType, TableReference};
use datafusion::logical_expr::expr::ScalarFunction;
use datafusion::logical_expr::{
    EmptyRelation, Expr, LogicalPlan, LogicalPlanBuilder, SubqueryAlias, TableScanBuilder, TableSource,
};
use datafusion::sql::sqlparser::ast::{
    self, ObjectName, ObjectNamePart, TableAlias, TableFactor, TableVersion, TableWithJoins,
};
use millstream_catalog::{Column as CatalogColumn, Definition, HIDDEN_COLUMNS, SqlType, TABLE_OID};

use super::convert;
use super::planner::{BoundQuery, Clause, Level, Planner, settled};
use super::scope::{Item, OutputColumn, Scope, ScopeColumn};
use super::sets::SetItem;
use super::typed::Typed;
use super::window_function::flink_spelling;
use super::{AsOf, Found, RelationSource, refuse_sink, stored_query};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::functions::marker;
use crate::names::plan_names;
use crate::text::dialect::fold_identifier;

/// A part of FROM: its plan and what it brings into scope.
#[derive(Debug, Clone)]
pub(crate) struct From {
    pub plan: LogicalPlan,
    pub scope: Scope,
}

impl Planner<'_, '_> {
    /// The items of a FROM list, joined to each other; a row without columns where there is none.
    pub fn joined_list(&mut self, tables: &[TableWithJoins]) -> SqlResult<From> {
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

    /// A function of DataFusion by name, called as it is.
    pub fn native(&self, name: &str, arguments: Vec<Expr>) -> SqlResult<Expr> {
        let Some(function) = self.binder.functions.scalar(name) else {
            return Err(SqlError::internal(format!("no function {name}")));
        };
        Ok(Expr::ScalarFunction(ScalarFunction::new_udf(Arc::clone(function), arguments)))
    }

    pub(super) fn factor(
        &mut self,
        factor: &TableFactor,
        left: Option<&From>,
        join: JoinType,
    ) -> SqlResult<Joined> {
        if let Some(flink) = flink_spelling(factor) {
            return self.factor(&flink, left, join);
        }
        refuse_clauses(factor)?;
        match factor {
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

    /// A bound query under an alias.
    pub(super) fn subquery_item(
        &mut self,
        bound: BoundQuery,
        name: &str,
        alias: Option<&TableAlias>,
    ) -> SqlResult<From> {
        refuse_types(alias)?;
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

    /// A relation by name: a common table expression, an object of the catalog, a system relation.
    pub(super) fn relation(
        &mut self,
        name: &ObjectName,
        alias: Option<&TableAlias>,
        version: Option<&TableVersion>,
    ) -> SqlResult<From> {
        refuse_types(alias)?;
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
            let bound = BoundQuery { plan: cte.plan, columns: cte.columns };
            let mut from = self.subquery_item(bound, &shown, alias)?;
            if let Some(unnamed) = cte.itself {
                from.scope.hide_last(unnamed);
                self.self_references.extend(from.scope.items.iter().map(|item| item.qualifier.clone()));
            }
            return Ok(from);
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
        let shown_columns = columns.as_ref().map_or_else(
            || schema_ref.fields().iter().filter(|field| field.name() != TABLE_OID).count(),
            Vec::len,
        );
        let mut names: Vec<String> =
            schema_ref.fields().iter().take(shown_columns).map(|field| field.name().clone()).collect();
        names = renamed(names, alias, &shown)?;
        let columns = schema_ref
            .fields()
            .iter()
            .enumerate()
            .map(|(index, field)| {
                let hidden = index >= shown_columns
                    && (field.name() == TABLE_OID || HIDDEN_COLUMNS.contains(&field.name().as_str()));
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
        refuse_types(alias)?;
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

pub(super) fn wrap(lateral: bool, from: From) -> Joined {
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
pub(super) fn renamed(
    mut names: Vec<String>,
    alias: Option<&TableAlias>,
    table: &str,
) -> SqlResult<Vec<String>> {
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

/// Types beside the names of columns: only a function that gives records is told them.
pub(super) fn refuse_types(alias: Option<&TableAlias>) -> SqlResult<()> {
    match alias.iter().flat_map(|alias| &alias.columns).any(|column| column.data_type.is_some()) {
        true => {
            let message = "a column definition list is only allowed for functions returning \"record\"";
            Err(SqlError::syntax(message, None))
        }
        false => Ok(()),
    }
}

/// Clauses of other dialects that the parser takes behind a relation: what is not obeyed is refused.
fn refuse_clauses(factor: &TableFactor) -> SqlResult<()> {
    let refused = match factor {
        TableFactor::Table { sample: Some(_), .. } | TableFactor::Derived { sample: Some(_), .. } => {
            return Err(SqlError::unsupported(
                "TABLESAMPLE is not built",
                "filter by a hash of the row's key",
            ));
        }
        TableFactor::Table { with_hints, .. } if !with_hints.is_empty() => "WITH (…) behind a relation",
        TableFactor::Table { partitions, .. } if !partitions.is_empty() => "PARTITION behind a relation",
        TableFactor::Table { index_hints, .. } if !index_hints.is_empty() => "an index hint",
        TableFactor::Table { json_path: Some(_), .. } => "a path behind a relation",
        TableFactor::Table { args: Some(args), .. } if args.settings.is_some() => "SETTINGS",
        TableFactor::UNNEST { with_offset: true, .. } => "WITH OFFSET",
        _ => return Ok(()),
    };
    Err(SqlError::unsupported(format!("{refused} is not built"), "write it with PostgreSQL's clauses"))
}

/// Whether an item of FROM may name columns of items before it.
pub(super) fn sees_others(item: &TableFactor) -> bool {
    matches!(
        item,
        TableFactor::Derived { lateral: true, .. }
            | TableFactor::Table { args: Some(_), .. }
            | TableFactor::Function { .. }
            | TableFactor::UNNEST { .. }
    )
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
