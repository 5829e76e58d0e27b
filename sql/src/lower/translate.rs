//! One logical node, one draft; what has no operator is refused with a hint that says what has.

use std::any::Any;
use std::sync::Arc;

use arrow::array::{ArrayRef, RecordBatch, RecordBatchOptions};
use arrow::datatypes::{DataType, Field, Schema};
use datafusion::logical_expr::expr::{AggregateFunction as AggregateCall, AggregateFunctionParams};
use datafusion::logical_expr::{Aggregate as AggregateNode, Distinct, Expr, LogicalPlan, TableScan, Values};
use datafusion::physical_expr::PhysicalExpr;
use datafusion::physical_expr::expressions::{CastExpr, Column};
use datafusion::scalar::ScalarValue;
use millstream_catalog::{Definition, Kind, SqlType};

use super::expressions::{conjuncts, over_refused, physical};
use super::{Draft, Mark, columns_of, nullable, view_draft};
use crate::analyze::BIGINT_AS_NUMERIC;
use crate::bind::overload::{self, Search};
use crate::bind::typed::Typed;
use crate::bind::{Binder, RelationSource, type_of};
use crate::error::{SqlError, SqlResult, from_datafusion};
use crate::functions::aggregate as registered;
use crate::functions::all;
use crate::functions::registry::{Body, Class};
use crate::names::output_name;
use crate::plan::explain::call_text;
use crate::plan::{Aggregate, AggregateFunction, Operator};
use crate::types::{storable_type, type_name};
use crate::windows::WindowNode;
use crate::windows::over::OverNode;

/// Translates a plan, inlining the views that it reads.
pub(super) fn translate(binder: &Binder<'_>, plan: &LogicalPlan) -> SqlResult<Draft> {
    match plan {
        LogicalPlan::TableScan(scan) => table_scan(binder, scan),
        LogicalPlan::SubqueryAlias(alias) => translate(binder, &alias.input),
        LogicalPlan::Projection(projection) => {
            let input = translate(binder, &projection.input)?;
            let expressions: Vec<Arc<dyn PhysicalExpr>> = projection
                .expr
                .iter()
                .map(|expr| physical(expr, projection.input.schema()))
                .collect::<SqlResult<_>>()?;
            project(input, expressions, plan)
        }
        LogicalPlan::Filter(filter) => {
            let mut draft = translate(binder, &filter.input)?;
            for predicate in conjuncts(&filter.predicate, filter.input.schema())? {
                let schema = Arc::clone(&draft.schema);
                draft = Draft::new(Operator::Filter(predicate), vec![draft], schema);
            }
            Ok(draft)
        }
        LogicalPlan::Aggregate(aggregate) => self::aggregate(binder, aggregate),
        LogicalPlan::Distinct(Distinct::All(input)) => {
            let input = translate(binder, input)?;
            let keys = columns_of(&input.schema);
            let schema = Arc::clone(&input.schema);
            let operator = Operator::Aggregate { keys, aggregates: vec![], slices: None, close: None };
            Ok(Draft::new(operator, vec![input], schema))
        }
        LogicalPlan::Union(union) => {
            let inputs =
                union.inputs.iter().map(|input| translate(binder, input)).collect::<SqlResult<Vec<_>>>()?;
            let schema = output(plan);
            let inputs =
                inputs.into_iter().map(|input| cast_to(input, &schema)).collect::<SqlResult<Vec<_>>>()?;
            Ok(Draft::new(Operator::Union, inputs, schema))
        }
        LogicalPlan::Extension(extension) => {
            if extension.node.as_any().is::<OverNode>() {
                return Err(over_refused());
            }
            let Some(window) = extension.node.as_any().downcast_ref::<WindowNode>() else {
                return Err(SqlError::internal(format!("no operator for {}", extension.node.name())));
            };
            let input = translate(binder, &window.input)?;
            let time_column = window.time_index().map_err(|error| from_datafusion(&error))?;
            let operator = Operator::Window { window: window.window, time_column, late: None };
            Ok(Draft::new(operator, vec![input], output(plan)))
        }
        LogicalPlan::EmptyRelation(empty) => {
            let schema = output(plan);
            let rows = usize::from(empty.produce_one_row);
            let options = RecordBatchOptions::new().with_row_count(Some(rows));
            let columns =
                schema.fields().iter().map(|field| arrow::array::new_null_array(field.data_type(), rows));
            let batch = RecordBatch::try_new_with_options(Arc::clone(&schema), columns.collect(), &options)
                .map_err(|error| SqlError::internal(error.to_string()))?;
            Ok(Draft::new(Operator::Values(batch), vec![], schema))
        }
        LogicalPlan::Values(values) => constant_rows(values, plan),
        other => Err(refused(other)),
    }
}

/// A plan's output columns, all taking NULL.
fn output(plan: &LogicalPlan) -> Arc<Schema> {
    let field = |field: &Arc<Field>| Field::new(output_name(field.name()), field.data_type().clone(), true);
    nullable(plan.schema().fields().iter().map(field))
}

fn refused(plan: &LogicalPlan) -> SqlError {
    let (what, hint) = match plan {
        LogicalPlan::Sort(_) => ("ORDER BY", "a view has no order: say ORDER BY in the SELECT from the view"),
        LogicalPlan::Limit(_) => ("LIMIT", "say LIMIT in the SELECT from the view"),
        LogicalPlan::Join(_) => {
            ("JOIN", "a batch SELECT can join streams and views; in views, joins are not built yet")
        }
        LogicalPlan::Window(_) => return over_refused(),
        LogicalPlan::Distinct(_) => ("DISTINCT ON", "use GROUP BY with min or max"),
        LogicalPlan::Subquery(_) => ("LATERAL", "run it in a SELECT from the view"),
        LogicalPlan::Unnest(_) => ("unnest", "run it in a SELECT from the view"),
        LogicalPlan::RecursiveQuery(_) => ("WITH RECURSIVE", "run it in a SELECT from the view"),
        _ => (
            "this statement",
            "a view is made of SELECT, WHERE, GROUP BY, HAVING, DISTINCT, UNION and windows",
        ),
    };
    SqlError::unsupported(format!("{what} in a materialized view is not built"), hint)
}

fn table_scan(binder: &Binder<'_>, scan: &TableScan) -> SqlResult<Draft> {
    let source: &dyn Any = scan.source.as_ref();
    let Some(relation) = source.downcast_ref::<RelationSource>() else {
        return Err(SqlError::unsupported(
            format!("materialized views over \"{}\" are not built", scan.table_name),
            "a view reads streams and other views",
        ));
    };
    let object = &relation.object;
    let whole = match &object.definition {
        Definition::Stream(stream) => {
            let schema = scan.source.schema();
            let columns = (0..schema.fields().len()).collect();
            let operator = Operator::Source { stream: object.id, name: object.name.to_string(), columns };
            let fields = schema.fields().iter().map(|field| field.as_ref().clone());
            let mark = stream.watermark.as_ref().map(|watermark| Mark::event_time(watermark.column));
            Draft { marks: mark.into_iter().collect(), ..Draft::new(operator, vec![], nullable(fields)) }
        }
        Definition::MaterializedView(view) => {
            let inner = view_draft(binder.catalog, view, binder.functions)?;
            Draft { sealed: true, skips_errors: view.skips_errors(), ..inner }
        }
        _ => return Err(SqlError::internal(format!("a scan of {} {}", object.kind(), object.name))),
    };
    match &scan.projection {
        None => Ok(whole),
        Some(indexes) => {
            let column = |index: &usize| -> Arc<dyn PhysicalExpr> {
                Arc::new(Column::new(whole.schema.field(*index).name(), *index))
            };
            let fields: Vec<Field> = indexes.iter().map(|index| whole.schema.field(*index).clone()).collect();
            let operator = Operator::Project(indexes.iter().map(column).collect());
            Ok(Draft::new(operator, vec![whole], nullable(fields)))
        }
    }
}

/// A projection; over constant rows it is computed at once.
fn project(input: Draft, expressions: Vec<Arc<dyn PhysicalExpr>>, plan: &LogicalPlan) -> SqlResult<Draft> {
    let schema = output(plan);
    if let Operator::Values(batch) = &input.operator {
        let options = RecordBatchOptions::new().with_row_count(Some(batch.num_rows()));
        let columns = expressions
            .iter()
            .map(|expr| expr.evaluate(batch)?.into_array(batch.num_rows()))
            .collect::<Result<Vec<ArrayRef>, _>>()
            .map_err(|error| from_datafusion(&error))?;
        let batch = RecordBatch::try_new_with_options(Arc::clone(&schema), columns, &options)
            .map_err(|error| SqlError::internal(error.to_string()))?;
        return Ok(Draft::new(Operator::Values(batch), vec![], schema));
    }
    Ok(Draft::new(Operator::Project(expressions), vec![input], schema))
}

fn cast_to(input: Draft, schema: &Arc<Schema>) -> SqlResult<Draft> {
    let same = |(have, want): (&Arc<Field>, &Arc<Field>)| have.data_type() == want.data_type();
    if input.schema.fields().iter().zip(schema.fields()).all(same) && input.schema == *schema {
        return Ok(input);
    }
    let expressions = columns_of(&input.schema).into_iter().zip(schema.fields()).map(|(column, want)| {
        let have = column.data_type(&input.schema).map_err(|error| from_datafusion(&error))?;
        if have == *want.data_type() {
            return Ok(column);
        }
        let cast: Arc<dyn PhysicalExpr> = Arc::new(CastExpr::new(column, want.data_type().clone(), None));
        Ok(cast)
    });
    let expressions = expressions.collect::<SqlResult<Vec<_>>>()?;
    Ok(Draft::new(Operator::Project(expressions), vec![input], Arc::clone(schema)))
}

fn constant_rows(values: &Values, plan: &LogicalPlan) -> SqlResult<Draft> {
    let schema = output(plan);
    let options = RecordBatchOptions::new().with_row_count(Some(1));
    let unit = RecordBatch::try_new_with_options(Arc::new(Schema::empty()), vec![], &options)
        .map_err(|error| SqlError::internal(error.to_string()))?;
    let empty = datafusion::common::DFSchema::empty();
    let mut columns: Vec<Vec<ScalarValue>> = vec![vec![]; schema.fields().len()];
    for row in &values.values {
        for (column, cell) in columns.iter_mut().zip(row) {
            let value = physical(cell, &empty)?
                .evaluate(&unit)
                .and_then(|value| value.into_array(1))
                .and_then(|array| ScalarValue::try_from_array(&array, 0))
                .map_err(|error| from_datafusion(&error))?;
            column.push(value);
        }
    }
    let arrays = columns
        .into_iter()
        .zip(schema.fields())
        .map(|(values, field)| {
            let array = ScalarValue::iter_to_array(values).map_err(|error| from_datafusion(&error))?;
            // Rows of one type each: at most NULLs of no type are among them.
            arrow::compute::cast(&array, field.data_type())
                .map_err(|error| SqlError::internal(error.to_string()))
        })
        .collect::<SqlResult<Vec<ArrayRef>>>()?;
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays)
        .map_err(|error| SqlError::internal(error.to_string()))?;
    Ok(Draft::new(Operator::Values(batch), vec![], schema))
}

fn aggregate(binder: &Binder<'_>, node: &AggregateNode) -> SqlResult<Draft> {
    let input = translate(binder, &node.input)?;
    let mut keys = vec![];
    for key in &node.group_expr {
        if matches!(unaliased(key), Expr::GroupingSet(_)) {
            return Err(SqlError::unsupported(
                "GROUPING SETS, ROLLUP and CUBE in a materialized view are not built",
                "create a view for each grouping",
            ));
        }
        keys.push(physical(key, node.input.schema())?);
    }
    let schema = output(&LogicalPlan::Aggregate(node.clone()));
    let mut fields: Vec<Field> = schema.fields().iter().map(|field| field.as_ref().clone()).collect();
    let mut aggregates = vec![];
    for (expr, field) in node.aggr_expr.iter().zip(fields[keys.len()..].iter_mut()) {
        let mut call = aggregate_call(expr, node, field.data_type())?;
        call.name = call_text(&call);
        *field = field.clone().with_name(&call.name);
        aggregates.push(call);
    }
    let schema = nullable(fields);
    let operator = Operator::Aggregate { keys, aggregates, slices: None, close: None };
    Ok(Draft::new(operator, vec![input], schema))
}

fn unaliased(expr: &Expr) -> &Expr {
    match expr {
        Expr::Alias(alias) => unaliased(&alias.expr),
        other => other,
    }
}

fn aggregate_call(expr: &Expr, node: &AggregateNode, output: &DataType) -> SqlResult<Aggregate> {
    let Expr::AggregateFunction(AggregateCall { func, params }) = unaliased(expr) else {
        return Err(SqlError::internal(format!("an aggregate that is none: {expr}")));
    };
    let not_built = |what: String| {
        SqlError::unsupported(
            format!("{what} in a materialized view is not built"),
            "use an aggregate of PostgreSQL's",
        )
    };
    if let Some(ours) = registered::Aggregate::of(func) {
        return any_call(ours, params, node, output);
    }
    let function = match func.name() {
        "count" => AggregateFunction::Count,
        "sum" => AggregateFunction::Sum,
        "min" => AggregateFunction::Min,
        "max" => AggregateFunction::Max,
        "bool_and" => AggregateFunction::BoolAnd,
        "bool_or" => AggregateFunction::BoolOr,
        other => match registered_call(func.name(), params, node, output)? {
            Some(call) => return Ok(call),
            None => return Err(not_built(format!("aggregate function {other}"))),
        },
    };
    if !params.order_by.is_empty() || params.null_treatment.is_some() {
        return Err(not_built(format!("ORDER BY or IGNORE NULLS inside {}", func.name())));
    }
    let constant = |argument: &Expr| matches!(argument, Expr::Literal(value, _) if !value.is_null());
    let arguments = match params.args.as_slice() {
        // count(*) comes as count(1).
        [one] if function == AggregateFunction::Count && constant(one) && !params.distinct => vec![],
        // Integers are summed in 128 bits as they are.
        [Expr::Cast(cast)]
            if function == AggregateFunction::Sum
                && *cast.field.data_type() == BIGINT_AS_NUMERIC
                && type_of(&cast.expr, node.input.schema())? == DataType::Int64 =>
        {
            vec![physical(&cast.expr, node.input.schema())?]
        }
        [argument] => vec![physical(argument, node.input.schema())?],
        [] => vec![],
        _ => return Err(not_built(format!("{} of several columns", func.name()))),
    };
    if let Some(argument) = params.args.first().filter(|_| !arguments.is_empty()) {
        let data_type = type_of(argument, node.input.schema())?;
        if !is_kept(function, params.distinct, &data_type) {
            if let Some(call) = registered_call(func.name(), params, node, output)? {
                return Ok(call);
            }
            return Err(not_built(format!("aggregate {}({})", func.name(), type_name(&data_type))));
        }
    }
    let filter = match &params.filter {
        Some(filter) => Some(physical(filter, node.input.schema())?),
        None => None,
    };
    Ok(Aggregate {
        function,
        arguments,
        distinct: params.distinct,
        filter,
        output_type: output.clone(),
        name: String::new(),
        any: None,
    })
}

/// A call of one of DataFusion's aggregates that has no kernel of its own, as the registry's.
fn registered_call(
    name: &str,
    params: &AggregateFunctionParams,
    node: &AggregateNode,
    output: &DataType,
) -> SqlResult<Option<Aggregate>> {
    let types = params.args.iter().map(|argument| type_of(argument, node.input.schema()));
    let types = types.map(|data_type| Ok(SqlType::of_data_type(&data_type?)));
    let types = types.collect::<SqlResult<Vec<_>>>()?;
    let rows: Vec<_> = all().rows(name).iter().filter(|row| row.class == Class::Aggregate).cloned().collect();
    let Search::Found(chosen) = overload::function(&rows, &types)? else { return Ok(None) };
    let Body::Aggregate(make) = &chosen.row.body else { return Ok(None) };
    if chosen.arguments != types || chosen.returns.data_type() != *output {
        return Ok(None);
    }
    let ours = registered::Aggregate {
        name: name.to_owned(),
        make: Arc::clone(make),
        strict: chosen.row.strict,
        count: types.len(),
        arguments: types,
        returns: chosen.returns,
        data_type: output.clone(),
        distinct: params.distinct,
        order: vec![],
        direct: 0,
        environment: Arc::default(),
    };
    any_call(&ours, params, node, output).map(Some)
}

/// A call of the registry's: by a kernel of its own where there is one, else by its rows.
fn any_call(
    ours: &registered::Aggregate,
    params: &AggregateFunctionParams,
    node: &AggregateNode,
    output: &DataType,
) -> SqlResult<Aggregate> {
    let schema = node.input.schema();
    let filter = match &params.filter {
        Some(filter) => Some(physical(filter, schema)?),
        None => None,
    };
    let floating = ours.arguments.first().is_some_and(|first| first.data_type().is_floating());
    let plain = !ours.distinct && ours.order.is_empty() && ours.arguments.len() == 1;
    let double = ours.arguments.first().is_some_and(|first| first.is(Kind::Float8));
    let wide = ours.arguments.first().is_some_and(|first| first.is(Kind::Numeric));
    let known = match ours.name.as_str() {
        "sum" if double || wide => Some(AggregateFunction::Sum),
        "avg" if floating => Some(AggregateFunction::Avg),
        "min" if floating => Some(AggregateFunction::Min),
        "max" if floating => Some(AggregateFunction::Max),
        "var_samp" | "variance" if double => Some(AggregateFunction::VarSamp),
        "var_pop" if double => Some(AggregateFunction::VarPop),
        "stddev_samp" | "stddev" if double => Some(AggregateFunction::StddevSamp),
        "stddev_pop" if double => Some(AggregateFunction::StddevPop),
        _ => None,
    };
    if let (Some(function), true) = (known, plain) {
        let arguments =
            params.args.iter().map(|argument| physical(argument, schema)).collect::<SqlResult<_>>()?;
        return Ok(Aggregate {
            function,
            arguments,
            distinct: false,
            filter,
            output_type: output.clone(),
            name: String::new(),
            any: None,
        });
    }
    let fields = params
        .args
        .iter()
        .zip(&ours.arguments)
        .map(|(argument, sql_type)| {
            let data_type = type_of(argument, schema)?;
            Ok((String::new(), Typed { expr: argument.clone(), sql_type: sql_type.clone(), data_type }))
        })
        .collect::<SqlResult<Vec<_>>>()?;
    let packed = crate::bind::convert::plain_struct(fields)?;
    Ok(Aggregate {
        function: AggregateFunction::Any,
        arguments: vec![physical(&packed.expr, schema)?],
        distinct: false,
        filter,
        output_type: output.clone(),
        name: String::new(),
        any: Some(Arc::new(ours.clone())),
    })
}

/// Whether views keep an aggregate over a type up to date.
fn is_kept(function: AggregateFunction, distinct: bool, argument: &DataType) -> bool {
    let stored = storable_type(argument).as_ref() == Some(argument);
    match function {
        AggregateFunction::Count => !distinct || stored,
        AggregateFunction::Min | AggregateFunction::Max => stored,
        AggregateFunction::BoolAnd | AggregateFunction::BoolOr => *argument == DataType::Boolean,
        _ => stored && argument.is_numeric(),
    }
}
