//! WITH: in which order its queries are bound, and where a recursive one may read itself.
//!
//! Queries of `WITH RECURSIVE` may read any other of the same WITH that does not read them in turn. One that reads itself
//! has the form `non-recursive UNION [ALL] recursive`, and reads itself once in the recursive term: not within a subquery
//! of an expression, not where an outer join fills up with NULL, not within EXCEPT (PostgreSQL's `parse_cte.c`).

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Cte, Expr, Ident, JoinConstraint, JoinOperator, ObjectNamePart, Query, Select, SetExpr, SetOperator,
    SetQuantifier, TableFactor, TableWithJoins, Visit, Visitor, With,
};

use super::names::constraint_of;
use crate::error::{SqlError, SqlResult, SqlState, position};
use crate::text::dialect::fold_identifier;

/// Where in a query a relation is read, as far as that matters to one that reads itself.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Place {
    /// Where it may stand.
    Plain,
    NonRecursive,
    Subquery,
    OuterJoin,
    Intersect,
    Except,
}

impl Place {
    fn words(self) -> &'static str {
        match self {
            Place::Plain => "more than once",
            Place::NonRecursive => "within its non-recursive term",
            Place::Subquery => "within a subquery",
            Place::OuterJoin => "within an outer join",
            Place::Intersect => "within INTERSECT",
            Place::Except => "within EXCEPT",
        }
    }
}

/// The queries of a WITH in the order in which they are bound, each with whether it reads itself.
pub(super) fn ordered(with: &With) -> SqlResult<Vec<(&Cte, bool)>> {
    if !with.recursive {
        return Ok(with.cte_tables.iter().map(|cte| (cte, false)).collect());
    }
    let names: Vec<String> = with.cte_tables.iter().map(|cte| fold_identifier(&cte.alias.name)).collect();
    let mut reads: Vec<Vec<usize>> = vec![];
    for cte in &with.cte_tables {
        let mut found = vec![];
        let mut note = |name: &str, _: &Ident, _: Place| {
            found.extend(names.iter().position(|own| own == name));
            Ok(())
        };
        Walk::new(Place::Plain, &mut note).query(&cte.query)?;
        reads.push(found);
    }
    let mut order: Vec<(&Cte, bool)> = vec![];
    let mut left: Vec<usize> = (0..names.len()).collect();
    while !left.is_empty() {
        let ready =
            |index: &&usize| reads[**index].iter().all(|other| other == *index || !left.contains(other));
        let Some(next) = left.iter().find(ready).copied() else {
            let message = "mutual recursion between WITH items is not implemented";
            let at = position(with.cte_tables[left[0]].alias.name.span.start.column);
            return Err(SqlError { position: at, ..SqlError::new(SqlState::FeatureNotSupported, message) });
        };
        left.retain(|index| *index != next);
        let recursive = reads[next].contains(&next);
        order.push((&with.cte_tables[next], recursive));
    }
    for (cte, recursive) in &order {
        if *recursive {
            check(cte)?;
        }
    }
    Ok(order)
}

/// The set operation that a recursive query is: `(left, right, whether ALL was said)`.
pub(super) fn terms(cte: &Cte) -> SqlResult<(&SetExpr, &SetExpr, bool)> {
    match cte.query.body.as_ref() {
        SetExpr::SetOperation { op: SetOperator::Union, set_quantifier, left, right } => {
            Ok((left, right, *set_quantifier == SetQuantifier::All))
        }
        _ => {
            let message = format!(
                "recursive query \"{}\" does not have the form non-recursive-term UNION [ALL] recursive-term",
                fold_identifier(&cte.alias.name)
            );
            let at = position(cte.alias.name.span.start.column);
            Err(SqlError { position: at, ..SqlError::new(SqlState::InvalidRecursion, message) })
        }
    }
}

/// 42P19 where a query that reads itself does so at a wrong place.
fn check(cte: &Cte) -> SqlResult<()> {
    let name = fold_identifier(&cte.alias.name);
    let (left, right, _) = terms(cte)?;
    let mut count = 0;
    let mut reference = |found: &str, at: &Ident, place: Place| {
        if found != name {
            return Ok(());
        }
        count += usize::from(place == Place::Plain);
        if place == Place::Plain && count < 2 {
            return Ok(());
        }
        let message = format!("recursive reference to query \"{name}\" must not appear {}", place.words());
        let at = position(at.span.start.column);
        Err(SqlError { position: at, ..SqlError::new(SqlState::InvalidRecursion, message) })
    };
    if let Some(with) = &cte.query.with {
        Walk::new(Place::Subquery, &mut reference).with(with)?;
    }
    let hidden = cte.query.with.iter().flat_map(|with| &with.cte_tables);
    let hidden: Vec<String> = hidden.map(|inner| fold_identifier(&inner.alias.name)).collect();
    for (place, term) in [(Place::NonRecursive, left), (Place::Plain, right)] {
        let mut walk = Walk::new(place, &mut reference);
        walk.hidden.clone_from(&hidden);
        walk.body(term)?;
    }
    Ok(())
}

/// The name by which a SELECT reads a relation in its FROM itself, within joins but not within subqueries.
pub(super) fn reference_in<'s>(select: &'s Select, name: &str) -> Option<&'s Ident> {
    fn within<'s>(factor: &'s TableFactor, name: &str) -> Option<&'s Ident> {
        match factor {
            TableFactor::Table { name: found, args: None, alias, .. } => match found.0.as_slice() {
                [ObjectNamePart::Identifier(only)] if fold_identifier(only) == name => {
                    Some(alias.as_ref().map_or(only, |alias| &alias.name))
                }
                _ => None,
            },
            TableFactor::NestedJoin { table_with_joins, alias: None } => joined(table_with_joins, name),
            _ => None,
        }
    }
    fn joined<'s>(table: &'s TableWithJoins, name: &str) -> Option<&'s Ident> {
        let joins = table.joins.iter().map(|join| &join.relation);
        std::iter::once(&table.relation).chain(joins).find_map(|factor| within(factor, name))
    }
    select.from.iter().find_map(|table| joined(table, name))
}

type Reference<'f> = dyn FnMut(&str, &Ident, Place) -> SqlResult<()> + 'f;

/// Goes through a query and tells of each relation that it reads by a plain name.
struct Walk<'w, 'f> {
    place: Place,
    /// Names that queries of inner WITHs have taken.
    hidden: Vec<String>,
    reference: &'w mut Reference<'f>,
}

impl<'w, 'f> Walk<'w, 'f> {
    fn new(place: Place, reference: &'w mut Reference<'f>) -> Self {
        Self { place, hidden: vec![], reference }
    }

    /// Goes on at a place within one where a reference may stand; within any other, that one counts.
    fn at(&mut self, place: Place, walk: impl FnOnce(&mut Self) -> SqlResult<()>) -> SqlResult<()> {
        let before = self.place;
        if before == Place::Plain {
            self.place = place;
        }
        let walked = walk(self);
        self.place = before;
        walked
    }

    fn with(&mut self, with: &With) -> SqlResult<()> {
        let name = |cte: &Cte| fold_identifier(&cte.alias.name);
        if with.recursive {
            self.hidden.extend(with.cte_tables.iter().map(name));
        }
        for cte in &with.cte_tables {
            self.query(&cte.query)?;
            self.hidden.push(name(cte));
        }
        Ok(())
    }

    fn query(&mut self, query: &Query) -> SqlResult<()> {
        let before = self.hidden.len();
        if let Some(with) = &query.with {
            self.with(with)?;
        }
        self.body(&query.body)?;
        self.expressions(&query.order_by)?;
        self.expressions(&query.limit_clause)?;
        self.expressions(&query.fetch)?;
        self.hidden.truncate(before);
        Ok(())
    }

    fn body(&mut self, body: &SetExpr) -> SqlResult<()> {
        match body {
            SetExpr::Select(select) => self.select(select),
            SetExpr::Query(query) => self.query(query),
            SetExpr::SetOperation { op, set_quantifier, left, right } => {
                let all = *set_quantifier == SetQuantifier::All;
                let places = match op {
                    SetOperator::Union => [Place::Plain; 2],
                    SetOperator::Intersect if all => [Place::Intersect; 2],
                    SetOperator::Intersect => [Place::Plain; 2],
                    SetOperator::Except | SetOperator::Minus if all => [Place::Except; 2],
                    SetOperator::Except | SetOperator::Minus => [Place::Plain, Place::Except],
                };
                for (side, place) in [left, right].into_iter().zip(places) {
                    self.at(place, |walk| walk.body(side))?;
                }
                Ok(())
            }
            SetExpr::Values(values) => self.expressions(values),
            SetExpr::Table(table) => match (&table.schema_name, &table.table_name) {
                (None, Some(name)) => self.relation(&Ident::new(name)),
                _ => Ok(()),
            },
            // Refused where it is bound.
            SetExpr::Insert(_) | SetExpr::Update(_) | SetExpr::Delete(_) | SetExpr::Merge(_) => Ok(()),
        }
    }

    fn select(&mut self, select: &Select) -> SqlResult<()> {
        for table in &select.from {
            self.joined(&table.relation, &table.joins)?;
        }
        let rest = Select { from: vec![], ..select.clone() };
        self.expressions(&rest)
    }

    /// A relation and what is joined to it, the last join first: it is the outermost.
    fn joined(
        &mut self,
        relation: &TableFactor,
        joins: &[datafusion::sql::sqlparser::ast::Join],
    ) -> SqlResult<()> {
        let Some((last, before)) = joins.split_last() else { return self.factor(relation) };
        let (left, right) = match &last.join_operator {
            JoinOperator::Left(_) | JoinOperator::LeftOuter(_) => (Place::Plain, Place::OuterJoin),
            JoinOperator::Right(_) | JoinOperator::RightOuter(_) => (Place::OuterJoin, Place::Plain),
            JoinOperator::FullOuter(_) => (Place::OuterJoin, Place::OuterJoin),
            _ => (Place::Plain, Place::Plain),
        };
        self.at(left, |walk| walk.joined(relation, before))?;
        self.at(right, |walk| walk.factor(&last.relation))?;
        match constraint_of(&last.join_operator) {
            Some(JoinConstraint::On(condition)) => self.expressions(condition),
            _ => Ok(()),
        }
    }

    fn factor(&mut self, factor: &TableFactor) -> SqlResult<()> {
        match factor {
            TableFactor::Table { name, args: None, .. } => match name.0.as_slice() {
                [ObjectNamePart::Identifier(only)] => self.relation(only),
                _ => Ok(()),
            },
            TableFactor::Derived { subquery, .. } => self.query(subquery),
            TableFactor::NestedJoin { table_with_joins, .. } => {
                self.joined(&table_with_joins.relation, &table_with_joins.joins)
            }
            other => self.expressions(other),
        }
    }

    fn relation(&mut self, name: &Ident) -> SqlResult<()> {
        let folded = fold_identifier(name);
        if self.hidden.contains(&folded) {
            return Ok(());
        }
        (self.reference)(&folded, name, self.place)
    }

    /// The queries within expressions.
    fn expressions(&mut self, node: &impl Visit) -> SqlResult<()> {
        struct Nested<'n, 'w, 'f> {
            walk: &'n mut Walk<'w, 'f>,
            depth: usize,
        }
        impl Visitor for Nested<'_, '_, '_> {
            type Break = SqlError;

            fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<SqlError> {
                self.depth += 1;
                if self.depth > 1 {
                    return ControlFlow::Continue(());
                }
                let walked = self.walk.at(Place::Subquery, |walk| walk.query(query));
                walked.map_or_else(ControlFlow::Break, ControlFlow::Continue)
            }

            fn post_visit_query(&mut self, _query: &Query) -> ControlFlow<SqlError> {
                self.depth -= 1;
                ControlFlow::Continue(())
            }
        }
        match node.visit(&mut Nested { walk: self, depth: 0 }) {
            ControlFlow::Break(error) => Err(error),
            ControlFlow::Continue(()) => Ok(()),
        }
    }
}

/// The values of a mark of CYCLE where none are said.
pub(super) fn boolean(value: bool) -> Expr {
    Expr::value(datafusion::sql::sqlparser::ast::Value::Boolean(value))
}
