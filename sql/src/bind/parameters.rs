//! Types of parameters that DataFusion does not tell.

use std::collections::HashMap;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field};
use datafusion::common::tree_node::{TreeNode, TreeNodeRecursion};
use datafusion::error::Result;
use datafusion::logical_expr::expr::Placeholder;
use datafusion::logical_expr::utils::merge_schema;
use datafusion::logical_expr::{Expr, ExprSchemable, LogicalPlan};

/// By name: the parameters of LIMIT and OFFSET are bigint, that of `x = ANY($1)` is an array of what `x` is.
pub(super) fn untold(plan: &LogicalPlan) -> Result<HashMap<String, DataType>> {
    let mut types = HashMap::new();
    plan.apply_with_subqueries(|node| {
        let schema = merge_schema(&node.inputs());
        let is_limit = matches!(node, LogicalPlan::Limit(_));
        node.apply_expressions(|expr| {
            expr.apply(|expr| {
                match expr {
                    Expr::Placeholder(placeholder) if is_limit => {
                        types.insert(placeholder.id.clone(), DataType::Int64);
                    }
                    Expr::ScalarFunction(call) if call.name() == "array_has" => {
                        if let [Expr::Placeholder(Placeholder { id, field: None }), element] =
                            call.args.as_slice()
                        {
                            let element = Field::new_list_field(element.get_type(&schema)?, true);
                            types.insert(id.clone(), DataType::List(Arc::new(element)));
                        }
                    }
                    _ => {}
                }
                Ok(TreeNodeRecursion::Continue)
            })
        })
    })?;
    Ok(types)
}
