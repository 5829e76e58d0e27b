// Every type through pgjdbc: read, sent back, inserted and copied; with results in text, in binary, and in simple queries.
//
// Run as: java -cp JAR JdbcTypes.java HOST PORT USER DATABASE KIND, KIND being TABLE or STREAM. It prints one line for
// each value; two servers agree if their lines are equal.
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.*;
import java.time.*;
import java.util.*;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

public class JdbcTypes {
    record Column(String name, String type, List<String> literals) {}

    interface Action {
        String run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
        TimeZone.setDefault(TimeZone.getTimeZone("Europe/Berlin"));
        String url = "jdbc:postgresql://" + arguments[0] + ":" + arguments[1] + "/" + arguments[3];
        List<Column> every = columns(Path.of(arguments[5]));
        for (String mode : List.of("text", "binary", "simple")) {
            Properties properties = new Properties();
            PGProperty.USER.set(properties, arguments[2]);
            PGProperty.BINARY_TRANSFER.set(properties, mode.equals("binary"));
            if (mode.equals("binary")) PGProperty.PREPARE_THRESHOLD.set(properties, -1);
            if (mode.equals("simple")) PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
            try (Connection connection = DriverManager.getConnection(url, properties)) {
                System.out.println("mode " + mode);
                every(connection, every, arguments[4], "types_" + mode);
            }
        }
    }

    static void every(Connection connection, List<Column> every, String kind, String table) throws Exception {
        StringJoiner declared = new StringJoiner(", ");
        for (Column column : every) declared.add(column.name + " " + column.type);
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE " + kind + " " + table + " (" + declared + ")");
        }
        System.out.println("1: " + read(connection, "SELECT 1, 1.0, 'a', NULL, 3000000000, 1.5e0, TRUE"));
        for (Column column : every) {
            System.out.println(column.name + " " + column.type);
            for (String literal : column.literals) {
                System.out.println("  " + literal);
                String query = "SELECT " + literal + "::" + column.type;
                say("read", () -> read(connection, query));
                say("described", () -> described(connection, query));
                say("sent", () -> sentBack(connection, table, column, query));
                for (String format : List.of("text", "csv", "binary")) {
                    say("copy " + format, () -> copied(connection, table, column, query, format));
                }
            }
            String stored = "SELECT " + column.name + "::text FROM " + table + " WHERE " + column.name + " IS NOT NULL";
            say("stored", () -> stored(connection, stored));
            say("columns", () -> catalogued(connection, table, column));
        }
        java(connection, table);
    }

    static void say(String what, Action action) {
        String answer;
        try {
            answer = action.run();
        } catch (PSQLException error) {
            // Places in the text are left out.
            ServerErrorMessage said = error.getServerErrorMessage();
            answer = error.getSQLState() + " " + (said == null ? error.getMessage() : said.getMessage() + " " + said.getWhere());
        } catch (Exception error) {
            answer = error.getClass().getSimpleName() + " " + error.getMessage();
        }
        System.out.println("    " + what + " " + answer.replace("\n", "\\n"));
    }

    static String read(Connection connection, String query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query); ResultSet rows = statement.executeQuery()) {
            StringJoiner line = new StringJoiner(", ");
            while (rows.next()) {
                for (int index = 1; index <= rows.getMetaData().getColumnCount(); index++) {
                    line.add(rows.getString(index) + " = " + shown(rows.getObject(index)));
                }
            }
            return line.toString();
        }
    }

    static String described(Connection connection, String query) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            ResultSetMetaData data = statement.getMetaData();
            return data.getColumnTypeName(1) + " " + data.getColumnType(1) + " " + data.getColumnClassName(1) + " "
                + data.getPrecision(1) + " " + data.getScale(1) + " " + data.getColumnDisplaySize(1) + " "
                + data.isSigned(1) + " " + data.isNullable(1);
        }
    }

    /// The value as Java has it, as a parameter: cast, in INSERT, in WHERE, and its batch.
    static String sentBack(Connection connection, String table, Column column, String query) throws SQLException {
        Object value;
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            value = column.type.startsWith("timetz") ? rows.getObject(1, OffsetTime.class) : rows.getObject(1);
            if (value instanceof java.sql.Array array) value = connection.createArrayOf(array.getBaseTypeName(), (Object[]) array.getArray());
            if (column.type.equals("json") || column.type.equals("jsonb")) value = rows.getString(1);
        }
        String line = "";
        String cast = "SELECT ?::" + column.type + ", (?::" + column.type + ")::text";
        try (PreparedStatement statement = connection.prepareStatement(cast)) {
            statement.setObject(1, value);
            statement.setObject(2, value);
            line += statement.getParameterMetaData().getParameterTypeName(1) + " ";
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                line += shown(rows.getObject(1)) + " " + rows.getString(2);
            }
        }
        String insert = "INSERT INTO " + table + " (" + column.name + ") VALUES (?::" + column.type + ")";
        try (PreparedStatement statement = connection.prepareStatement(insert)) {
            for (int time = 0; time < 2; time++) {
                statement.setObject(1, value);
                statement.addBatch();
            }
            line += " " + Arrays.toString(statement.executeBatch());
        }
        if (!column.type.startsWith("json") || column.type.startsWith("jsonb")) {
            String where = "SELECT count(*) FROM " + table + " WHERE " + column.name + " = ?::" + column.type;
            try (PreparedStatement statement = connection.prepareStatement(where)) {
                statement.setObject(1, value);
                try (ResultSet rows = statement.executeQuery()) {
                    rows.next();
                    line += " " + rows.getLong(1);
                }
            }
        }
        return line;
    }

    static String copied(Connection connection, String table, Column column, String query, String format) throws Exception {
        var copy = connection.unwrap(PGConnection.class).getCopyAPI();
        var out = new ByteArrayOutputStream();
        long sent = copy.copyOut("COPY (" + query + ") TO STDOUT WITH (FORMAT " + format + ")", out);
        String into = "COPY " + table + " (" + column.name + ") FROM STDIN WITH (FORMAT " + format + ")";
        long taken = copy.copyIn(into, new ByteArrayInputStream(out.toByteArray()));
        String data = format.equals("binary")
            ? HexFormat.of().formatHex(out.toByteArray()) : out.toString(StandardCharsets.UTF_8);
        return sent + " " + taken + " " + data;
    }

    static String stored(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(query)) {
            List<String> values = new ArrayList<>();
            while (rows.next()) values.add(rows.getString(1));
            Collections.sort(values);
            return values.toString();
        }
    }

    /// What DatabaseMetaData says of a column.
    static String catalogued(Connection connection, String table, Column column) throws SQLException {
        try (ResultSet rows = connection.getMetaData().getColumns(null, "public", table, column.name)) {
            rows.next();
            StringJoiner line = new StringJoiner(" ");
            for (String field : List.of("DATA_TYPE", "TYPE_NAME", "COLUMN_SIZE", "DECIMAL_DIGITS", "NUM_PREC_RADIX",
                "NULLABLE", "COLUMN_DEF", "CHAR_OCTET_LENGTH", "ORDINAL_POSITION", "IS_AUTOINCREMENT")) {
                line.add(rows.getString(field));
            }
            return line.toString();
        }
    }

    /// The setters and getters of java.sql and java.time.
    static void java(Connection connection, String table) throws Exception {
        say("setDate", () -> set(connection, "date", (s, i) -> s.setDate(i, java.sql.Date.valueOf("2024-02-29"))));
        say("setDate", () -> set(connection, "date",
            (s, i) -> s.setDate(i, java.sql.Date.valueOf("2024-02-29"), Calendar.getInstance(TimeZone.getTimeZone("UTC")))));
        say("setTime", () -> set(connection, "time", (s, i) -> s.setTime(i, Time.valueOf("01:02:03"))));
        say("setTime", () -> set(connection, "timetz", (s, i) -> s.setTime(i, Time.valueOf("01:02:03"))));
        say("setTimestamp", () -> set(connection, "timestamp",
            (s, i) -> s.setTimestamp(i, Timestamp.valueOf("2024-02-29 01:02:03.000004"))));
        say("setTimestamp", () -> set(connection, "timestamptz",
            (s, i) -> s.setTimestamp(i, Timestamp.valueOf("2024-07-29 01:02:03.000004"))));
        say("setTimestamp", () -> set(connection, "date",
            (s, i) -> s.setTimestamp(i, Timestamp.valueOf("2024-07-29 01:02:03.000004"))));
        say("LocalDate", () -> set(connection, "date", (s, i) -> s.setObject(i, LocalDate.of(2024, 2, 29))));
        say("LocalDate", () -> set(connection, "date", (s, i) -> s.setObject(i, LocalDate.MAX)));
        say("LocalTime", () -> set(connection, "time", (s, i) -> s.setObject(i, LocalTime.MAX)));
        say("OffsetTime", () -> set(connection, "timetz", (s, i) -> s.setObject(i, OffsetTime.parse("01:02:03+05:30"))));
        say("LocalDateTime", () -> set(connection, "timestamp",
            (s, i) -> s.setObject(i, LocalDateTime.parse("2024-02-29T01:02:03.000004"))));
        say("LocalDateTime", () -> set(connection, "timestamp", (s, i) -> s.setObject(i, LocalDateTime.MIN)));
        say("OffsetDateTime", () -> set(connection, "timestamptz",
            (s, i) -> s.setObject(i, OffsetDateTime.parse("2024-02-29T01:02:03.000004+05:30"))));
        say("setShort", () -> set(connection, "int2", (s, i) -> s.setShort(i, (short) 7)));
        say("setInt", () -> set(connection, "int4", (s, i) -> s.setInt(i, 7)));
        say("setLong", () -> set(connection, "int8", (s, i) -> s.setLong(i, 7)));
        say("setFloat", () -> set(connection, "float4", (s, i) -> s.setFloat(i, 0.1f)));
        say("setDouble", () -> set(connection, "float8", (s, i) -> s.setDouble(i, 0.1)));
        say("setBigDecimal", () -> set(connection, "numeric",
            (s, i) -> s.setBigDecimal(i, new java.math.BigDecimal("1.2300"))));
        say("setBigDecimal", () -> set(connection, "numeric(20,3)",
            (s, i) -> s.setBigDecimal(i, new java.math.BigDecimal("1E+3"))));
        say("setBoolean", () -> set(connection, "boolean", (s, i) -> s.setBoolean(i, true)));
        say("setString", () -> set(connection, "text", (s, i) -> s.setString(i, "ü→")));
        say("setNull", () -> set(connection, "text", (s, i) -> s.setNull(i, Types.VARCHAR)));
        say("setBytes", () -> set(connection, "bytea", (s, i) -> s.setBytes(i, new byte[] {0, -1})));
        say("setBinaryStream", () -> set(connection, "bytea",
            (s, i) -> s.setBinaryStream(i, new ByteArrayInputStream(new byte[] {1, 2}))));
        say("UUID", () -> set(connection, "uuid", (s, i) -> s.setObject(i, new UUID(1, 2))));
        say("PGInterval", () -> set(connection, "interval",
            (s, i) -> s.setObject(i, new org.postgresql.util.PGInterval(1, 2, 3, 4, 5, 6.7))));
        say("int[]", () -> set(connection, "int4[]", (s, i) -> s.setObject(i, new int[] {1, 2})));
        say("String[]", () -> set(connection, "text[]", (s, i) -> s.setObject(i, new String[] {"a", null, "b c"})));
        say("other", () -> set(connection, "jsonb", (s, i) -> s.setObject(i, "{\"a\": 1}", Types.OTHER)));
        say("getters", () -> {
            String query = "SELECT date '2024-02-29', time '01:02:03.4', timestamp '2024-02-29 01:02:03', "
                + "timestamptz '2024-07-29 01:02:03+00', timetz '01:02:03+05'";
            try (PreparedStatement s = connection.prepareStatement(query); ResultSet rows = s.executeQuery()) {
                rows.next();
                return rows.getDate(1) + " " + rows.getObject(1, LocalDate.class) + " " + rows.getTime(2) + " "
                    + rows.getObject(2, LocalTime.class) + " " + rows.getTimestamp(3) + " "
                    + rows.getObject(3, LocalDateTime.class) + " " + rows.getTimestamp(4) + " "
                    + rows.getObject(4, OffsetDateTime.class) + " " + rows.getObject(5, OffsetTime.class) + " "
                    + rows.getTime(5);
            }
        });
    }

    interface Setter {
        void set(PreparedStatement statement, int index) throws SQLException;
    }

    /// A parameter cast to the type, and bare beside a value of the type.
    static String set(Connection connection, String type, Setter setter) throws SQLException {
        StringJoiner line = new StringJoiner(" | ");
        String query = "SELECT (?::" + type + ")::text, coalesce(?, NULL::" + type + ")::text";
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            setter.set(statement, 1);
            setter.set(statement, 2);
            try (ResultSet rows = statement.executeQuery()) {
                rows.next();
                line.add(rows.getString(1)).add(rows.getString(2));
            }
        }
        return line.toString();
    }

    static String shown(Object value) throws SQLException {
        if (value == null) return "null";
        if (value instanceof byte[] bytes) return "bytes:" + HexFormat.of().formatHex(bytes);
        if (value instanceof java.sql.Array array) return array.getBaseTypeName() + "[]:" + shown(array.getArray());
        if (value instanceof Object[] parts) {
            StringJoiner line = new StringJoiner(", ", "[", "]");
            for (Object part : parts) line.add(shown(part));
            return line.toString();
        }
        return value.getClass().getSimpleName() + ":" + value;
    }

    static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    /// The columns of types.tsv, and after each scalar the array of it.
    static List<Column> columns(Path path) throws Exception {
        List<Column> found = new ArrayList<>();
        for (String line : Files.readAllLines(path)) {
            if (line.startsWith("#")) continue;
            String[] fields = line.split("\t", -1);
            String type = fields[1];
            List<String> literals = new ArrayList<>();
            StringJoiner array = new StringJoiner(",", "{", ",NULL}");
            for (int index = 2; index < fields.length; index++) {
                String value = type.equals("text") ? fields[index].replace("\\\\", "\\") : fields[index];
                literals.add(quoted(value));
                array.add("\"" + value.replace("\\", "\\\\").replace("\"", "\\\"") + "\"");
            }
            literals.add("NULL");
            found.add(new Column(fields[0], type, literals));
            found.add(new Column(fields[0] + "_a", type + "[]", List.of("'{}'", quoted(array.toString()))));
        }
        return found;
    }
}
