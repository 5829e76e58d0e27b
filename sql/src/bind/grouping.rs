//! Columns that a subquery takes from a grouped query around it, in terms of the groups.

use datafusion::common::Column;
use datafusion::common::tree_node::{Transformed, TreeNode, TreeNodeRecursion};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, LogicalPlan};

use super::scope::Scope;

/// A subquery expression whose outer columns are those of the groups; Err names one that is no key.
pub(crate) fn in_subquery(
    expr: Expr,
    scope: &Scope,
    keys: &[(Expr, Expr)],
) -> Result<std::result::Result<Expr, Column>> {
    let mut missing = None;
    let mapped = match expr {
        Expr::ScalarSubquery(mut subquery) => {
            let plan = plan(subquery.subquery.as_ref().clone(), scope, keys, &mut missing)?;
            subquery.outer_ref_columns = plan.all_out_ref_exprs();
            subquery.subquery = plan.into();
            Expr::ScalarSubquery(subquery)
        }
        Expr::Exists(mut exists) => {
            let plan = plan(exists.subquery.subquery.as_ref().clone(), scope, keys, &mut missing)?;
            exists.subquery.outer_ref_columns = plan.all_out_ref_exprs();
            exists.subquery.subquery = plan.into();
            Expr::Exists(exists)
        }
        Expr::InSubquery(mut test) => {
            let plan = plan(test.subquery.subquery.as_ref().clone(), scope, keys, &mut missing)?;
            test.subquery.outer_ref_columns = plan.all_out_ref_exprs();
            test.subquery.subquery = plan.into();
            Expr::InSubquery(test)
        }
        other => other,
    };
    Ok(match missing {
        Some(column) => Err(column),
        None => Ok(mapped),
    })
}

fn plan(
    plan: LogicalPlan,
    scope: &Scope,
    keys: &[(Expr, Expr)],
    missing: &mut Option<Column>,
) -> Result<LogicalPlan> {
    let mapped = plan.transform_up_with_subqueries(|node| {
        node.map_expressions(|expr| {
            expr.transform_down(|part| {
                let Expr::OuterReferenceColumn(field, column) = &part else {
                    return Ok(Transformed::no(part));
                };
                if !scope.owns(column) {
                    return Ok(Transformed::no(part));
                }
                let wanted = Expr::Column(column.clone());
                match keys.iter().find(|(key, _)| *key == wanted) {
                    Some((_, Expr::Column(group))) => {
                        let mapped = Expr::OuterReferenceColumn(field.clone(), group.clone());
                        Ok(Transformed::new(mapped, true, TreeNodeRecursion::Jump))
                    }
                    _ => {
                        missing.get_or_insert_with(|| column.clone());
                        Ok(Transformed::no(part))
                    }
                }
            })
        })
    })?;
    Ok(mapped.data)
}
