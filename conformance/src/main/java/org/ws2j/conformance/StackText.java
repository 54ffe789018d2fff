package org.ws2j.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.ws2j.host.TransportModules;
import org.ws2j.spi.TransportModule;

/**
 * Splits the text of a stack. What is no built-in module's name begins the path of a jar, which goes on to the element that
 * ends with {@code .jar} or {@code .jar!NAME}, or of a file in another format that the host reads, such as a shared library; so
 * directories need no quotes.
 */
final class StackText {
    private static final char SEPARATOR = '/';

    private final Set<String> builtin =
            TransportModules.builtin().stream().map(TransportModule::name).collect(Collectors.toSet());

    private final List<String> paths = new ArrayList<>();

    private StackText() {}

    /** {@return the paths of the modules, from top to bottom} */
    static List<String> paths(String text) {
        StackText split = new StackText();
        split.split(text);
        return split.paths;
    }

    private void split(String text) {
        StringBuilder jar = null;
        for (String element : text.split(String.valueOf(SEPARATOR), -1)) {
            if (jar == null && builtin.contains(element)) {
                paths.add(TransportModules.BUILTIN + element);
                continue;
            }
            jar = jar == null ? new StringBuilder(element) : jar.append(SEPARATOR).append(element);
            if (isEndOfJar(element)) {
                paths.add(jar.toString());
                jar = null;
            }
        }
        if (jar != null) {
            throw new IllegalArgumentException("\"" + jar + "\" in the stack \"" + text + "\" is neither one of "
                    + builtin.stream().sorted().toList() + " nor the path of a jar");
        }
    }

    private static boolean isEndOfJar(String element) {
        int mark = element.lastIndexOf('!');
        return TransportModules.isOfFormat(element)
                || (mark < 0 ? element : element.substring(0, mark)).endsWith(".jar");
    }
}
