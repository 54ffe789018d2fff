package org.ws2j.cli;

import java.util.ArrayList;
import java.util.List;
import org.ws2j.conformance.Coverage;
import org.ws2j.conformance.Statement;

/** What the specification says, and which of it is checked, in lines. */
final class StatementText {
    private static final int TEXT_WIDTH = 50;
    private static final int CHECK_WIDTH = 60;

    private final Coverage coverage;

    StatementText(Coverage coverage) {
        this.coverage = coverage;
    }

    /** {@return a row for each statement} */
    List<String> all() {
        List<String> lines = new ArrayList<>();
        String group = null;
        TextTable table = null;
        for (Statement statement : coverage.statements()) {
            if (!statement.group().equals(group)) {
                group = statement.group();
                addTo(lines, table);
                table = new TextTable()
                        .column(group + " (" + statement.source() + ")")
                        .wrapped("says", TEXT_WIDTH)
                        .wrapped("checked by", CHECK_WIDTH);
            }
            table.row(statement.id(), statement.text(), checks(statement));
        }
        addTo(lines, table);
        lines.addAll(summary());
        return lines;
    }

    private static void addTo(List<String> lines, TextTable table) {
        if (table != null) {
            lines.addAll(table.lines());
            lines.add("");
        }
    }

    private String checks(Statement statement) {
        List<String> checks = coverage.checksOf(statement);
        return checks.isEmpty() ? statement.reason().orElse("NOTHING") : String.join(" ", checks);
    }

    /** {@return how many are checked, and those that are not} */
    List<String> summary() {
        List<String> lines = new ArrayList<>();
        lines.add(coverage.statements().size() + " statements of the specification: " + coverage.checked().size()
                + " have a check, " + coverage.excused().size() + " have none and say why, " + coverage.open().size()
                + " have none; --statements lists them.");
        coverage.open().forEach(statement -> lines.add("no check  " + statement.id() + ": " + statement.text()));
        coverage.unknown().forEach((id, checks) -> lines.add("NO STATEMENT  " + id + ", which "
                + String.join(", ", checks) + " proves"));
        return lines;
    }
}
