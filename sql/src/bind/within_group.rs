//! WITHIN GROUP: aggregates over rows in an order, and the place that a hypothetical row has among them.

use std::sync::Arc;

use datafusion::common::ScalarValue;
use datafusion::logical_expr::Expr;
use millstream_catalog::SqlType;

use super::aggregate::{Order, Resolved};
use super::call::Written;
use super::overload::no_function;
use super::planner::{Collected, Planner};
use super::typed::Typed;
use crate::error::{SqlError, SqlResult};
use crate::functions::aggregate::{Aggregate, OrderKey};
use crate::functions::ordered_set::hypothetical::Hypothetical;

impl Planner<'_, '_> {
    /// The place that a row of direct arguments would have among others.
    pub(super) fn hypothetical(
        &mut self,
        what: Hypothetical,
        name: &str,
        args: Vec<Typed>,
        order: Order,
    ) -> SqlResult<Resolved> {
        let count = args.len();
        if count != order.len() {
            let types = args.iter().chain(order.iter().map(|(key, _, _)| key));
            let types: Vec<SqlType> = types.map(|typed| typed.sql_type.clone()).collect();
            let hint = format!(
                "To use the hypothetical-set aggregate {name}, the number of hypothetical direct arguments (here {count}) must match the number of ordering columns (here {}).",
                order.len()
            );
            return Err(no_function(name, &types).with_hint(hint));
        }
        let (mut direct, mut ordered, mut keys) = (vec![], vec![], vec![]);
        for (index, (arg, (key, ascending, nulls_first))) in args.into_iter().zip(order).enumerate() {
            for typed in self.unify(vec![key, arg], "WITHIN GROUP")?.into_iter().rev() {
                let typed = self.wide(typed)?;
                if direct.len() == index { direct.push(typed) } else { ordered.push(typed) }
            }
            let sql_type = ordered[index].sql_type.clone();
            keys.push(OrderKey { place: count + index, ascending, nulls_first, sql_type });
        }
        let all: Vec<Typed> = direct.into_iter().chain(ordered).collect();
        let returns: SqlType = what.returns().into();
        let data_type = returns.data_type();
        let function = Aggregate {
            name: name.to_owned(),
            make: what.make(keys.iter().map(|key| (key.ascending, key.nulls_first)).collect()),
            strict: false,
            arguments: all.iter().map(|typed| typed.sql_type.clone()).collect(),
            count: 2 * count,
            returns: returns.clone(),
            data_type: data_type.clone(),
            distinct: false,
            order: keys,
            direct: count,
            environment: Arc::clone(&self.environment),
        };
        Ok(Resolved {
            function: function.udaf(),
            args: all.into_iter().map(|typed| typed.expr).collect(),
            distinct: false,
            returns: Typed { expr: Expr::Literal(ScalarValue::Null, None), sql_type: returns, data_type },
            nulls: None,
        })
    }
}

/// What WITHIN GROUP does not go with.
pub(super) fn check_within_group(written: &Written<'_>) -> SqlResult<()> {
    if written.within_group.is_empty() {
        return Ok(());
    }
    if !written.order_by.is_empty() {
        return Err(SqlError::syntax("cannot use multiple ORDER BY clauses with WITHIN GROUP", None));
    }
    if written.distinct {
        return Err(SqlError::syntax("cannot use DISTINCT with WITHIN GROUP", None));
    }
    if written.variadic {
        return Err(SqlError::syntax("cannot use VARIADIC with WITHIN GROUP", None));
    }
    Ok(())
}

/// The arguments that aggregates take once for a group.
pub(super) fn direct_arguments(aggregates: &[Collected]) -> Vec<Expr> {
    let of = |collected: &Collected| match &collected.expr {
        Expr::AggregateFunction(call) => {
            let direct = Aggregate::of(&call.func).map_or(0, |function| function.direct);
            call.params.args[..direct].to_vec()
        }
        _ => vec![],
    };
    aggregates.iter().flat_map(of).collect()
}
