package org.ws2j.cli;

import java.util.ArrayList;
import java.util.List;

/** A table in plain text: columns two spaces apart, long cells wrapped at words where their column has a width. */
final class TextTable {
    private static final String GAP = "  ";

    /** Where the text of a column stands, and how wide it may get; 0 for as wide as need be. */
    private record Column(String header, int maxWidth, boolean isRight) {}

    private final List<Column> columns = new ArrayList<>();
    private final List<List<List<String>>> rows = new ArrayList<>();

    /** Adds a column as wide as its longest cell. */
    TextTable column(String header) {
        columns.add(new Column(header, 0, false));
        return this;
    }

    /** Adds a column whose cells are wrapped at some width. */
    TextTable wrapped(String header, int maxWidth) {
        columns.add(new Column(header, maxWidth, false));
        return this;
    }

    /** Adds a column of numbers. */
    TextTable number(String header) {
        columns.add(new Column(header, 0, true));
        return this;
    }

    /** Adds a row with a cell for each column. */
    void row(Object... cells) {
        if (cells.length != columns.size()) {
            throw new IllegalArgumentException(cells.length + " cells for " + columns.size() + " columns");
        }
        List<List<String>> row = new ArrayList<>();
        for (int i = 0; i < cells.length; i++) {
            row.add(wrap(cells[i].toString(), columns.get(i).maxWidth()));
        }
        rows.add(row);
    }

    /** {@return the lines, the header's first, without blanks at their ends} */
    List<String> lines() {
        List<List<String>> header = columns.stream().map(c -> wrap(c.header(), c.maxWidth())).toList();
        int[] widths = new int[columns.size()];
        measure(header, widths);
        rows.forEach(row -> measure(row, widths));
        List<String> lines = new ArrayList<>();
        print(header, widths, lines);
        List<List<String>> rule = new ArrayList<>();
        for (int width : widths) {
            rule.add(List.of("-".repeat(width)));
        }
        print(rule, widths, lines);
        rows.forEach(row -> print(row, widths, lines));
        return lines;
    }

    private static void measure(List<List<String>> row, int[] widths) {
        for (int i = 0; i < widths.length; i++) {
            for (String line : row.get(i)) {
                widths[i] = Math.max(widths[i], line.length());
            }
        }
    }

    private void print(List<List<String>> row, int[] widths, List<String> lines) {
        int height = row.stream().mapToInt(List::size).max().orElse(0);
        for (int y = 0; y < height; y++) {
            StringBuilder line = new StringBuilder();
            for (int i = 0; i < widths.length; i++) {
                String text = y < row.get(i).size() ? row.get(i).get(y) : "";
                String blanks = " ".repeat(widths[i] - text.length());
                line.append(i == 0 ? "" : GAP)
                        .append(columns.get(i).isRight() ? blanks + text : text + blanks);
            }
            lines.add(line.toString().stripTrailing());
        }
    }

    private static List<String> wrap(String text, int maxWidth) {
        if (maxWidth == 0 || text.length() <= maxWidth) {
            return List.of(text);
        }
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" ", -1)) {
            if (!line.isEmpty() && line.length() + 1 + word.length() > maxWidth) {
                lines.add(line.toString());
                line.setLength(0);
            }
            line.append(line.isEmpty() ? "" : " ").append(word);
        }
        lines.add(line.toString());
        return lines;
    }
}
