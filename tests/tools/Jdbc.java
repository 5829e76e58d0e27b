// pgjdbc beside values: DatabaseMetaData, batches, fetch sizes, savepoints, generated keys.
//
// Run as: java -cp JAR Jdbc.java HOST PORT USER DATABASE.
import java.sql.*;
import java.util.*;

public class Jdbc {
    public static void main(String[] arguments) throws Exception {
        String url = "jdbc:postgresql://" + arguments[0] + ":" + arguments[1] + "/" + arguments[3];
        Properties properties = new Properties();
        properties.setProperty("user", arguments[2]);
        try (Connection connection = DriverManager.getConnection(url, properties)) {
            DatabaseMetaData data = connection.getMetaData();
            System.out.println(data.getDatabaseProductName() + " " + data.getDatabaseMajorVersion() + " " + connection.isValid(5));
            System.out.println("keywords " + data.getSQLKeywords());
            System.out.println("functions " + data.getNumericFunctions().isEmpty() + " " + data.getStringFunctions().isEmpty());
            System.out.println("limits " + data.getMaxIndexLength() + " " + data.getMaxColumnNameLength() + " " + data.getMaxColumnsInIndex());
            print("tables", data.getTables(null, "public", "%", null), 3, 4, 5);
            print("views", data.getTables(null, "public", "%", new String[] {"VIEW", "MATERIALIZED VIEW"}), 3, 4);
            print("columns", data.getColumns(null, "public", "%", "%"), 3, 4, 5, 6, 7, 9, 11, 13, 17);
            print("keys", data.getPrimaryKeys(null, "public", "bids"), 4);
            print("imported", data.getImportedKeys(null, "public", "bids"), 3);
            print("exported", data.getExportedKeys(null, "public", "bids"), 3);
            print("indexes", data.getIndexInfo(null, "public", "bids", false, false), 6);
            print("best row", data.getBestRowIdentifier(null, "public", "bids", DatabaseMetaData.bestRowSession, true), 2);
            print("table types", data.getTableTypes(), 1);
            count("types", data.getTypeInfo(), 20);
            count("schemas", data.getSchemas(), 3);
            count("catalogs", data.getCatalogs(), 1);
            count("procedures", data.getProcedures(null, "pg_catalog", "%"), 0);
            count("functions", data.getFunctions(null, "pg_catalog", "a%"), 5);
            count("function columns", data.getFunctionColumns(null, "pg_catalog", "array%", "%"), 5);
            count("procedure columns", data.getProcedureColumns(null, "pg_catalog", "array%", "%"), 0);
            count("rights", data.getTablePrivileges(null, "public", "bids"), 0);
            count("column rights", data.getColumnPrivileges(null, "public", "bids", "%"), 0);
            count("user types", data.getUDTs(null, "public", "%", null), 0);
            count("client", data.getClientInfoProperties(), 1);
            connection.setAutoCommit(false);
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO bids (auction, price, at) VALUES (?, ?, ?)")) {
                for (int auction = 10; auction < 110; auction++) {
                    insert.setLong(1, auction);
                    insert.setBigDecimal(2, new java.math.BigDecimal("1.10"));
                    insert.setTimestamp(3, Timestamp.valueOf("2024-01-03 00:00:00"));
                    insert.addBatch();
                }
                System.out.println("batch " + Arrays.stream(insert.executeBatch()).sum());
            }
            connection.commit();
            try (PreparedStatement query = connection.prepareStatement("SELECT auction FROM bids WHERE auction >= ? ORDER BY 1")) {
                query.setFetchSize(7);
                query.setLong(1, 10);
                int rows = 0;
                try (ResultSet found = query.executeQuery()) {
                    while (found.next()) rows++;
                }
                System.out.println("fetched " + rows);
            }
            Savepoint savepoint = connection.setSavepoint("one");
            try (Statement statement = connection.createStatement()) {
                statement.execute("SELECT 1/0");
            } catch (SQLException error) {
                System.out.println("failed " + error.getSQLState());
                connection.rollback(savepoint);
            }
            try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery("SELECT 1")) {
                rows.next();
                System.out.println("after " + rows.getObject(1).getClass().getSimpleName());
            }
            try (PreparedStatement insert = connection.prepareStatement(
                    "INSERT INTO bids (auction, at) VALUES (?, '2024-01-04')", Statement.RETURN_GENERATED_KEYS)) {
                insert.setLong(1, 200);
                insert.executeUpdate();
                print("generated", insert.getGeneratedKeys(), 1, 2, 3, 4);
            }
            connection.rollback();
            connection.setReadOnly(true);
            connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
            System.out.println("schema " + connection.getSchema());
        }
    }

    static void print(String what, ResultSet rows, int... columns) throws SQLException {
        List<String> lines = new ArrayList<>();
        while (rows.next()) {
            StringJoiner line = new StringJoiner(" ");
            for (int column : columns) line.add(rows.getString(column));
            lines.add(line.toString());
        }
        System.out.println(what + " " + lines);
    }

    static void count(String what, ResultSet rows, int least) throws SQLException {
        int count = 0;
        while (rows.next()) count++;
        System.out.println(what + " " + (count >= least));
    }
}
