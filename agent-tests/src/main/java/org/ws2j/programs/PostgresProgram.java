package org.ws2j.programs;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.postgresql.copy.CopyManager;

/** PostgreSQL's JDBC driver, with a server whose JDBC address is the argument. */
public final class PostgresProgram {
    /** A value that is stored as it is. */
    public static final Payload VALUE = new Payload("postgres", 250_000);

    private static final int ROWS = 2_000;
    private static final int FETCHED = 100;

    private PostgresProgram() {}

    /** The argument is the address, with the user. */
    public static void main(String[] arguments) {
        Program.run(() -> work(arguments[0]));
    }

    private static void work(String url) throws SQLException, IOException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TEMPORARY TABLE things (number int, name text)");
            insert(connection);
            select(connection);
            store(connection);
            copy(connection);
            refuse(connection);
            listen(connection, url);
        }
    }

    private static void insert(Connection connection) throws SQLException {
        try (PreparedStatement insert = connection.prepareStatement("INSERT INTO things VALUES (?, ?)")) {
            for (int i = 0; i < ROWS; i++) {
                insert.setInt(1, i);
                insert.setString(2, "thing " + i);
                insert.addBatch();
            }
            Program.answered("rows inserted", ROWS, IntStream.of(insert.executeBatch()).sum());
        }
    }

    /** By a cursor, so that many answers are asked for. */
    private static void select(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        StringBuilder names = new StringBuilder();
        try (PreparedStatement select = connection.prepareStatement("SELECT name FROM things ORDER BY number")) {
            select.setFetchSize(FETCHED);
            try (ResultSet rows = select.executeQuery()) {
                while (rows.next()) {
                    names.append(rows.getString(1)).append('\n');
                }
            }
        }
        connection.commit();
        connection.setAutoCommit(true);
        String expected = IntStream.range(0, ROWS).mapToObj(i -> "thing " + i + '\n').collect(Collectors.joining());
        Program.received("rows selected", Program.utf8(expected), Program.utf8(names.toString()));
    }

    private static void store(Connection connection) throws SQLException {
        try (PreparedStatement select = connection.prepareStatement("SELECT ?::bytea")) {
            select.setBytes(1, VALUE.bytes());
            try (ResultSet rows = select.executeQuery()) {
                rows.next();
                Program.received("bytea", VALUE, rows.getBytes(1));
            }
        }
    }

    private static void copy(Connection connection) throws SQLException, IOException {
        CopyManager copies = connection.unwrap(PGConnection.class).getCopyAPI();
        String rows = IntStream.range(0, ROWS).mapToObj(i -> i + "\tcopy " + i + '\n').collect(Collectors.joining());
        long copied = copies.copyIn("COPY things FROM STDIN", new ByteArrayInputStream(Program.utf8(rows)));
        Program.answered("rows copied in", (long) ROWS, copied);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        copies.copyOut("COPY (SELECT * FROM things WHERE name LIKE 'copy%' ORDER BY number) TO STDOUT", out);
        Program.received("rows copied out", Program.utf8(rows), out.toByteArray());
    }

    private static void refuse(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("SELECT nothing FROM nowhere");
            throw new AssertionError("there is such a table");
        } catch (SQLException e) {
            Program.answered("state after a mistake", "42P01", e.getSQLState());
        }
    }

    private static void listen(Connection connection, String url) throws SQLException {
        try (Connection other = DriverManager.getConnection(url);
                Statement listen = connection.createStatement();
                Statement notify = other.createStatement()) {
            listen.execute("LISTEN news");
            notify.execute("NOTIFY news, 'item'");
            int limit = (int) Program.LIMIT.toMillis();
            PGNotification[] heard = connection.unwrap(PGConnection.class).getNotifications(limit);
            Program.answered("notified of", "item", heard[0].getParameter());
        }
    }
}
