package org.ws2j.conformance;

import java.util.Optional;

/**
 * One thing that the specification says.
 *
 * @param id what {@link Proves} names it by
 * @param group the function or subject
 * @param source where it stands
 * @param text what it says, in short
 * @param elsewhere which test outside the kit proves it, or why nothing can; null if a check is due
 */
public record Statement(String id, String group, String source, String text, String elsewhere) {
    /** {@return which test outside the kit proves it, or why nothing can; empty if a check is due} */
    public Optional<String> reason() {
        return Optional.ofNullable(elsewhere);
    }
}
