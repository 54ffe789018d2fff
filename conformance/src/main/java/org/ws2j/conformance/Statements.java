package org.ws2j.conformance;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the specification says, in short: the list that the checks are measured by.
 *
 * <p>It lies in text files. {@code == GROUP | SOURCE} begins a group, every other line that is not empty or a comment
 * ({@code #}) is a statement: {@code id | text}, with {@code | reason} behind it where no check is to be expected.
 */
public final class Statements {
    private static final List<String> FILES =
            List.of("traps", "facts", "upcalls", "functions", "options", "notifications",
                    "overlapped", "catalog", "host");

    private static final String GROUP = "==";

    private final Map<String, Statement> byId = new LinkedHashMap<>();

    private Statements() {}

    /** {@return all statements} */
    public static Statements load() {
        Statements statements = new Statements();
        FILES.forEach(statements::read);
        return statements;
    }

    /** {@return the statements in the order of their files} */
    public List<Statement> all() {
        return List.copyOf(byId.values());
    }

    /**
     * Looks a statement up.
     *
     * @param id its id
     * @return the statement, if there is one
     */
    public Optional<Statement> byId(String id) {
        return Optional.ofNullable(byId.get(id));
    }

    private void read(String file) {
        try (InputStream in = Statements.class.getResourceAsStream("statements/" + file + ".txt")) {
            if (in == null) {
                throw new IllegalStateException("the list of statements " + file + " is missing");
            }
            parse(file, new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void parse(String file, List<String> lines) {
        List<String> group = List.of("", "");
        for (String line : lines) {
            if (line.startsWith(GROUP)) {
                group = cells(line.substring(GROUP.length()));
            } else if (!line.isBlank() && !line.startsWith("#")) {
                add(file, group, cells(line));
            }
        }
    }

    private void add(String file, List<String> group, List<String> cells) {
        boolean isWhole = group.size() == 2 && (cells.size() == 2 || cells.size() == 3);
        if (!isWhole || cells.contains("")) {
            throw new IllegalStateException("in the list of statements " + file + ": " + group + " " + cells);
        }
        Statement statement = new Statement(
                cells.get(0), group.get(0), group.get(1), cells.get(1), cells.size() == 3 ? cells.get(2) : null);
        if (byId.put(statement.id(), statement) != null) {
            throw new IllegalStateException("two statements have the id " + statement.id());
        }
    }

    private static List<String> cells(String line) {
        List<String> cells = new ArrayList<>();
        Collections.addAll(cells, line.split("\\|", -1));
        cells.replaceAll(String::strip);
        return cells;
    }
}
