package org.ws2j.host.catalog;

import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Expands the references to the environment in a path of the catalog, which keeps them until a module is loaded. */
public final class PathReferences {
    private static final Pattern REFERENCE = Pattern.compile("%([^%]+)%");

    private PathReferences() {}

    /**
     * Replaces each {@code %NAME%}.
     *
     * @param path the path as it was installed
     * @param environment returns the value for a name, null for none: {@code System::getenv}
     * @return the path; references to names without a value stay as they are
     */
    public static String expand(String path, UnaryOperator<String> environment) {
        Matcher matcher = REFERENCE.matcher(path);
        StringBuilder expanded = new StringBuilder();
        int from = 0;
        while (matcher.find(from)) {
            String value = environment.apply(matcher.group(1));
            expanded.append(path, from, matcher.start());
            if (value == null) {
                // The second sign may begin the next reference: 50%_OF_%HOME% has one.
                expanded.append(path, matcher.start(), matcher.end() - 1);
                from = matcher.end() - 1;
            } else {
                expanded.append(value);
                from = matcher.end();
            }
        }
        return expanded.append(path, from, path.length()).toString();
    }
}
