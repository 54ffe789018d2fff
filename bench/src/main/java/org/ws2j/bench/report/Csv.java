package org.ws2j.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Lines of values that commas separate; a value that has one in it, or a quotation mark, stands in quotation marks. */
final class Csv {
    private Csv() {}

    static String line(List<?> values) {
        return values.stream().map(value -> quoted(value.toString())).collect(Collectors.joining(","));
    }

    private static String quoted(String value) {
        boolean isPlain = value.indexOf(',') < 0 && value.indexOf('"') < 0;
        return isPlain ? value : '"' + value.replace("\"", "\"\"") + '"';
    }

    static List<String> values(String line) {
        List<String> values = new ArrayList<>();
        StringBuilder value = new StringBuilder();
        boolean isInside = false;
        for (int i = 0; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"' && isInside && i + 1 < line.length() && line.charAt(i + 1) == '"') {
                value.append(c);
                i++;
            } else if (c == '"') {
                isInside = !isInside;
            } else if (c == ',' && !isInside) {
                values.add(value.toString());
                value.setLength(0);
            } else {
                value.append(c);
            }
        }
        values.add(value.toString());
        return values;
    }
}
