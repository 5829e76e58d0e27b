//! The types of SQL, as data: what PostgreSQL calls a type, and the Arrow type whose values stand for it.
//!
//! Several SQL types share one Arrow type (`text`, `varchar(3)`, `json` are all Utf8), so that an Arrow field alone
//! does not tell what a column is. [`SqlType::field`] puts the name into the field's metadata where the Arrow type
//! does not say it, and [`SqlType::of_field`] reads it back.
//!
//! | SQL | Arrow |
//! |---|---|
//! | boolean | Boolean |
//! | smallint, integer, bigint; oid and its kin | Int16, Int32, Int64; UInt32 |
//! | real, double precision | Float32, Float64 |
//! | numeric(p, s) with 1 ≤ p ≤ 38 and 0 ≤ s ≤ p | Decimal128(p, s) |
//! | numeric of any other form | Binary, the bytes of the SQL layer's `Numeric` |
//! | text, varchar, char(n), name, json, jsonb | Utf8; jsonb in PostgreSQL's own text form |
//! | bytea; uuid; timetz | Binary; FixedSizeBinary(16); FixedSizeBinary(12) |
//! | date, time | Date32, Time64(µs) |
//! | timestamp, timestamptz | Timestamp(µs), Timestamp(µs, "+00:00") |
//! | interval | Interval(MonthDayNano), whole microseconds |
//! | type[]; record | List; Struct |

use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

use arrow::datatypes::{DataType, Field, Fields, IntervalUnit, TimeUnit};

/// The key of a field's metadata under which its SQL type is written.
pub const TYPE_KEY: &str = "millstream.type";

macro_rules! kinds {
    ($($kind:ident = $oid:literal, $array:literal, $name:literal, $sql:literal, $category:literal, $preferred:literal, $size:literal;)*) => {
        /// A scalar type of PostgreSQL, without its modifier.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[allow(missing_docs)]
        pub enum Kind { $($kind,)* }

        impl Kind {
            /// Every kind.
            pub const ALL: &'static [Kind] = &[$(Kind::$kind,)*];
            /// The number of the type in `pg_type`.
            pub fn oid(self) -> u32 { match self { $(Kind::$kind => $oid,)* } }
            /// The number of the type of its arrays; 0 where there is none.
            pub fn array_oid(self) -> u32 { match self { $(Kind::$kind => $array,)* } }
            /// `typname`: `int4`.
            pub fn name(self) -> &'static str { match self { $(Kind::$kind => $name,)* } }
            /// As `format_type` prints it: `integer`.
            pub fn sql_name(self) -> &'static str { match self { $(Kind::$kind => $sql,)* } }
            /// `typcategory`.
            pub fn category(self) -> char { match self { $(Kind::$kind => $category,)* } }
            /// `typispreferred`.
            pub fn is_preferred(self) -> bool { match self { $(Kind::$kind => $preferred,)* } }
            /// `typlen`; -1 where it varies.
            pub fn size(self) -> i16 { match self { $(Kind::$kind => $size,)* } }
        }
    };
}

kinds! {
    Boolean = 16, 1000, "bool", "boolean", 'B', true, 1;
    Bytea = 17, 1001, "bytea", "bytea", 'U', false, -1;
    Char = 18, 1002, "char", "\"char\"", 'Z', false, 1;
    Name = 19, 1003, "name", "name", 'S', false, 64;
    Int8 = 20, 1016, "int8", "bigint", 'N', false, 8;
    Int2 = 21, 1005, "int2", "smallint", 'N', false, 2;
    Int2vector = 22, 1006, "int2vector", "int2vector", 'A', false, -1;
    Int4 = 23, 1007, "int4", "integer", 'N', false, 4;
    Regproc = 24, 1008, "regproc", "regproc", 'N', false, 4;
    Text = 25, 1009, "text", "text", 'S', true, -1;
    Oid = 26, 1028, "oid", "oid", 'N', true, 4;
    Xid = 28, 1011, "xid", "xid", 'U', false, 4;
    Oidvector = 30, 1013, "oidvector", "oidvector", 'A', false, -1;
    Json = 114, 199, "json", "json", 'U', false, -1;
    Float4 = 700, 1021, "float4", "real", 'N', false, 4;
    Float8 = 701, 1022, "float8", "double precision", 'N', true, 8;
    Unknown = 705, 0, "unknown", "unknown", 'X', false, -2;
    Bpchar = 1042, 1014, "bpchar", "character", 'S', false, -1;
    Varchar = 1043, 1015, "varchar", "character varying", 'S', false, -1;
    Date = 1082, 1182, "date", "date", 'D', false, 4;
    Time = 1083, 1183, "time", "time without time zone", 'D', false, 8;
    Timestamp = 1114, 1115, "timestamp", "timestamp without time zone", 'D', false, 8;
    Timestamptz = 1184, 1185, "timestamptz", "timestamp with time zone", 'D', true, 8;
    Interval = 1186, 1187, "interval", "interval", 'T', true, 16;
    Timetz = 1266, 1270, "timetz", "time with time zone", 'D', false, 12;
    Numeric = 1700, 1231, "numeric", "numeric", 'N', false, -1;
    Regprocedure = 2202, 2207, "regprocedure", "regprocedure", 'N', false, 4;
    Regoper = 2203, 2208, "regoper", "regoper", 'N', false, 4;
    Regoperator = 2204, 2209, "regoperator", "regoperator", 'N', false, 4;
    Regclass = 2205, 2210, "regclass", "regclass", 'N', false, 4;
    Regtype = 2206, 2211, "regtype", "regtype", 'N', false, 4;
    Cstring = 2275, 1263, "cstring", "cstring", 'P', false, -2;
    Void = 2278, 0, "void", "void", 'P', false, 4;
    Uuid = 2950, 2951, "uuid", "uuid", 'U', false, 16;
    Jsonb = 3802, 3807, "jsonb", "jsonb", 'U', false, -1;
    Regnamespace = 4089, 4090, "regnamespace", "regnamespace", 'N', false, 4;
    Regrole = 4096, 4097, "regrole", "regrole", 'N', false, 4;
    Regcollation = 4191, 4192, "regcollation", "regcollation", 'N', false, 4;
}

/// The kinds whose values are numbers of objects that print as names, as a pattern.
#[macro_export]
macro_rules! reg_kinds {
    () => {
        $crate::Kind::Regproc
            | $crate::Kind::Regprocedure
            | $crate::Kind::Regoper
            | $crate::Kind::Regoperator
            | $crate::Kind::Regclass
            | $crate::Kind::Regtype
            | $crate::Kind::Regnamespace
            | $crate::Kind::Regrole
            | $crate::Kind::Regcollation
    };
}

/// The kinds that are UInt32 in Arrow, as a pattern.
#[macro_export]
macro_rules! oid_kinds {
    () => {
        $crate::Kind::Oid | $crate::Kind::Xid | $crate::reg_kinds!()
    };
}

impl Kind {
    /// Whether its values are numbers of objects: UInt32 in Arrow.
    pub fn data_type_is_oid(self) -> bool {
        SqlType::from(self).data_type() == DataType::UInt32 && self != Kind::Xid
    }
}

/// A type of SQL with its modifier.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum SqlType {
    /// A scalar type; the modifier as `atttypmod` packs it, -1 for none.
    Scalar(Kind, i32),
    /// An array of one dimension, of scalars or records.
    Array(Arc<SqlType>),
    /// A row value with its fields' names and types.
    Record(Arc<[(String, SqlType)]>),
}

impl From<Kind> for SqlType {
    fn from(kind: Kind) -> Self {
        SqlType::Scalar(kind, -1)
    }
}

impl SqlType {
    /// An array of a scalar type.
    pub fn array(kind: Kind) -> Self {
        SqlType::Array(Arc::new(kind.into()))
    }

    /// The type of which it is an array.
    pub fn element(&self) -> Option<SqlType> {
        match self {
            SqlType::Array(element) => Some(element.as_ref().clone()),
            SqlType::Scalar(Kind::Int2vector, _) => Some(Kind::Int2.into()),
            SqlType::Scalar(Kind::Oidvector, _) => Some(Kind::Oid.into()),
            _ => None,
        }
    }

    /// The scalar kind, if it is a scalar.
    pub fn kind(&self) -> Option<Kind> {
        match self {
            SqlType::Scalar(kind, _) => Some(*kind),
            _ => None,
        }
    }

    /// Whether it is that scalar kind.
    pub fn is(&self, kind: Kind) -> bool {
        self.kind() == Some(kind)
    }

    /// The modifier, -1 for none.
    pub fn modifier(&self) -> i32 {
        match self {
            SqlType::Scalar(_, modifier) => *modifier,
            SqlType::Array(element) => element.modifier(),
            SqlType::Record(_) => -1,
        }
    }

    /// The same type without a modifier.
    pub fn plain(&self) -> SqlType {
        match self {
            SqlType::Scalar(kind, _) => SqlType::Scalar(*kind, -1),
            SqlType::Array(element) => SqlType::Array(Arc::new(element.plain())),
            SqlType::Record(_) => self.clone(),
        }
    }

    /// The same type with a modifier.
    pub fn with_modifier(&self, modifier: i32) -> SqlType {
        match self {
            SqlType::Scalar(kind, _) => SqlType::Scalar(*kind, modifier),
            SqlType::Array(element) => SqlType::Array(Arc::new(element.with_modifier(modifier))),
            SqlType::Record(_) => self.clone(),
        }
    }

    /// The number of the type in `pg_type`; of a record and its arrays, those of `record` and `record[]`.
    pub fn oid(&self) -> u32 {
        match self {
            SqlType::Scalar(kind, _) => kind.oid(),
            SqlType::Array(element) => match element.as_ref() {
                SqlType::Scalar(kind, _) => kind.array_oid(),
                _ => 2287,
            },
            SqlType::Record(_) => 2249,
        }
    }

    /// The type of that number, without a modifier; None for one that is not built.
    pub fn by_oid(oid: u32) -> Option<SqlType> {
        if oid == 0 {
            return None;
        }
        Kind::ALL.iter().find_map(|kind| {
            if kind.oid() == oid {
                Some((*kind).into())
            } else if kind.array_oid() == oid {
                Some(SqlType::array(*kind))
            } else {
                None
            }
        })
    }

    /// The scalar type of a name, either way of naming it: `int4`, `integer`.
    pub fn by_name(name: &str) -> Option<SqlType> {
        if let Some(element) = name.strip_suffix("[]").or_else(|| name.strip_prefix('_')) {
            return Some(SqlType::Array(Arc::new(SqlType::by_name(element)?)));
        }
        let kind = Kind::ALL.iter().find(|kind| kind.name() == name || kind.sql_name() == name)?;
        Some((*kind).into())
    }

    /// `typcategory`.
    pub fn category(&self) -> char {
        match self {
            SqlType::Scalar(kind, _) => kind.category(),
            SqlType::Array(_) => 'A',
            SqlType::Record(_) => 'P',
        }
    }

    /// `typispreferred`.
    pub fn is_preferred(&self) -> bool {
        self.kind().is_some_and(Kind::is_preferred)
    }

    /// Precision and scale of a numeric that was given them.
    pub fn precision(&self) -> Option<(i32, i32)> {
        match self {
            SqlType::Scalar(Kind::Numeric, modifier) if *modifier >= 4 => {
                let packed = modifier - 4;
                // The scale has 11 bits with a sign (PostgreSQL 15, numeric.c).
                Some(((packed >> 16) & 0xffff, ((packed & 0x7ff) ^ 1024) - 1024))
            }
            _ => None,
        }
    }

    /// `numeric(precision, scale)`.
    pub fn numeric(precision: i32, scale: i32) -> SqlType {
        SqlType::Scalar(Kind::Numeric, ((precision << 16) | (scale & 0x7ff)) + 4)
    }

    /// The Arrow type whose values stand for it.
    pub fn data_type(&self) -> DataType {
        match self {
            SqlType::Scalar(kind, _) => match kind {
                Kind::Boolean => DataType::Boolean,
                Kind::Int2 => DataType::Int16,
                Kind::Int4 => DataType::Int32,
                Kind::Int8 => DataType::Int64,
                Kind::Float4 => DataType::Float32,
                Kind::Float8 => DataType::Float64,
                Kind::Numeric => match self.precision() {
                    Some((precision @ 1..=38, scale)) if (0..=precision).contains(&scale) => {
                        DataType::Decimal128(precision as u8, scale as i8)
                    }
                    _ => DataType::Binary,
                },
                Kind::Bytea => DataType::Binary,
                Kind::Uuid => DataType::FixedSizeBinary(16),
                Kind::Timetz => DataType::FixedSizeBinary(12),
                Kind::Date => DataType::Date32,
                Kind::Time => DataType::Time64(TimeUnit::Microsecond),
                Kind::Timestamp => DataType::Timestamp(TimeUnit::Microsecond, None),
                Kind::Timestamptz => DataType::Timestamp(TimeUnit::Microsecond, Some("+00:00".into())),
                Kind::Interval => DataType::Interval(IntervalUnit::MonthDayNano),
                crate::oid_kinds!() => DataType::UInt32,
                Kind::Int2vector => list_of(DataType::Int16),
                Kind::Oidvector => list_of(DataType::UInt32),
                Kind::Char
                | Kind::Name
                | Kind::Text
                | Kind::Json
                | Kind::Jsonb
                | Kind::Unknown
                | Kind::Bpchar
                | Kind::Varchar
                | Kind::Cstring
                | Kind::Void => DataType::Utf8,
            },
            SqlType::Array(element) => {
                DataType::List(Arc::new(Field::new_list_field(element.data_type(), true)))
            }
            SqlType::Record(fields) => DataType::Struct(
                fields
                    .iter()
                    .enumerate()
                    .map(|(index, (_, sql_type))| {
                        Field::new(format!("f{}", index + 1), sql_type.data_type(), true)
                    })
                    .collect::<Fields>(),
            ),
        }
    }

    /// The type that an Arrow type stands for where nothing else is said.
    pub fn of_data_type(data_type: &DataType) -> SqlType {
        match data_type {
            DataType::Boolean => Kind::Boolean.into(),
            DataType::Int8 | DataType::UInt8 | DataType::Int16 => Kind::Int2.into(),
            DataType::UInt16 | DataType::Int32 => Kind::Int4.into(),
            DataType::Int64 | DataType::UInt64 => Kind::Int8.into(),
            DataType::UInt32 => Kind::Oid.into(),
            DataType::Float16 | DataType::Float32 => Kind::Float4.into(),
            DataType::Float64 => Kind::Float8.into(),
            DataType::Decimal32(precision, scale)
            | DataType::Decimal64(precision, scale)
            | DataType::Decimal128(precision, scale)
            | DataType::Decimal256(precision, scale) => {
                SqlType::numeric(i32::from(*precision), i32::from(*scale))
            }
            DataType::Binary | DataType::LargeBinary | DataType::BinaryView => Kind::Bytea.into(),
            DataType::FixedSizeBinary(16) => Kind::Uuid.into(),
            DataType::FixedSizeBinary(12) => Kind::Timetz.into(),
            DataType::FixedSizeBinary(_) => Kind::Bytea.into(),
            DataType::Date32 => Kind::Date.into(),
            DataType::Time32(_) | DataType::Time64(_) => Kind::Time.into(),
            DataType::Date64 | DataType::Timestamp(_, None) => Kind::Timestamp.into(),
            DataType::Timestamp(_, Some(_)) => Kind::Timestamptz.into(),
            DataType::Interval(_) | DataType::Duration(_) => Kind::Interval.into(),
            DataType::Dictionary(_, values) => SqlType::of_data_type(values),
            DataType::List(field) | DataType::LargeList(field) | DataType::FixedSizeList(field, _) => {
                SqlType::Array(Arc::new(SqlType::of_field(field)))
            }
            DataType::Struct(fields) => SqlType::Record(
                fields.iter().map(|field| (field.name().clone(), SqlType::of_field(field))).collect(),
            ),
            _ => Kind::Text.into(),
        }
    }

    /// The type of a field: what its metadata say, else what its Arrow type stands for.
    pub fn of_field(field: &Field) -> SqlType {
        let said = field.metadata().get(TYPE_KEY).and_then(|text| SqlType::read(text));
        said.unwrap_or_else(|| SqlType::of_data_type(field.data_type()))
    }

    /// A field of the type, named; its metadata say the type where the Arrow type does not.
    pub fn field(&self, name: &str, nullable: bool) -> Field {
        self.field_of(name, self.data_type(), nullable)
    }

    /// A field of the type whose values have that Arrow type (a numeric has two).
    pub fn field_of(&self, name: &str, data_type: DataType, nullable: bool) -> Field {
        let field = Field::new(name, data_type, nullable);
        if SqlType::of_data_type(field.data_type()) == *self {
            return field;
        }
        let metadata = HashMap::from([(TYPE_KEY.to_owned(), self.to_string())]);
        field.with_metadata(metadata)
    }

    /// Reads what [`fmt::Display`] writes.
    pub fn read(text: &str) -> Option<SqlType> {
        if let Some(element) = text.strip_suffix("[]") {
            return Some(SqlType::Array(Arc::new(SqlType::read(element)?)));
        }
        if let Some(fields) = text.strip_prefix("record(").and_then(|rest| rest.strip_suffix(')')) {
            let fields = apart(fields)
                .enumerate()
                .map(|(index, field)| Some((format!("f{}", index + 1), SqlType::read(field)?)));
            return fields.collect::<Option<_>>().map(SqlType::Record);
        }
        let (name, modifier) = match text.split_once('#') {
            Some((name, modifier)) => (name, modifier.parse().ok()?),
            None => (text, -1),
        };
        let kind = Kind::ALL.iter().find(|kind| kind.name() == name)?;
        Some(SqlType::Scalar(*kind, modifier))
    }
}

/// The form that metadata hold: `int4`, `varchar#7`, `numeric[]`, `record(int4,text)`.
impl fmt::Display for SqlType {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SqlType::Scalar(kind, -1) => formatter.write_str(kind.name()),
            SqlType::Scalar(kind, modifier) => write!(formatter, "{}#{modifier}", kind.name()),
            SqlType::Array(element) => write!(formatter, "{element}[]"),
            SqlType::Record(fields) => {
                formatter.write_str("record(")?;
                for (index, (_, field)) in fields.iter().enumerate() {
                    write!(formatter, "{}{field}", if index == 0 { "" } else { "," })?;
                }
                formatter.write_str(")")
            }
        }
    }
}

/// The parts of a list between its commas, those within parentheses aside.
fn apart(list: &str) -> impl Iterator<Item = &str> {
    let mut depth = 0;
    list.split(move |letter| {
        match letter {
            '(' => depth += 1,
            ')' => depth -= 1,
            _ => {}
        }
        letter == ',' && depth == 0
    })
    .filter(|part| !part.is_empty())
}

fn list_of(element: DataType) -> DataType {
    DataType::List(Arc::new(Field::new_list_field(element, true)))
}
