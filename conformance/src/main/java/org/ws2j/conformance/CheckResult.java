package org.ws2j.conformance;

import java.util.Optional;
import java.util.stream.Stream;

/**
 * What became of one check over one stack.
 *
 * @param stack the text of the stack
 * @param suite the name of the suite
 * @param check the name of the check
 * @param outcome how it ended
 * @param reason why it was skipped; null otherwise
 * @param failure what it failed with; null otherwise
 */
public record CheckResult(
        String stack, String suite, String check, Outcome outcome, String reason, Throwable failure) {

    /** How a check ends. */
    public enum Outcome {
        /** As expected. */
        PASSED,
        /** Otherwise. */
        FAILED,
        /** It does not concern the stack, or a flag leaves nothing to expect. */
        SKIPPED
    }

    /** {@return the first line of the failure's message that says something; empty for what did not fail} */
    public String message() {
        if (failure == null) {
            return "";
        }
        String message = failure.getMessage() == null ? "" : failure.getMessage();
        return message.isBlank() ? failure.toString() : String.join(" ", message.strip().split("\\s*\n\\s*"));
    }

    /** {@return where in the suite it failed; where at all if the suite is not on the stack; empty for what did not fail} */
    public Optional<StackTraceElement> place() {
        return Stream.iterate(failure, t -> t != null, Throwable::getCause)
                .flatMap(t -> Stream.of(t.getStackTrace()))
                .filter(frame -> frame.getClassName().endsWith("." + suite + "Suite"))
                .findFirst()
                .or(() -> failure == null ? Optional.empty() : Stream.of(failure.getStackTrace()).findFirst());
    }
}
