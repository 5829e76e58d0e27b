//! Errors a user can cause with SQL text, with all that Postgres puts into an ErrorResponse.

mod datafusion;

use millstream_catalog::CatalogError;

pub use self::datafusion::{from_datafusion, from_datafusion_in_text, position};

/// A result whose error is a user's to read.
pub type SqlResult<T> = Result<T, SqlError>;

/// An error with a SQLSTATE, a lower-case message, and where they help, a detail, a hint and a position.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct SqlError {
    /// The five-character SQLSTATE.
    pub state: SqlState,
    /// The primary message: lower case, names the object and its kind.
    pub message: String,
    /// DETAIL.
    pub detail: Option<String>,
    /// HINT.
    pub hint: Option<String>,
    /// Position in the text that the client sent, in characters from 1.
    pub position: Option<usize>,
    /// CONTEXT: where in the input it happened: `COPY flights, line 3, column delay: "abc"`.
    pub context: Option<String>,
}

macro_rules! states {
    ($($name:ident = $code:literal, $doc:literal;)*) => {
        /// The SQLSTATEs that Millstream gives, named as in Postgres's appendix A.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        pub enum SqlState { $(#[doc = $doc] $name,)* }

        impl SqlState {
            /// The five characters.
            pub fn code(self) -> &'static str {
                match self { $(SqlState::$name => $code,)* }
            }

            /// The inverse of [`SqlState::code`]; None for five characters that Millstream never gives.
            pub fn from_code(code: &str) -> Option<Self> {
                match code { $($code => Some(SqlState::$name),)* _ => None }
            }
        }
    };
}

states! {
    Successful = "00000", "no error: what a NOTICE says by the way";
    Warning = "01000", "a warning";
    ProtocolViolation = "08P01", "a malformed message";
    FeatureNotSupported = "0A000", "valid SQL that is not built, or that a view cannot keep up to date";
    CardinalityViolation = "21000", "a subquery gives two rows where one is wanted";
    StringTooLong = "22001", "value too long for its type";
    NumericOutOfRange = "22003", "integer or decimal overflow";
    InvalidDatetime = "22007", "text that is no date or time";
    DatetimeOverflow = "22008", "a date or time out of range";
    IntervalOverflow = "22015", "an interval out of range";
    DivisionByZero = "22012", "division by zero";
    CharacterNotInRepertoire = "22021", "invalid UTF-8";
    InvalidEscapeSequence = "22025", "an escape of LIKE that is no character";
    InvalidParameterValue = "22023", "an option or setting with a bad value";
    InvalidRegularExpression = "2201B", "text that is no regular expression";
    InvalidRowCountInLimit = "2201W", "a negative LIMIT";
    InvalidRowCountInOffset = "2201X", "a negative OFFSET";
    InvalidTextRepresentation = "22P02", "text that is no value of the type";
    InvalidBinaryRepresentation = "22P03", "a binary parameter that is no value of the type";
    BadCopyFormat = "22P04", "malformed COPY data, with the line";
    NullNotAllowed = "22004", "a NULL where none is taken";
    InvalidTimeZone = "22009", "an offset of a time zone out of range";
    SubstringError = "22011", "a negative length of a substring";
    InvalidFrameOffset = "22013", "a reach of a window frame that makes no sense";
    InvalidNtile = "22014", "an argument of ntile that is not positive";
    InvalidNthValue = "22016", "an argument of nth_value that is not positive";
    InvalidEscapeCharacter = "22019", "an escape that is not one character";
    IndicatorOverflow = "22022", "an indicator out of range";
    InvalidLogarithm = "2201E", "a logarithm of a number that is not positive";
    InvalidPower = "2201F", "a power or root that has no value";
    InvalidWidthBucket = "2201G", "bounds or a count of width_bucket that make no sense";
    InvalidTablesampleArgument = "2202H", "an argument of TABLESAMPLE that makes no sense";
    ArraySubscript = "2202E", "an array whose dimensions do not fit";
    DuplicateJsonKey = "22030", "a key of a JSON object that stands twice";
    InvalidJsonText = "22032", "text that is no JSON";
    InvalidSqlJsonSubscript = "22033", "a subscript of JSON that is none";
    UntranslatableCharacter = "22P05", "a character that the encoding has not";
    InvalidUseOfEscape = "2200C", "an escape used where it means nothing";
    NonstandardEscape = "22P06", "an escape that is not standard";
    InvalidUnicode = "22P07", "a code point that is none";
    InvalidCatalogName = "3D000", "no such database";
    NameTooLong = "42622", "a name that is too long";
    InvalidName = "42602", "text that is no name";
    AmbiguousFunction = "42725", "a call that fits more than one function";
    AmbiguousParameter = "42P08", "a parameter that is used as two types";
    AmbiguousAlias = "42P09", "an alias that stands twice";
    DuplicateAlias = "42712", "a name that stands twice in FROM";
    InvalidCursorDefinition = "42P11", "a cursor over what gives no rows";
    InvalidFunctionDefinition = "42P13", "a function that makes no sense";
    InvalidTableDefinition = "42P16", "a relation that makes no sense";
    InvalidRecursion = "42P19", "a recursive query that makes no sense";
    CollationMismatch = "42P21", "two collations where one is wanted";
    IndeterminateCollation = "42P22", "a collation that nothing tells";
    TooManyArguments = "54023", "more arguments than a function may have";
    CannotChangeParameter = "55P02", "a setting that cannot be changed now";
    NotNullViolation = "23502", "NULL in a column that takes none";
    InvalidAuthorization = "28000", "a user that cannot connect";
    InvalidCursorState = "24000", "a cursor in the wrong state";
    ActiveTransaction = "25001", "not allowed inside a transaction block";
    ReadOnlyTransaction = "25006", "a write in a read-only transaction";
    NoActiveTransaction = "25P01", "COMMIT or ROLLBACK with no transaction";
    InFailedTransaction = "25P02", "the transaction is aborted";
    InvalidStatementName = "26000", "no such prepared statement";
    DependentObjects = "2BP01", "others depend on it";
    InvalidCursorName = "34000", "no such cursor";
    InvalidSavepoint = "3B001", "no such savepoint";
    InvalidSchemaName = "3F000", "no such schema";
    SyntaxError = "42601", "syntax, with the position";
    UndefinedColumn = "42703", "no such column";
    InvalidColumnReference = "42P10", "a position or column that ORDER BY or a column list cannot mean";
    AmbiguousColumn = "42702", "a column name that fits more than one";
    DuplicateColumn = "42701", "a column named twice";
    DuplicateCursor = "42P03", "a cursor of that name is open";
    DuplicatePrepared = "42P05", "a prepared statement of that name exists";
    DuplicateTable = "42P07", "a relation of that name exists";
    DuplicateObject = "42710", "an object of that name exists";
    UndefinedTable = "42P01", "no such relation";
    UndefinedFunction = "42883", "no such function or operator for these types";
    UndefinedObject = "42704", "no such object or setting";
    UndefinedParameter = "42P02", "no such parameter";
    IndeterminateDatatype = "42P18", "a parameter whose type nothing tells";
    DatatypeMismatch = "42804", "types that do not fit";
    CannotCoerce = "42846", "no cast between the types";
    GroupingError = "42803", "a column that is neither grouped nor aggregated";
    WindowingError = "42P20", "a misplaced window";
    WrongObjectType = "42809", "an object of another kind";
    InvalidObjectDefinition = "42P17", "a definition that makes no sense";
    InsufficientResources = "53000", "no room for now";
    DiskFull = "53100", "disk full";
    OutOfMemory = "53200", "the memory budget is used up";
    TooManyConnections = "53300", "too many connections";
    TooManyColumns = "54011", "more columns than a relation may have";
    ProgramLimit = "54000", "a value or message over a limit";
    StatementTooComplex = "54001", "too deep or too many nodes";
    ObjectNotInPrerequisiteState = "55000", "the object is not in the state that this needs";
    AdminShutdown = "57P01", "the server is shutting down";
    QueryCanceled = "57014", "cancelled by the user or by statement_timeout";
    IoError = "58030", "the disk said no";
    InternalError = "XX000", "a defect of ours";
    DataCorrupted = "XX001", "damaged data, with file and offset";
}

impl SqlError {
    /// An error with a message and nothing else.
    pub fn new(state: SqlState, message: impl Into<String>) -> Self {
        Self { state, message: message.into(), detail: None, hint: None, position: None, context: None }
    }

    /// 0A000 with a hint that says what can be done instead.
    pub fn unsupported(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self::new(SqlState::FeatureNotSupported, message).with_hint(hint)
    }

    /// 42601 at a position (characters from 1), where it is known.
    pub fn syntax(message: impl Into<String>, position: Option<usize>) -> Self {
        Self { position, ..Self::new(SqlState::SyntaxError, message) }
    }

    /// XX000: a defect of ours.
    pub fn internal(message: impl Into<String>) -> Self {
        Self::new(SqlState::InternalError, message)
    }

    /// Adds a DETAIL.
    pub fn with_detail(self, detail: impl Into<String>) -> Self {
        Self { detail: Some(detail.into()), ..self }
    }

    /// Adds a CONTEXT.
    pub fn with_context(self, context: impl Into<String>) -> Self {
        Self { context: Some(context.into()), ..self }
    }

    /// Adds a HINT.
    pub fn with_hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }
}

impl From<CatalogError> for SqlError {
    fn from(error: CatalogError) -> Self {
        let state = match &error {
            CatalogError::Duplicate(_) => SqlState::DuplicateTable,
            CatalogError::Missing(_) => SqlState::UndefinedTable,
            CatalogError::MissingSchema(_) => SqlState::InvalidSchemaName,
            CatalogError::WrongKind { .. } => SqlState::WrongObjectType,
            CatalogError::DependedOn { .. } => SqlState::DependentObjects,
            CatalogError::UnknownId(_) => SqlState::InternalError,
        };
        let message = error.to_string();
        match error {
            CatalogError::DependedOn { dependents, .. } => Self::new(state, message)
                .with_detail(dependents.join("\n"))
                .with_hint("use DROP … CASCADE to drop the dependent objects too"),
            _ => Self::new(state, message),
        }
    }
}
