//! The frame of a window: its bounds, how far they are away, and what no frame can say.

use datafusion::common::{DFSchema, ScalarValue};
use datafusion::logical_expr::Expr;
use datafusion::sql::sqlparser::ast;
use millstream_catalog::{Kind, SqlType};

use super::aggregate::Order;
use super::over::windowing;
use super::planner::{Planner, has_local_columns};
use super::typed::Typed;
use crate::error::{SqlError, SqlResult, SqlState};
use crate::types::cast::{Context, cast_method};
use crate::types::names::format_type;
use crate::windows::over::{Bound, Frame, Parts, Units, distance_kinds};

impl Planner<'_, '_> {
    /// Takes a frame as it was written into the frame and the parts of a call.
    pub(super) fn frame(
        &mut self,
        written: &ast::WindowFrame,
        order: &Order,
        frame: &mut Frame,
        parts: &mut Parts,
    ) -> SqlResult<()> {
        check_bounds(written)?;
        frame.units = match written.units {
            ast::WindowFrameUnits::Rows => Units::Rows,
            ast::WindowFrameUnits::Range => Units::Range,
            ast::WindowFrameUnits::Groups => Units::Groups,
        };
        if frame.units == Units::Groups && order.is_empty() {
            return Err(windowing("GROUPS mode requires an ORDER BY clause"));
        }
        let current_row = ast::WindowFrameBound::CurrentRow;
        let end = written.end_bound.as_ref().unwrap_or(&current_row);
        frame.start = bound(&written.start_bound);
        frame.end = bound(end);
        parts.start = self.distance(&written.start_bound, frame, order, "starting")?;
        parts.end = self.distance(end, frame, order, "ending")?;
        let has_distance = frame.start.has_distance() || frame.end.has_distance();
        if frame.units == Units::Range
            && has_distance
            && let [(key, _, _)] = order.as_slice()
            && let Some(kind) = key.sql_type.kind()
        {
            frame.range = Some((kind, self.environment.zone));
            parts.value = Some(key.expr.clone());
        }
        Ok(())
    }

    /// How far a bound is away, if it says.
    fn distance(
        &mut self,
        bound: &ast::WindowFrameBound,
        frame: &Frame,
        order: &Order,
        what: &str,
    ) -> SqlResult<Option<Expr>> {
        let (ast::WindowFrameBound::Preceding(Some(distance))
        | ast::WindowFrameBound::Following(Some(distance))) = bound
        else {
            return Ok(None);
        };
        // A quoted constant, which the parser takes for an interval.
        let distance = match distance.as_ref() {
            ast::Expr::Interval(interval) if interval.leading_field.is_none() => interval.value.as_ref(),
            other => other,
        };
        let units = match frame.units {
            Units::Rows => "ROWS",
            Units::Range => "RANGE",
            Units::Groups => "GROUPS",
        };
        let key = match (frame.units, order.as_slice()) {
            (Units::Range, [(key, _, _)]) => Some(key),
            (Units::Range, _) => {
                let message = "RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column";
                return Err(windowing(message));
            }
            _ => None,
        };
        let typed = self.expr(distance)?;
        let typed = match key {
            Some(key) => self.range_distance(typed, key)?,
            None => {
                let bigint: SqlType = Kind::Int8.into();
                if !typed.is_unknown() && cast_method(&typed.sql_type, &bigint, Context::Assignment).is_none()
                {
                    let of = format_type(&typed.sql_type);
                    let message = format!("argument of {units} must be type bigint, not type {of}");
                    return Err(SqlError::new(SqlState::DatatypeMismatch, message));
                }
                self.coerce(typed, &bigint, Context::Assignment)?
            }
        };
        if has_local_columns(&typed.expr) {
            let message = format!("argument of {units} must not contain variables");
            return Err(SqlError::new(SqlState::InvalidColumnReference, message));
        }
        if frame.units != Units::Range {
            check_constant(&typed.expr, what)?;
        }
        Ok(Some(typed.expr))
    }

    /// The distance of a RANGE, in the type that its values are moved by.
    fn range_distance(&mut self, typed: Typed, key: &Typed) -> SqlResult<Typed> {
        let refuse = |message: String, hint: Option<&str>| {
            let error = SqlError::new(SqlState::FeatureNotSupported, message);
            Err(match hint {
                Some(hint) => error.with_hint(hint),
                None => error,
            })
        };
        let of = format_type(&key.sql_type);
        let kinds = key.sql_type.kind().map_or(&[][..], distance_kinds);
        if kinds.is_empty() {
            let message =
                format!("RANGE with offset PRECEDING/FOLLOWING is not supported for column type {of}");
            return refuse(message, None);
        }
        let own = typed.sql_type.kind();
        let fits = |kind: &&Kind| {
            let to: SqlType = (**kind).into();
            typed.is_unknown() || cast_method(&typed.sql_type, &to, Context::Implicit).is_some()
        };
        let fitting: Vec<Kind> = kinds.iter().filter(fits).copied().collect();
        let by = format_type(&typed.sql_type);
        let preferred = if typed.is_unknown() { key.sql_type.kind() } else { own };
        let chosen = match fitting.as_slice() {
            [] => {
                let message = format!(
                    "RANGE with offset PRECEDING/FOLLOWING is not supported for column type {of} and offset type {by}"
                );
                return refuse(message, Some("Cast the offset value to an appropriate type."));
            }
            [one] => *one,
            several => match several.iter().find(|kind| Some(**kind) == preferred) {
                Some(kind) => *kind,
                None => {
                    let message = format!(
                        "RANGE with offset PRECEDING/FOLLOWING has multiple interpretations for column type {of} and offset type {by}"
                    );
                    return refuse(message, Some("Cast the offset value to the exact intended type."));
                }
            },
        };
        let typed = self.coerce(typed, &chosen.into(), Context::Implicit)?;
        // Whole numbers of all sizes are moved by in one.
        match chosen {
            Kind::Int2 | Kind::Int4 => self.coerce(typed, &Kind::Int8.into(), Context::Implicit),
            _ => Ok(typed),
        }
    }
}

fn bound(bound: &ast::WindowFrameBound) -> Bound {
    match bound {
        ast::WindowFrameBound::CurrentRow => Bound::CurrentRow,
        ast::WindowFrameBound::Preceding(None) | ast::WindowFrameBound::Following(None) => Bound::Unbounded,
        ast::WindowFrameBound::Preceding(Some(_)) => Bound::Preceding,
        ast::WindowFrameBound::Following(Some(_)) => Bound::Following,
    }
}

/// Bounds that are no frame whatever the rows.
fn check_bounds(frame: &ast::WindowFrame) -> SqlResult<()> {
    use ast::WindowFrameBound::{CurrentRow, Following, Preceding};
    let end = frame.end_bound.as_ref().unwrap_or(&CurrentRow);
    let message = match (&frame.start_bound, end) {
        (Following(None), _) => "frame start cannot be UNBOUNDED FOLLOWING",
        (_, Preceding(None)) => "frame end cannot be UNBOUNDED PRECEDING",
        (CurrentRow, Preceding(Some(_))) => "frame starting from current row cannot have preceding rows",
        (Following(Some(_)), CurrentRow) if frame.end_bound.is_none() => {
            "frame starting from following row cannot end with current row"
        }
        (Following(Some(_)), CurrentRow | Preceding(Some(_))) => {
            "frame starting from following row cannot have preceding rows"
        }
        _ => return Ok(()),
    };
    Err(windowing(message))
}

/// A number of rows that is a constant is looked at before there are any rows.
fn check_constant(distance: &Expr, what: &str) -> SqlResult<()> {
    let Ok(Expr::Literal(ScalarValue::Int64(value), _)) =
        crate::analyze::folded(distance.clone(), &DFSchema::empty())
    else {
        return Ok(());
    };
    match value {
        None => {
            let message = format!("frame {what} offset must not be null");
            Err(SqlError::new(SqlState::NullNotAllowed, message))
        }
        Some(value) if value < 0 => {
            let message = format!("frame {what} offset must not be negative");
            Err(SqlError::new(SqlState::InvalidFrameOffset, message))
        }
        Some(_) => Ok(()),
    }
}
