//! The forms of SQL that are no functions: casts, CASE, comparisons, subscripts, EXTRACT, bare literals and the like.
//!
//! Each is drawn by name from [`FORMS`]; one that stands there twice comes twice as often.

use super::expressions::{ANY, Expression, Generator, Leaf, Part, Shape, quoted, text};
use super::values;

/// Types to which casts are tried, with and without modifiers.
const TARGETS: [&str; 40] = [
    "bool",
    "int2",
    "int4",
    "int8",
    "float4",
    "float8",
    "numeric",
    "numeric(5,2)",
    "numeric(3,-1)",
    "numeric(20,10)",
    "text",
    "varchar",
    "varchar(3)",
    "bpchar",
    "char(5)",
    "char",
    "name",
    "\"char\"",
    "bytea",
    "date",
    "time",
    "time(2)",
    "timetz",
    "timetz(0)",
    "timestamp",
    "timestamp(3)",
    "timestamptz",
    "timestamptz(0)",
    "interval",
    "interval(2)",
    "interval day to minute",
    "interval year to month",
    "interval hour",
    "uuid",
    "json",
    "jsonb",
    "int4[]",
    "text[]",
    "numeric[]",
    "oid",
];
const FORMS: [&str; 27] = [
    "cast",
    "cast",
    "cast",
    "cast of text",
    "cast of text",
    "case",
    "coalesce",
    "nullif",
    "greatest",
    "least",
    "comparison",
    "comparison",
    "between",
    "in",
    "any, all",
    "is",
    "and, or, not",
    "array",
    "subscript",
    "row",
    "row text",
    "extract",
    "at time zone",
    "like, similar",
    "substring, trim, overlay, position",
    "bare literal",
    "bare literal",
];

impl Generator {
    /// A form of SQL that is no function: casts, CASE, comparisons, subscripts and the like.
    pub(super) fn form(&mut self) -> Expression {
        let mut parts = Vec::new();
        let form = self.random.below(FORMS.len());
        let root = FORMS[form].to_owned();
        let mut type_name = self.some_type();
        let comparable = |name: &str| if name == "json" { "jsonb".to_owned() } else { name.to_owned() };
        match FORMS[form] {
            "cast" => {
                let target = *self.random.pick(&TARGETS);
                text(&mut parts, "CAST(");
                self.argument("cast", 0, &type_name, &[], 1, &mut parts);
                text(&mut parts, &format!(" AS {target})"));
                return Expression {
                    parts,
                    root: format!("cast {type_name} to {target}"),
                    shape: Shape::Scalar,
                };
            }
            "cast of text" => {
                // The text of another type's value, or of this one's.
                let target = *self.random.pick(&TARGETS);
                let plain = target.split(['(', ' ']).next().unwrap_or(target);
                let from = match plain.strip_suffix("[]") {
                    Some(element) => format!("_{element}"),
                    None => plain.trim_matches('"').to_owned(),
                };
                let from = if self.random.percent(75) && !values::of_type(&from).is_empty() {
                    from
                } else {
                    type_name
                };
                let value = self.leaf(&from).value.map(|value| self.bent(&value));
                parts.push(Part::Leaf(Leaf { type_name: "text".to_owned(), value }));
                text(&mut parts, &format!("::{target}"));
                return Expression { parts, root: format!("cast text to {target}"), shape: Shape::Scalar };
            }
            "case" => {
                type_name = comparable(&type_name);
                let other = self.near(&type_name);
                text(&mut parts, "CASE WHEN ");
                self.argument("case", 0, "bool", &[], 1, &mut parts);
                text(&mut parts, " THEN ");
                self.argument("case", 1, &type_name, &[], 1, &mut parts);
                text(&mut parts, " ELSE ");
                self.argument("case", 2, &other, &[], 1, &mut parts);
                text(&mut parts, " END");
            }
            "coalesce" | "greatest" | "least" | "nullif" => {
                type_name = comparable(&type_name);
                text(&mut parts, &format!("{}(", FORMS[form]));
                let count = if FORMS[form] == "nullif" { 2 } else { 2 + self.random.below(2) };
                for at in 0..count {
                    if at > 0 {
                        text(&mut parts, ", ");
                    }
                    let own = if at == 0 { type_name.clone() } else { self.near(&type_name) };
                    self.argument("form", at, &own, &[], 1, &mut parts);
                }
                text(&mut parts, ")");
            }
            "comparison" => {
                let other = self.near(&type_name);
                let sign = *self.random.pick(&[
                    "=",
                    "<>",
                    "<",
                    "<=",
                    ">",
                    ">=",
                    "IS DISTINCT FROM",
                    "IS NOT DISTINCT FROM",
                ]);
                self.argument("form", 0, &type_name, &[], 1, &mut parts);
                text(&mut parts, &format!(" {sign} "));
                self.argument("form", 1, &other, &[], 1, &mut parts);
            }
            "between" => {
                let word = *self.random.pick(&["BETWEEN", "NOT BETWEEN", "BETWEEN SYMMETRIC"]);
                self.argument("form", 0, &type_name, &[], 1, &mut parts);
                text(&mut parts, &format!(" {word} "));
                for (at, between) in ["", " AND "].iter().enumerate() {
                    text(&mut parts, between);
                    let own = self.near(&type_name);
                    self.argument("form", at + 1, &own, &[], 0, &mut parts);
                }
            }
            "in" => {
                self.argument("form", 0, &type_name, &[], 1, &mut parts);
                text(&mut parts, if self.random.percent(30) { " NOT IN (" } else { " IN (" });
                for at in 0..1 + self.random.below(3) {
                    text(&mut parts, if at > 0 { ", " } else { "" });
                    self.argument("form", at + 1, &type_name, &[], 0, &mut parts);
                }
                text(&mut parts, ")");
            }
            "any, all" => {
                let element = *self.random.pick(&["int4", "text", "numeric", "float8", "int8", "date"]);
                let sign = *self.random.pick(&["=", "<>", "<", ">="]);
                let word = *self.random.pick(&["ANY", "ALL"]);
                self.argument("form", 0, element, &[], 1, &mut parts);
                text(&mut parts, &format!(" {sign} {word} ("));
                self.argument("form", 1, &format!("_{element}"), &[], 0, &mut parts);
                text(&mut parts, ")");
            }
            "is" => {
                let words = ["NULL", "NOT NULL"];
                let truths = ["TRUE", "NOT TRUE", "FALSE", "NOT FALSE", "UNKNOWN", "NOT UNKNOWN"];
                let truth = self.random.percent(50);
                let word = if truth { *self.random.pick(&truths) } else { *self.random.pick(&words) };
                let own = if truth { "bool".to_owned() } else { type_name };
                text(&mut parts, "(");
                self.argument("form", 0, &own, &[], 1, &mut parts);
                text(&mut parts, &format!(") IS {word}"));
            }
            "and, or, not" => {
                text(&mut parts, if self.random.percent(30) { "NOT (" } else { "(" });
                self.argument("form", 0, "bool", &[], 1, &mut parts);
                text(&mut parts, if self.random.percent(50) { " AND " } else { " OR " });
                self.argument("form", 1, "bool", &[], 1, &mut parts);
                text(&mut parts, ")");
            }
            "array" => {
                type_name = (*self.random.pick(&ANY)).to_owned();
                text(&mut parts, "ARRAY[");
                for at in 0..1 + self.random.below(3) {
                    text(&mut parts, if at > 0 { ", " } else { "" });
                    let own = if self.random.percent(20) { self.near(&type_name) } else { type_name.clone() };
                    self.argument("form", at, &own, &[], 1, &mut parts);
                }
                text(&mut parts, "]");
            }
            "subscript" => {
                let array = *self.random.pick(&["_int4", "_text", "_numeric", "jsonb"]);
                let index = *self.random.pick(&["1", "2", "0", "-1", "3", "NULL"]);
                text(&mut parts, "(");
                self.argument("form", 0, array, &[], 1, &mut parts);
                match self.random.below(4) {
                    _ if array == "jsonb" && self.random.percent(60) => text(&mut parts, ")['a']"),
                    0 if array != "jsonb" => text(&mut parts, &format!(")[{index}:2]")),
                    1 if array != "jsonb" => text(&mut parts, ")[2:]"),
                    _ => text(&mut parts, &format!(")[{index}]")),
                }
            }
            "row" => {
                let other = self.some_type();
                let sign = *self.random.pick(&["=", "<", ">=", "<>"]);
                let (left, right) = (comparable(&type_name), comparable(&other));
                for head in ["ROW(".to_owned(), format!(" {sign} ROW(")] {
                    text(&mut parts, &head);
                    self.argument("form", 0, &left, &[], 0, &mut parts);
                    text(&mut parts, ", ");
                    self.argument("form", 1, &right, &[], 0, &mut parts);
                    text(&mut parts, ")");
                }
            }
            "row text" => {
                let other = self.some_type();
                text(&mut parts, "ROW(");
                self.argument("form", 0, &type_name, &[], 1, &mut parts);
                text(&mut parts, ", ");
                self.argument("form", 1, &other, &[], 0, &mut parts);
                text(&mut parts, ")::text");
            }
            "extract" => {
                let field = *self.random.pick(&[
                    "century",
                    "day",
                    "decade",
                    "dow",
                    "doy",
                    "epoch",
                    "hour",
                    "isodow",
                    "isoyear",
                    "julian",
                    "microseconds",
                    "millennium",
                    "milliseconds",
                    "minute",
                    "month",
                    "quarter",
                    "second",
                    "timezone",
                    "week",
                    "year",
                ]);
                let own =
                    *self.random.pick(&["date", "time", "timetz", "timestamp", "timestamptz", "interval"]);
                text(&mut parts, &format!("EXTRACT({field} FROM "));
                self.argument("form", 0, own, &[], 1, &mut parts);
                text(&mut parts, ")");
            }
            "at time zone" => {
                let own = *self.random.pick(&["timestamp", "timestamptz", "timetz"]);
                text(&mut parts, "(");
                self.argument("form", 0, own, &[], 1, &mut parts);
                text(&mut parts, ") AT TIME ZONE ");
                self.argument("timezone", 0, "text", &[], 0, &mut parts);
            }
            "like, similar" => {
                let word = *self.random.pick(&["LIKE", "NOT LIKE", "ILIKE", "SIMILAR TO", "NOT SIMILAR TO"]);
                self.argument("form", 0, "text", &[], 1, &mut parts);
                text(&mut parts, &format!(" {word} "));
                let pattern = if word.contains("SIMILAR") {
                    *self
                        .random
                        .pick(&["%", "a%", "(a|b)c%", "%(o|e)_%", "[a-c]+", "a{3}", "_", "", "%\\%", "A*"])
                } else {
                    *self.random.pick(values::of_argument("~~", 1, "text").unwrap_or(&["%"]))
                };
                text(&mut parts, &quoted(pattern));
                if self.random.percent(20) {
                    text(&mut parts, &format!(" ESCAPE '{}'", self.random.pick(&["\\", "x", "", "#"])));
                }
            }
            "substring, trim, overlay, position" => match self.random.below(6) {
                0 => self.spelled(
                    "SUBSTRING(",
                    &[("text", ""), ("int4", " FROM "), ("int4", " FOR ")],
                    "substr",
                    &mut parts,
                ),
                1 => self.spelled("SUBSTRING(", &[("text", ""), ("int4", " FOR ")], "substr", &mut parts),
                2 => self.spelled(
                    "OVERLAY(",
                    &[("text", ""), ("text", " PLACING "), ("int4", " FROM "), ("int4", " FOR ")],
                    "overlay",
                    &mut parts,
                ),
                3 => self.spelled("POSITION(", &[("text", ""), ("text", " IN ")], "position", &mut parts),
                4 => {
                    let side = *self.random.pick(&["BOTH", "LEADING", "TRAILING"]);
                    self.spelled(
                        &format!("TRIM({side} "),
                        &[("text", ""), ("text", " FROM ")],
                        "btrim",
                        &mut parts,
                    );
                }
                _ => {
                    self.argument("form", 0, "text", &[], 0, &mut parts);
                    parts.insert(0, Part::Text("SUBSTRING(".to_owned()));
                    let pattern = *self.random.pick(&["b.", "(l+)o", "^(.)(.)", "x*", "[0-9]+", "("]);
                    text(&mut parts, &format!(" FROM {})", quoted(pattern)));
                }
            },
            // Literals as they are written, without a cast: their type is what the server gives them.
            "bare literal" => {
                let own = *self.random.pick(&[
                    "1",
                    "2147483647",
                    "2147483648",
                    "9223372036854775808",
                    "1.0",
                    "1e3",
                    ".5",
                    "5.",
                    "1e-7",
                    "-1",
                    "- 2147483648",
                    "-9223372036854775808",
                    "'a'",
                    "NULL",
                    "TRUE",
                    "E'\\n\\u00e9'",
                    "U&'\\0041'",
                    "'a' 'b'",
                    "1 + 1",
                    "7 / 2",
                    "-7 / 2",
                    "-7 % 3",
                    "2 ^ 3",
                    "7.0 / 2",
                    "1 / 3.0",
                    "2 ^ 0.5",
                    "10 / 4.00",
                    "1 + 1.5",
                    "1e1 + 1",
                    "'1' + 1",
                    "1 || 'a'",
                    "'a' || 'b'",
                    "2 - 3 * 4",
                    "1 = 1.0",
                    "'a' = 'a '",
                    "-2 ^ 2",
                    "2147483647 + 1",
                    "9223372036854775807 + 1",
                    "DATE '2024-02-29'",
                    "INTERVAL '1' DAY",
                    "INTERVAL '1-2' YEAR TO MONTH",
                    "TIMESTAMP '2024-02-29 12:00'",
                    "TIME '12:00'",
                    "INTERVAL(2) '1.23456 s'",
                    "DATE '2024-02-29' + 1",
                    "DATE '2024-02-29' - DATE '2023-02-28'",
                    "DATE '2024-01-31' + INTERVAL '1 month'",
                    "1::int2 + 1::int2",
                    "1::float4 + 1",
                    "1::numeric + 1::float8",
                ]);
                let newline = self.random.percent(100);
                text(&mut parts, if own == "'a' 'b'" && newline { "'a'\n'b'" } else { own });
                return Expression { parts, root: format!("bare literal {own}"), shape: Shape::Scalar };
            }
            _ => self.argument("form", 0, &type_name, &[], 1, &mut parts),
        }
        Expression { parts, root, shape: Shape::Scalar }
    }

    fn spelled(&mut self, head: &str, arguments: &[(&str, &str)], function: &str, parts: &mut Vec<Part>) {
        text(parts, head);
        for (place, (type_name, before)) in arguments.iter().enumerate() {
            text(parts, before);
            self.argument(function, place, type_name, &[], 0, parts);
        }
        text(parts, ")");
    }

    /// A type that is compared with this one: mostly the same.
    fn near(&mut self, type_name: &str) -> String {
        let family: &[&str] = match type_name {
            "int2" | "int4" | "int8" | "float4" | "float8" | "numeric" => {
                &["int2", "int4", "int8", "float4", "float8", "numeric"]
            }
            "text" | "varchar" | "bpchar" | "name" => &["text", "varchar", "bpchar", "name"],
            "date" | "timestamp" | "timestamptz" => &["date", "timestamp", "timestamptz"],
            "time" | "timetz" => &["time", "timetz", "interval"],
            _ => &[],
        };
        match self.random.below(10) {
            0..=3 if !family.is_empty() => (*self.random.pick(family)).to_owned(),
            9 if self.random.percent(20) => self.some_type(),
            _ => type_name.to_owned(),
        }
    }

    /// A value's text, sometimes a little wrong or with blanks around it.
    fn bent(&mut self, value: &str) -> String {
        match self.random.below(12) {
            0 => format!(" {value} "),
            1 => value.to_uppercase(),
            2 => format!("{value}x"),
            3 => value.chars().skip(1).collect(),
            4 => format!("{value}0"),
            5 => format!("-{value}"),
            _ => value.to_owned(),
        }
    }
}
