package org.ws2j.conformance;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** Which statements have a check, and which have none. */
public final class Coverage {
    private final Statements statements = Statements.load();
    private final Map<String, List<String>> checks = new LinkedHashMap<>();

    private Coverage() {}

    /**
     * Compares the statements with what suites prove.
     *
     * @param suites the suites
     * @return the coverage
     */
    public static Coverage of(Collection<Class<? extends Suite>> suites) {
        Coverage coverage = new Coverage();
        for (Class<? extends Suite> suite : suites) {
            for (Method method : suite.getDeclaredMethods()) {
                coverage.add(suite, method);
            }
        }
        return coverage;
    }

    private void add(Class<?> suite, Method method) {
        Proves proves = method.getAnnotation(Proves.class);
        if (proves != null) {
            for (String id : proves.value()) {
                checks.computeIfAbsent(id, key -> new ArrayList<>()).add(SuiteName.of(suite) + "." + method.getName());
            }
        }
    }

    /** {@return all statements} */
    public List<Statement> statements() {
        return statements.all();
    }

    /**
     * Tells what proves a statement.
     *
     * @param statement the statement
     * @return the checks, as SUITE.CHECK
     */
    public List<String> checksOf(Statement statement) {
        return checks.getOrDefault(statement.id(), List.of()).stream().sorted().toList();
    }

    /** {@return the statements with a check} */
    public List<Statement> checked() {
        return all(statement -> checks.containsKey(statement.id()));
    }

    /** {@return the statements without a check that say why} */
    public List<Statement> excused() {
        return all(statement -> !checks.containsKey(statement.id()) && statement.reason().isPresent());
    }

    /** {@return the statements with neither a check nor a reason} */
    public List<Statement> open() {
        return all(statement -> !checks.containsKey(statement.id()) && statement.reason().isEmpty());
    }

    /** {@return what checks claim to prove although it is no statement, with the checks} */
    public Map<String, List<String>> unknown() {
        Map<String, List<String>> unknown = new LinkedHashMap<>(checks);
        statements.all().forEach(statement -> unknown.remove(statement.id()));
        return unknown;
    }

    private List<Statement> all(Predicate<Statement> wanted) {
        return statements.all().stream().filter(wanted).toList();
    }
}
