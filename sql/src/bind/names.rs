//! The pass over a query's tree before DataFusion plans it: every relation is known (42P01 with its position),
//! every output column has the name that Postgres gives it, and `*` leaves hidden columns out.
//!
//! Hidden columns: only where the text names one of them do sources show them, and then each `*` becomes a list of
//! `relation.* EXCLUDE (…)`, so that all other queries are planned as if there were none.

use std::collections::{BTreeSet, HashSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use arrow::datatypes::DataType;
use datafusion::sql::sqlparser::ast::{
    self, Expr, FunctionArg, FunctionArgExpr, GroupByExpr, Ident, JoinConstraint, JoinOperator, ObjectName,
    ObjectNamePart, OrderByKind, Query, Select, SelectItem, SelectItemQualifiedWildcardKind, SetExpr,
    TableAlias, TableFactor, TableVersion, TableWithJoins, VisitMut, VisitorMut,
};
use millstream_catalog::{DEFAULT_SCHEMA, Definition, HIDDEN_COLUMNS, Object, ObjectId, fold_name};

use super::column_name::column_name;
use super::window_function::{flink_spelling, is_window_function};
use super::{AsOf, Binder, Found, as_of, chains, literals, refuse_sink, spelling};
use crate::dialect::fold_identifier;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::parse::time_travel::{parameter, set_clause, take_clause, versioned};
use crate::types::{arrow_type, reg_type, timestamptz};

/// What the pass found out.
pub(super) struct Resolved {
    /// The query names a hidden column.
    pub hidden: bool,
    /// The objects that it reads, views themselves and not what they read.
    pub reads: BTreeSet<ObjectId>,
    /// The query as it came, with names qualified that the default search path would not find.
    pub canonical: Query,
}

/// Resolves names in place. With `number_all`, columns beside a `*` get names that cannot clash with its columns.
pub(super) fn resolve(binder: &Binder<'_>, query: &mut Query, number_all: bool) -> SqlResult<Resolved> {
    let mut canonical = query.clone();
    let mut first = Resolver::new(binder, false, number_all);
    first.canonical_only = true;
    first.query(&mut canonical)?;
    let mut resolver = Resolver::new(binder, names_hidden(query), number_all);
    resolver.query(query)?;
    literals::rewrite(query).map_err(|error| binder.in_text(error))?;
    spelling::rewrite(query);
    chains::balance(query);
    Ok(Resolved { hidden: resolver.hidden, reads: resolver.reads, canonical })
}

/// Types of parameters that stand in a cast, `$1::bigint`.
pub(super) fn cast_parameters(query: &Query, types: &mut [Option<DataType>]) -> SqlResult<()> {
    struct Casts<'t>(&'t mut [Option<DataType>]);
    impl VisitorMut for Casts<'_> {
        type Break = SqlError;

        fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<SqlError> {
            if let Expr::Cast { expr: inner, data_type, .. } = expr
                && let Some(index) = parameter_index(inner)
                && let Some(slot @ None) = self.0.get_mut(index)
            {
                // A name is given as text to what takes a number or a name.
                let known = match reg_type(data_type) {
                    Some(_) => Ok(DataType::Utf8),
                    None => arrow_type(data_type),
                };
                match known {
                    Ok(data_type) => *slot = Some(data_type),
                    Err(error) => return ControlFlow::Break(error),
                }
            }
            ControlFlow::Continue(())
        }
    }
    let mut query = query.clone();
    moment_parameters(&mut query, types);
    match query.visit(&mut Casts(types)) {
        ControlFlow::Break(error) => Err(error),
        ControlFlow::Continue(()) => Ok(()),
    }
}

/// Types of parameters that are moments: `AS OF LSN $1`.
fn moment_parameters(query: &mut Query, types: &mut [Option<DataType>]) {
    struct Moments<'t>(&'t mut [Option<DataType>]);
    impl Moments<'_> {
        fn moment(&mut self, version: &TableVersion) {
            let index = parameter(version).and_then(parameter_index);
            if let Some(slot @ None) = index.and_then(|index| self.0.get_mut(index)) {
                *slot = Some(match version {
                    TableVersion::VersionAsOf(_) => DataType::Int64,
                    _ => timestamptz(),
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

fn names_hidden(query: &Query) -> bool {
    struct Hidden;
    impl VisitorMut for Hidden {
        type Break = ();

        fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
            let last = match expr {
                Expr::Identifier(name) => Some(&*name),
                Expr::CompoundIdentifier(names) => names.last(),
                _ => None,
            };
            if last.is_some_and(|name| HIDDEN_COLUMNS.contains(&fold_identifier(name).as_str())) {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        }
    }
    query.clone().visit(&mut Hidden).is_break()
}

struct Resolver<'b, 'a> {
    binder: &'b Binder<'a>,
    hidden: bool,
    number_all: bool,
    /// Only qualifies names; neither aliases nor wildcards are touched.
    canonical_only: bool,
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
    Object(Arc<Object>),
}

impl Named {
    fn hidden(&self) -> Vec<&'static str> {
        match self {
            Named::Object(object) => hidden_columns(object),
            Named::Query | Named::System => vec![],
        }
    }
}

/// A relation in FROM: what qualifies its columns, and which of them are hidden.
struct FromItem {
    qualifier: ObjectName,
    hidden: Vec<&'static str>,
}

impl<'b, 'a> Resolver<'b, 'a> {
    fn new(binder: &'b Binder<'a>, hidden: bool, number_all: bool) -> Self {
        Self {
            binder,
            hidden,
            number_all,
            canonical_only: false,
            reads: BTreeSet::new(),
            scopes: vec![],
            as_of: None,
        }
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
            for cte in &mut with.cte_tables {
                let name = fold_identifier(&cte.alias.name);
                if with.recursive {
                    self.define(name);
                    self.query(&mut cte.query)?;
                } else {
                    self.query(&mut cte.query)?;
                    self.define(name);
                }
            }
        }
        let before = distinct_items(&query.body);
        self.set_expression(&mut query.body)?;
        if let Some(order_by) = &mut query.order_by
            && let OrderByKind::Expressions(expressions) = &mut order_by.kind
        {
            let after = distinct_items(&query.body);
            for item in expressions {
                self.subqueries(&mut item.expr)?;
                if !self.canonical_only {
                    by_name(&mut item.expr, &before, &after);
                }
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
                let quoted = |name: &Option<String>| {
                    name.as_deref().map(|name| format!("\"{}\"", fold_name(name).replace('"', "\"\"")))
                };
                let parts: Vec<String> =
                    [quoted(&table.schema_name), quoted(&table.table_name)].into_iter().flatten().collect();
                let select = super::stored_query(&format!("SELECT * FROM {}", parts.join(".")))?;
                *body = *select.body;
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
        let mut items = Some(vec![]);
        for table in &mut from {
            self.table_with_joins(table, &mut items)?;
        }
        // What is left of the select are expressions; FROM is put back after.
        self.subqueries(select)?;
        select.from = from;
        if self.canonical_only {
            return Ok(());
        }
        if self.hidden {
            self.expand_wildcards(select, items)?;
        }
        self.name_columns(select);
        Ok(())
    }

    fn table_with_joins(
        &mut self,
        table: &mut TableWithJoins,
        items: &mut Option<Vec<FromItem>>,
    ) -> SqlResult<()> {
        self.factor(&mut table.relation, items)?;
        for join in &mut table.joins {
            self.factor(&mut join.relation, items)?;
            let constraint = constraint(&mut join.join_operator);
            match constraint {
                Some(JoinConstraint::On(condition)) => self.subqueries(condition)?,
                Some(JoinConstraint::Using(_)) => *items = None,
                Some(JoinConstraint::Natural) if self.hidden && !self.canonical_only => {
                    return Err(SqlError::unsupported(
                        "NATURAL JOIN in a query that names hidden columns is not built",
                        "use JOIN … USING",
                    ));
                }
                Some(JoinConstraint::Natural) => *items = None,
                _ => {}
            }
        }
        Ok(())
    }

    /// Resolves one item of FROM. Items that cannot be qualified make `items` None.
    fn factor(&mut self, factor: &mut TableFactor, items: &mut Option<Vec<FromItem>>) -> SqlResult<()> {
        if let Some(table) = flink_spelling(factor) {
            *factor = table;
        }
        if let Some(plain) = spelling::from_item(factor) {
            *factor = plain;
        }
        let derived = format!("\0derived{}", items.as_ref().map_or(0, Vec::len));
        match factor {
            TableFactor::Table { name, args: None, alias, version, .. } => {
                let named = self.relation(name)?;
                let said = version.take();
                if let Some(moment) = self.moment(&named, said, name)? {
                    self.read_at(moment, name, alias, version)?;
                }
                let hidden = named.hidden();
                let qualifier = alias.as_ref().map_or_else(|| name.clone(), |alias| bare(&alias.name));
                push(items, qualifier, hidden);
            }
            TableFactor::Table { name, args: Some(args), alias, .. } => {
                let function = name.0.last().and_then(ObjectNamePart::as_ident).map(fold_identifier);
                let function = function.unwrap_or_default();
                let mut hidden = vec![];
                if is_window_function(&function) {
                    hidden = self.window_input(args.args.first_mut())?;
                } else if !self.binder.functions.tables.contains_key(&function) {
                    return Err(self.no_function(&function, name));
                }
                if self.canonical_only {
                    return Ok(());
                }
                let alias = alias.get_or_insert_with(|| table_alias(&function));
                if function == "generate_series" && alias.columns.is_empty() {
                    let column = ast::TableAliasColumnDef { name: alias.name.clone(), data_type: None };
                    alias.columns.push(column);
                }
                push(items, bare(&alias.name), hidden);
            }
            TableFactor::Derived { subquery, alias, .. } => {
                self.query(subquery)?;
                if self.hidden && !self.canonical_only {
                    let alias = alias.get_or_insert_with(|| table_alias(&derived));
                    push(items, bare(&alias.name), vec![]);
                }
            }
            TableFactor::NestedJoin { table_with_joins, alias } => {
                self.table_with_joins(table_with_joins, items)?;
                if alias.is_some() {
                    *items = None;
                }
            }
            TableFactor::Function { args, .. } => {
                for arg in args {
                    if let FunctionArg::Unnamed(FunctionArgExpr::Expr(expr)) = arg {
                        self.subqueries(expr)?;
                    }
                }
                *items = None;
            }
            _ => *items = None,
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
            Named::Object(_) => Ok(said.or_else(|| self.as_of.clone())),
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

    /// Makes an item of FROM one that is read at a moment: for the planner, that is a part of its name.
    fn read_at(
        &self,
        moment: TableVersion,
        name: &mut ObjectName,
        alias: &mut Option<TableAlias>,
        version: &mut Option<TableVersion>,
    ) -> SqlResult<()> {
        if self.canonical_only {
            *version = Some(moment);
            return Ok(());
        }
        let as_of = AsOf::of(&moment)?;
        if let Some(ObjectNamePart::Identifier(last)) = name.0.last_mut() {
            let table = fold_identifier(last);
            alias.get_or_insert_with(|| table_alias(&table));
            (last.value, last.quote_style) = (as_of::name_at(&table, &as_of), Some('"'));
        }
        Ok(())
    }

    /// Resolves the relation that a window function reads; gives its hidden columns.
    fn window_input(&mut self, input: Option<&mut FunctionArg>) -> SqlResult<Vec<&'static str>> {
        let Some(FunctionArg::Unnamed(FunctionArgExpr::Expr(expr))) = input else { return Ok(vec![]) };
        if let Some(moment) = self.as_of.clone()
            && let Some(name) = relation_name(expr)
            && matches!(self.relation(&mut name.clone())?, Named::Object(_))
        {
            *expr = Expr::Subquery(versioned(&name, &moment)?);
        }
        if let Expr::Subquery(query) = expr {
            let hidden = if self.hidden { self.show_hidden(query)? } else { vec![] };
            self.query(query)?;
            return Ok(hidden);
        }
        let Some(mut name) = relation_name(expr) else { return Ok(vec![]) };
        let named = self.relation(&mut name)?;
        let parts: Vec<Ident> = name.0.iter().filter_map(|part| part.as_ident().cloned()).collect();
        *expr = match parts.as_slice() {
            [one] => Expr::Identifier(one.clone()),
            _ => Expr::CompoundIdentifier(parts),
        };
        Ok(named.hidden())
    }

    /// Lets `SELECT * FROM stream AS OF …`, which stands for a stream alone, show its hidden columns too.
    fn show_hidden(&mut self, query: &mut Query) -> SqlResult<Vec<&'static str>> {
        let Some((name, projection)) = versioned_relation(query) else { return Ok(vec![]) };
        let hidden = self.relation(&mut name.clone())?.hidden();
        projection
            .extend(hidden.iter().map(|name| SelectItem::UnnamedExpr(Expr::Identifier(Ident::new(*name)))));
        Ok(hidden)
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
        if self.canonical_only && schema.is_none() && object.name.schema != DEFAULT_SCHEMA {
            name.0.insert(0, ObjectNamePart::Identifier(Ident::with_quote('"', &object.name.schema)));
        }
        Ok(Named::Object(object))
    }

    fn no_function(&self, function: &str, name: &ObjectName) -> SqlError {
        let at = name.0.first().and_then(ObjectNamePart::as_ident);
        let at = at.and_then(|part| self.binder.position(part));
        let message = format!("function {function} does not exist in FROM");
        let hint = "in FROM there are TUMBLE, HOP and generate_series";
        SqlError { position: at, ..SqlError::new(SqlState::UndefinedFunction, message).with_hint(hint) }
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

    /// Spells `*` out so that it leaves hidden columns out.
    fn expand_wildcards(&self, select: &mut Select, items: Option<Vec<FromItem>>) -> SqlResult<()> {
        let wild = |item: &SelectItem| matches!(item, SelectItem::Wildcard(_));
        if items.is_none() && select.projection.iter().any(wild) {
            return Err(SqlError::unsupported(
                "* over JOIN … USING or a function, in a query that names hidden columns, is not built",
                "name the columns, or use JOIN … ON",
            ));
        }
        let items = items.unwrap_or_default();
        let mut projection = vec![];
        for item in std::mem::take(&mut select.projection) {
            match item {
                SelectItem::Wildcard(options)
                    if options.opt_exclude.is_none() && options.opt_except.is_none() =>
                {
                    for from in &items {
                        projection.push(wildcard(from, options.clone()));
                    }
                }
                SelectItem::QualifiedWildcard(SelectItemQualifiedWildcardKind::ObjectName(name), options)
                    if options.opt_exclude.is_none() && options.opt_except.is_none() =>
                {
                    let last = |name: &ObjectName| {
                        name.0.last().and_then(ObjectNamePart::as_ident).map(fold_identifier)
                    };
                    let from = items.iter().find(|from| last(&from.qualifier) == last(&name));
                    let hidden = from.map_or(vec![], |from| from.hidden.clone());
                    projection.push(wildcard(&FromItem { qualifier: name, hidden }, options));
                }
                other => projection.push(other),
            }
        }
        select.projection = projection;
        Ok(())
    }

    /// Gives every output column the name that Postgres would give it, and the second of a name a number.
    fn name_columns(&self, select: &mut Select) {
        let is_wildcard =
            |item: &SelectItem| matches!(item, SelectItem::Wildcard(_) | SelectItem::QualifiedWildcard(..));
        let beside_wildcard = self.number_all && select.projection.iter().any(is_wildcard);
        let in_having = identifiers(select);
        let mut taken = HashSet::new();
        for (index, item) in select.projection.iter_mut().enumerate() {
            let (expr, given) = match item {
                SelectItem::UnnamedExpr(expr) => (&*expr, None),
                SelectItem::ExprWithAlias { expr, alias } => (&*expr, Some(fold_identifier(alias))),
                _ => continue,
            };
            let column = matches!(expr, Expr::Identifier(_) | Expr::CompoundIdentifier(_));
            let implicit = given.is_none() && !column;
            let name = given.clone().unwrap_or_else(|| column_name(expr));
            let hidden = HIDDEN_COLUMNS.contains(&name.as_str());
            // A name that Postgres only shows must not be found by HAVING, which DataFusion would let.
            let numbered = taken.contains(&name)
                || (beside_wildcard && !hidden)
                || (implicit && in_having.contains(&name));
            taken.insert(name.clone());
            if !numbered && !implicit {
                continue;
            }
            let name = if numbered { format!("{name}\0{index}") } else { name };
            *item = SelectItem::ExprWithAlias { expr: expr.clone(), alias: Ident::with_quote('"', name) };
        }
    }
}

/// The output columns of SELECT DISTINCT; none of other queries.
fn distinct_items(body: &SetExpr) -> Vec<SelectItem> {
    match body {
        SetExpr::Select(select) if select.distinct.is_some() => select.projection.clone(),
        _ => vec![],
    }
}

/// Under DISTINCT, an ORDER BY expression is one of the output columns: it is put by the column's name, since
/// DataFusion knows it by no other.
fn by_name(expr: &mut Expr, before: &[SelectItem], after: &[SelectItem]) {
    for (old, new) in before.iter().zip(after) {
        let (SelectItem::UnnamedExpr(old) | SelectItem::ExprWithAlias { expr: old, .. }) = old else {
            return;
        };
        if let SelectItem::ExprWithAlias { alias, .. } = new
            && old == expr
            && !matches!(expr, Expr::Value(_))
        {
            *expr = Expr::Identifier(Ident::with_quote('"', fold_identifier(alias)));
            return;
        }
    }
}

/// The identifiers that HAVING and QUALIFY name.
fn identifiers(select: &Select) -> HashSet<String> {
    struct Names(HashSet<String>);
    impl VisitorMut for Names {
        type Break = ();

        fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
            if let Expr::Identifier(name) = expr {
                self.0.insert(fold_identifier(name));
            }
            ControlFlow::Continue(())
        }
    }
    let mut names = Names(HashSet::new());
    for clause in [&select.having, &select.qualify].into_iter().flatten() {
        let _ = clause.clone().visit(&mut names);
    }
    if let GroupByExpr::All(_) = select.group_by {
        return HashSet::new();
    }
    names.0
}

/// The relation that an argument names.
fn relation_name(expr: &Expr) -> Option<ObjectName> {
    match expr {
        Expr::Identifier(name) => Some(ObjectName::from(vec![name.clone()])),
        Expr::CompoundIdentifier(names) => Some(ObjectName::from(names.clone())),
        _ => None,
    }
}

/// The name and the output of `SELECT * FROM name AS OF …`, if a query is that.
fn versioned_relation(query: &mut Query) -> Option<(ObjectName, &mut Vec<SelectItem>)> {
    let SetExpr::Select(select) = query.body.as_mut() else { return None };
    let [TableWithJoins { relation, joins }] = select.from.as_slice() else { return None };
    match relation {
        TableFactor::Table { name, version: Some(_), alias: None, args: None, .. }
            if joins.is_empty() && matches!(select.projection.as_slice(), [SelectItem::Wildcard(_)]) =>
        {
            Some((name.clone(), &mut select.projection))
        }
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

fn hidden_columns(object: &Object) -> Vec<&'static str> {
    match &object.definition {
        Definition::Stream(stream) => {
            let count = if stream.watermark.is_some() { 5 } else { 4 };
            HIDDEN_COLUMNS[..count].to_vec()
        }
        _ => vec![],
    }
}

fn push(items: &mut Option<Vec<FromItem>>, qualifier: ObjectName, hidden: Vec<&'static str>) {
    if let Some(items) = items {
        items.push(FromItem { qualifier, hidden });
    }
}

fn bare(name: &Ident) -> ObjectName {
    ObjectName::from(vec![name.clone()])
}

fn table_alias(name: &str) -> TableAlias {
    TableAlias { explicit: true, name: Ident::with_quote('"', name), columns: vec![], at: None }
}

fn wildcard(from: &FromItem, mut options: ast::WildcardAdditionalOptions) -> SelectItem {
    if !from.hidden.is_empty() {
        let names = from.hidden.iter().map(|name| ObjectName::from(vec![Ident::new(*name)])).collect();
        options.opt_exclude = Some(ast::ExcludeSelectItem::Multiple(names));
    }
    let qualifier = SelectItemQualifiedWildcardKind::ObjectName(from.qualifier.clone());
    SelectItem::QualifiedWildcard(qualifier, options)
}
