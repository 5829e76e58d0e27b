//! The pass over a query's tree that makes it independent of where it is read: names that the default search path
//! would not find are qualified, a moment of the past goes to each relation that is read at it, and what is read is
//! told. Views store what comes out of it.

use std::collections::{BTreeSet, HashSet};
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    self, Expr, FunctionArg, FunctionArgExpr, Ident, JoinConstraint, JoinOperator, ObjectName,
    ObjectNamePart, OrderByKind, Query, Select, SetExpr, TableFactor, TableVersion, TableWithJoins, VisitMut,
    VisitorMut,
};
use millstream_catalog::{DEFAULT_SCHEMA, Kind, ObjectId, SqlType};

use super::window_function::{flink_spelling, is_window_function};
use super::{Binder, Found, refuse_sink};
use crate::error::{SqlError, SqlResult, SqlState};
use crate::text::dialect::fold_identifier;
use crate::text::time_travel::{parameter, set_clause, take_clause, versioned};

/// Qualifies the names of a query that the default search path would not find, and gives the objects that it reads,
/// views themselves and not what they read.
pub(super) fn resolve(binder: &Binder<'_>, query: &mut Query) -> SqlResult<BTreeSet<ObjectId>> {
    let mut resolver = Resolver::new(binder);
    resolver.query(query)?;
    Ok(resolver.reads)
}

/// Types of parameters that are moments: `AS OF LSN $1`.
pub(super) fn moment_parameters(query: &mut Query, types: &mut [Option<SqlType>]) {
    struct Moments<'t>(&'t mut [Option<SqlType>]);
    impl Moments<'_> {
        fn moment(&mut self, version: &TableVersion) {
            let index = parameter(version).and_then(parameter_index);
            if let Some(slot @ None) = index.and_then(|index| self.0.get_mut(index)) {
                *slot = Some(match version {
                    TableVersion::VersionAsOf(_) => Kind::Int8.into(),
                    _ => Kind::Timestamptz.into(),
                });
            }
        }
    }
    impl VisitorMut for Moments<'_> {
        type Break = ();

        fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<()> {
            if let Some(version) = take_clause(query) {
                self.moment(&version);
                set_clause(query, version);
            }
            ControlFlow::Continue(())
        }

        fn pre_visit_table_factor(&mut self, factor: &mut TableFactor) -> ControlFlow<()> {
            if let TableFactor::Table { version: Some(version), .. } = factor {
                self.moment(version);
            }
            ControlFlow::Continue(())
        }
    }
    let _ = query.visit(&mut Moments(types));
}

/// The index from 0 of `$1`, `$2`, ….
pub(super) fn parameter_index(expr: &Expr) -> Option<usize> {
    let Expr::Value(value) = expr else { return None };
    let ast::Value::Placeholder(name) = &value.value else { return None };
    name.strip_prefix('$')?.parse::<usize>().ok()?.checked_sub(1)
}

struct Resolver<'b, 'a> {
    binder: &'b Binder<'a>,
    reads: BTreeSet<ObjectId>,
    /// Names of common table expressions in scope, innermost last.
    scopes: Vec<HashSet<String>>,
    /// The moment at which the query at hand reads what has none of its own; None: now.
    as_of: Option<TableVersion>,
}

/// What a name in FROM stands for.
enum Named {
    /// A common table expression.
    Query,
    /// A relation of the system's.
    System,
    /// An object of the catalog.
    Object,
}

impl<'b, 'a> Resolver<'b, 'a> {
    fn new(binder: &'b Binder<'a>) -> Self {
        Self { binder, reads: BTreeSet::new(), scopes: vec![], as_of: None }
    }

    fn query(&mut self, query: &mut Query) -> SqlResult<()> {
        self.scopes.push(HashSet::new());
        let around = self.as_of.clone();
        if let Some(moment) = take_clause(query) {
            self.as_of = Some(moment);
        }
        let result = self.query_in_scope(query);
        self.as_of = around;
        self.scopes.pop();
        result
    }

    fn query_in_scope(&mut self, query: &mut Query) -> SqlResult<()> {
        if let Some(with) = &mut query.with {
            if with.recursive {
                let names: Vec<String> =
                    with.cte_tables.iter().map(|cte| fold_identifier(&cte.alias.name)).collect();
                names.into_iter().for_each(|name| self.define(name));
            }
            for cte in &mut with.cte_tables {
                self.query(&mut cte.query)?;
                self.define(fold_identifier(&cte.alias.name));
            }
        }
        self.set_expression(&mut query.body)?;
        if let Some(order_by) = &mut query.order_by
            && let OrderByKind::Expressions(expressions) = &mut order_by.kind
        {
            for item in expressions {
                self.subqueries(&mut item.expr)?;
            }
        }
        Ok(())
    }

    fn define(&mut self, name: String) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name);
        }
    }

    fn set_expression(&mut self, body: &mut SetExpr) -> SqlResult<()> {
        match body {
            SetExpr::Select(select) => self.select(select),
            SetExpr::Query(query) => self.query(query),
            SetExpr::SetOperation { left, right, .. } => {
                self.set_expression(left)?;
                self.set_expression(right)
            }
            SetExpr::Values(values) => {
                let mut cells = values.rows.iter_mut().flat_map(|row| row.iter_mut());
                cells.try_for_each(|cell| self.subqueries(cell))
            }
            SetExpr::Table(table) => {
                *body = *super::from::table_query(table)?.body;
                self.set_expression(body)
            }
            _ => Err(SqlError::unsupported(
                "a data-modifying statement inside a query is not built",
                "run it as a statement of its own",
            )),
        }
    }

    fn select(&mut self, select: &mut Select) -> SqlResult<()> {
        let mut from = std::mem::take(&mut select.from);
        for table in &mut from {
            self.table_with_joins(table)?;
        }
        // What is left of the select are expressions; FROM is put back after.
        self.subqueries(select)?;
        select.from = from;
        Ok(())
    }

    fn table_with_joins(&mut self, table: &mut TableWithJoins) -> SqlResult<()> {
        self.factor(&mut table.relation)?;
        for join in &mut table.joins {
            self.factor(&mut join.relation)?;
            if let Some(JoinConstraint::On(condition)) = constraint(&mut join.join_operator) {
                self.subqueries(condition)?;
            }
        }
        Ok(())
    }

    fn factor(&mut self, factor: &mut TableFactor) -> SqlResult<()> {
        if let Some(table) = flink_spelling(factor) {
            *factor = table;
        }
        match factor {
            TableFactor::Table { name, args: None, version, .. } => {
                let named = self.relation(name)?;
                let said = version.take();
                *version = self.moment(&named, said, name)?;
            }
            TableFactor::Table { name, args: Some(args), .. } => {
                let function = name.0.last().and_then(ObjectNamePart::as_ident).map(fold_identifier);
                if is_window_function(&function.unwrap_or_default()) {
                    self.window_input(args.args.first_mut())?;
                } else {
                    self.arguments(&mut args.args)?;
                }
            }
            TableFactor::Derived { subquery, .. } => self.query(subquery)?,
            TableFactor::NestedJoin { table_with_joins, .. } => self.table_with_joins(table_with_joins)?,
            TableFactor::Function { args, .. } => self.arguments(args)?,
            TableFactor::UNNEST { array_exprs, .. } => {
                array_exprs.iter_mut().try_for_each(|array| self.subqueries(array))?;
            }
            _ => {}
        }
        Ok(())
    }

    fn arguments(&mut self, args: &mut [FunctionArg]) -> SqlResult<()> {
        for arg in args {
            if let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = arg {
                self.subqueries(expr)?;
            }
        }
        Ok(())
    }

    /// The moment at which a relation is read: the one that was said with it, or that of the query around it.
    fn moment(
        &self,
        named: &Named,
        said: Option<TableVersion>,
        name: &ObjectName,
    ) -> SqlResult<Option<TableVersion>> {
        match named {
            Named::Object => Ok(said.or_else(|| self.as_of.clone())),
            Named::Query if said.is_some() => Err(SqlError::unsupported(
                format!("\"{name}\" is a query of this statement: it is not read AS OF a moment as a whole"),
                "put AS OF at the end of that query, within its parentheses",
            )),
            Named::System if said.is_some() || self.as_of.is_some() => Err(SqlError::unsupported(
                format!("\"{name}\" has no history to be read AS OF a moment"),
                "streams and views have one",
            )),
            Named::Query | Named::System => Ok(None),
        }
    }

    /// Resolves the relation that a window function reads.
    fn window_input(&mut self, input: Option<&mut FunctionArg>) -> SqlResult<()> {
        let Some(FunctionArg::Unnamed(FunctionArgExpr::Expr(expr))) = input else { return Ok(()) };
        if let Some(moment) = self.as_of.clone()
            && let Some(name) = relation_name(expr)
            && matches!(self.relation(&mut name.clone())?, Named::Object)
        {
            *expr = Expr::Subquery(versioned(&name, &moment)?);
        }
        if let Expr::Subquery(query) = expr {
            return self.query(query);
        }
        let Some(mut name) = relation_name(expr) else { return Ok(()) };
        self.relation(&mut name)?;
        let parts: Vec<Ident> = name.0.iter().filter_map(|part| part.as_ident().cloned()).collect();
        *expr = match parts.as_slice() {
            [one] => Expr::Identifier(one.clone()),
            _ => Expr::CompoundIdentifier(parts),
        };
        Ok(())
    }

    /// Checks that a relation is there, and says what it is.
    fn relation(&mut self, name: &mut ObjectName) -> SqlResult<Named> {
        let parts: Vec<&Ident> = name.0.iter().filter_map(ObjectNamePart::as_ident).collect();
        let at = parts.first().and_then(|part| self.binder.position(part));
        let folded: Vec<String> = parts.iter().map(|part| fold_identifier(part)).collect();
        let (schema, table) = match folded.as_slice() {
            [table] if self.scopes.iter().any(|scope| scope.contains(table)) => return Ok(Named::Query),
            [table] => (None, table),
            // The database's own name may stand in front.
            [schema, table] | [_, schema, table] => (Some(schema.as_str()), table),
            _ => {
                let message = format!("improper relation name (too many dotted names): {name}");
                return Err(SqlError::syntax(message, at));
            }
        };
        let Some(found) = self.binder.find(schema, table) else {
            let message = format!("relation \"{}\" does not exist", folded.join("."));
            return Err(SqlError { position: at, ..SqlError::new(SqlState::UndefinedTable, message) });
        };
        if folded.len() == 3 {
            name.0.remove(0);
        }
        let Found::Object(object) = found else { return Ok(Named::System) };
        refuse_sink(&object).map_err(|error| SqlError { position: at, ..error })?;
        self.reads.insert(object.id);
        if schema.is_none() && object.name.schema != DEFAULT_SCHEMA {
            name.0.insert(0, ObjectNamePart::Identifier(Ident::with_quote('"', &object.name.schema)));
        }
        Ok(Named::Object)
    }

    /// Resolves the queries nested in expressions.
    fn subqueries(&mut self, node: &mut impl VisitMut) -> SqlResult<()> {
        struct Nested<'r, 'b, 'a> {
            resolver: &'r mut Resolver<'b, 'a>,
            depth: usize,
        }
        impl VisitorMut for Nested<'_, '_, '_> {
            type Break = SqlError;

            fn pre_visit_query(&mut self, query: &mut Query) -> ControlFlow<SqlError> {
                self.depth += 1;
                if self.depth == 1
                    && let Err(error) = self.resolver.query(query)
                {
                    return ControlFlow::Break(error);
                }
                ControlFlow::Continue(())
            }

            fn post_visit_query(&mut self, _query: &mut Query) -> ControlFlow<SqlError> {
                self.depth -= 1;
                ControlFlow::Continue(())
            }
        }
        match node.visit(&mut Nested { resolver: self, depth: 0 }) {
            ControlFlow::Break(error) => Err(error),
            ControlFlow::Continue(()) => Ok(()),
        }
    }
}

/// The relation that an argument names.
fn relation_name(expr: &Expr) -> Option<ObjectName> {
    match expr {
        Expr::Identifier(name) => Some(ObjectName::from(vec![name.clone()])),
        Expr::CompoundIdentifier(names) => Some(ObjectName::from(names.clone())),
        _ => None,
    }
}

/// The condition of a join.
pub(super) fn constraint_of(operator: &JoinOperator) -> Option<&JoinConstraint> {
    match operator {
        JoinOperator::Join(constraint)
        | JoinOperator::Inner(constraint)
        | JoinOperator::Left(constraint)
        | JoinOperator::LeftOuter(constraint)
        | JoinOperator::Right(constraint)
        | JoinOperator::RightOuter(constraint)
        | JoinOperator::FullOuter(constraint)
        | JoinOperator::CrossJoin(constraint) => Some(constraint),
        _ => None,
    }
}

fn constraint(operator: &mut JoinOperator) -> Option<&mut JoinConstraint> {
    match operator {
        JoinOperator::Join(constraint)
        | JoinOperator::Inner(constraint)
        | JoinOperator::Left(constraint)
        | JoinOperator::LeftOuter(constraint)
        | JoinOperator::Right(constraint)
        | JoinOperator::RightOuter(constraint)
        | JoinOperator::FullOuter(constraint)
        | JoinOperator::CrossJoin(constraint)
        | JoinOperator::Semi(constraint)
        | JoinOperator::LeftSemi(constraint)
        | JoinOperator::RightSemi(constraint)
        | JoinOperator::Anti(constraint)
        | JoinOperator::LeftAnti(constraint)
        | JoinOperator::RightAnti(constraint)
        | JoinOperator::AsOf { constraint, .. } => Some(constraint),
        _ => None,
    }
}
