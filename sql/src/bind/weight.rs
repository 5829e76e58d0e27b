//! How large a query is once its views and common table expressions stand in the place of their names.
//!
//! Each is planned anew wherever it is named, so a short text can be a huge plan: of two dozen expressions that each
//! read the one before twice, the last reads the first sixteen million times. So the relations are counted before
//! anything is planned, each definition once.

use std::collections::HashMap;
use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{
    Expr, FunctionArg, FunctionArgExpr, ObjectNamePart, Query, TableFactor, Visit, Visitor,
};
use millstream_catalog::{Definition, Object, ObjectId};

use super::{Binder, Found, stored_query};
use crate::error::{SqlError, SqlResult};
use crate::text::dialect::fold_identifier;
use crate::text::limits::{self, MAX_EXPANDED_RELATIONS, MAX_VIEW_DEPTH};

/// What is planned in the place of its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expand {
    /// Views, as every query has it.
    Views,
    /// Materialized views too: a view over a view is planned as one tree down to the streams.
    AllViews,
}

/// 54001 when a query reads too many relations.
pub(crate) fn check(binder: &Binder<'_>, query: &Query, expand: Expand) -> SqlResult<()> {
    let mut weigher = Weigher { binder, expand, views: HashMap::new(), scopes: vec![], depth: 0 };
    let weight = weigher.query(query)?;
    if weight > MAX_EXPANDED_RELATIONS {
        let detail = format!(
            "with its views and common table expressions in place it reads more than {MAX_EXPANDED_RELATIONS} relations"
        );
        let hint = "make a materialized view of what is read many times";
        return Err(limits::too_complex(detail, None).with_hint(hint));
    }
    Ok(())
}

struct Weigher<'b, 'a> {
    binder: &'b Binder<'a>,
    expand: Expand,
    /// Relations behind each view that was met.
    views: HashMap<ObjectId, u64>,
    /// Common table expressions in scope and the relations behind them, innermost last.
    scopes: Vec<HashMap<String, u64>>,
    /// Views within one another.
    depth: usize,
}

impl Weigher<'_, '_> {
    fn query(&mut self, query: &Query) -> SqlResult<u64> {
        self.scopes.push(HashMap::new());
        let weight = self.in_scope(query);
        self.scopes.pop();
        weight
    }

    fn in_scope(&mut self, query: &Query) -> SqlResult<u64> {
        if let Some(with) = &query.with {
            for cte in &with.cte_tables {
                let name = fold_identifier(&cte.alias.name);
                if with.recursive {
                    self.define(name.clone(), 1);
                }
                let weight = self.query(&cte.query)?;
                self.define(name, weight.saturating_add(1));
            }
        }
        let of_body = self.relations(query.body.as_ref())?;
        let of_order = self.relations(&query.order_by)?;
        Ok(of_body.saturating_add(of_order))
    }

    fn define(&mut self, name: String, weight: u64) {
        if let Some(scope) = self.scopes.last_mut() {
            scope.insert(name, weight);
        }
    }

    /// The relations of a part of a query, those of the queries in it included.
    fn relations(&mut self, part: &impl Visit) -> SqlResult<u64> {
        struct Relations<'w, 'b, 'a> {
            weigher: &'w mut Weigher<'b, 'a>,
            total: u64,
            /// Queries around the place.
            depth: usize,
        }
        impl Relations<'_, '_, '_> {
            fn add(&mut self, weight: SqlResult<u64>) -> ControlFlow<SqlError> {
                match weight {
                    Ok(weight) => {
                        self.total = self.total.saturating_add(weight);
                        ControlFlow::Continue(())
                    }
                    Err(error) => ControlFlow::Break(error),
                }
            }
        }
        impl Visitor for Relations<'_, '_, '_> {
            type Break = SqlError;

            fn pre_visit_query(&mut self, query: &Query) -> ControlFlow<SqlError> {
                self.depth += 1;
                match self.depth {
                    1 => {
                        let weight = self.weigher.query(query);
                        self.add(weight)
                    }
                    _ => ControlFlow::Continue(()),
                }
            }

            fn post_visit_query(&mut self, _query: &Query) -> ControlFlow<SqlError> {
                self.depth -= 1;
                ControlFlow::Continue(())
            }

            fn pre_visit_table_factor(&mut self, factor: &TableFactor) -> ControlFlow<SqlError> {
                match factor_name(factor) {
                    Some(name) if self.depth == 0 => {
                        let weight = self.weigher.relation(&name);
                        self.add(weight)
                    }
                    _ => ControlFlow::Continue(()),
                }
            }
        }
        let mut relations = Relations { weigher: self, total: 0, depth: 0 };
        match part.visit(&mut relations) {
            ControlFlow::Break(error) => Err(error),
            ControlFlow::Continue(()) => Ok(relations.total),
        }
    }

    fn relation(&mut self, name: &[String]) -> SqlResult<u64> {
        let (schema, table) = match name {
            [table] => {
                if let Some(weight) = self.scopes.iter().rev().find_map(|scope| scope.get(table)) {
                    return Ok(*weight);
                }
                (None, table)
            }
            [schema, table] | [_, schema, table] => (Some(schema.as_str()), table),
            _ => return Ok(1),
        };
        match self.binder.find(schema, table) {
            Some(Found::Object(object)) => self.object(&object),
            // What is not there is refused by those who look it up to read it.
            _ => Ok(1),
        }
    }

    fn object(&mut self, object: &Object) -> SqlResult<u64> {
        let text = match &object.definition {
            Definition::View(view) => &view.query,
            Definition::MaterializedView(view) if self.expand == Expand::AllViews => &view.query,
            _ => return Ok(1),
        };
        if let Some(weight) = self.views.get(&object.id) {
            return Ok(*weight);
        }
        if self.depth == MAX_VIEW_DEPTH {
            let detail = format!("views read one another more than {MAX_VIEW_DEPTH} levels deep");
            return Err(limits::too_complex(detail, None));
        }
        let query = stored_query(text)?;
        // A view sees none of the names around it, and is bound in the default search path.
        let path = [millstream_catalog::DEFAULT_SCHEMA.to_owned()];
        let binder = Binder { search_path: &path, ..*self.binder };
        let views = std::mem::take(&mut self.views);
        let mut inner =
            Weigher { binder: &binder, expand: self.expand, views, scopes: vec![], depth: self.depth + 1 };
        let weight = inner.query(&query);
        self.views = inner.views;
        let weight = weight?.saturating_add(1);
        self.views.insert(object.id, weight);
        Ok(weight)
    }
}

/// The relation that an item of FROM names, itself or as the input of a window function.
fn factor_name(factor: &TableFactor) -> Option<Vec<String>> {
    let TableFactor::Table { name, args, .. } = factor else { return None };
    match args {
        None => Some(name.0.iter().filter_map(ObjectNamePart::as_ident).map(fold_identifier).collect()),
        Some(args) => match args.args.first()? {
            FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::Identifier(name))) => {
                Some(vec![fold_identifier(name)])
            }
            FunctionArg::Unnamed(FunctionArgExpr::Expr(Expr::CompoundIdentifier(names))) => {
                Some(names.iter().map(fold_identifier).collect())
            }
            _ => None,
        },
    }
}
