//! Long chains of AND and OR as balanced trees.
//!
//! The parser nests `a OR b OR c …` to the left, as deep as it is long, and DataFusion asks for the type of every
//! level by going through all levels below it. AND and OR are associative, in three-valued logic too, and the order
//! of their operands stays, so that only the depth changes.

use std::ops::ControlFlow;

use datafusion::sql::sqlparser::ast::{BinaryOperator, Expr, Value, VisitMut, VisitorMut};

/// Chains of fewer operands stay as they are: plans read as they were written.
const LONG: usize = 16;

/// Balances every long chain of a tree.
pub(super) fn balance(tree: &mut impl VisitMut) {
    struct Balance;
    impl VisitorMut for Balance {
        type Break = ();

        fn pre_visit_expr(&mut self, expr: &mut Expr) -> ControlFlow<()> {
            if let Expr::BinaryOp { op: op @ (BinaryOperator::And | BinaryOperator::Or), .. } = expr {
                let op = op.clone();
                if length(expr, &op) > LONG {
                    let whole = std::mem::replace(expr, Expr::Value(Value::Null.into()));
                    *expr = balanced(operands(whole, &op), &op);
                }
            }
            ControlFlow::Continue(())
        }
    }
    let _ = tree.visit(&mut Balance);
}

/// Operands along the left edge.
fn length(mut expr: &Expr, wanted: &BinaryOperator) -> usize {
    let mut count = 1;
    while let Expr::BinaryOp { left, op, .. } = expr
        && op == wanted
    {
        count += 1;
        expr = left;
    }
    count
}

fn operands(mut expr: Expr, wanted: &BinaryOperator) -> Vec<Expr> {
    let mut operands = vec![];
    loop {
        match expr {
            Expr::BinaryOp { left, op, right } if op == *wanted => {
                operands.push(*right);
                expr = *left;
            }
            first => {
                operands.push(first);
                operands.reverse();
                return operands;
            }
        }
    }
}

fn balanced(mut operands: Vec<Expr>, op: &BinaryOperator) -> Expr {
    if operands.len() == 1 {
        return operands.remove(0);
    }
    let right = operands.split_off(operands.len().div_ceil(2));
    Expr::BinaryOp {
        left: Box::new(balanced(operands, op)),
        op: op.clone(),
        right: Box::new(balanced(right, op)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn depth(expr: &Expr) -> usize {
        match expr {
            Expr::BinaryOp { left, right, .. } => 1 + depth(left).max(depth(right)),
            _ => 0,
        }
    }

    #[test]
    fn a_chain_keeps_its_operands_in_order_and_loses_its_depth() {
        let text = (0..300).map(|n| format!("c{n}")).collect::<Vec<_>>().join(" OR ");
        let mut tree = crate::parse::parse_expression(&text).unwrap();
        assert_eq!(depth(&tree), 299);
        balance(&mut tree);
        assert_eq!((depth(&tree), tree.to_string()), (9, text));
    }

    #[test]
    fn what_is_short_or_mixed_is_left_alone() {
        let text = "a AND b OR c AND d AND e OR f";
        let mut tree = crate::parse::parse_expression(text).unwrap();
        let before = tree.clone();
        balance(&mut tree);
        assert_eq!(tree, before);
    }
}
