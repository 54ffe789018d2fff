package org.ws2j.conformance;

import java.util.List;
import java.util.Objects;
import org.ws2j.conformance.CheckResult.Outcome;

/**
 * What a run has shown.
 *
 * @param stacks the texts of the stacks
 * @param results what became of each check, in the order in which they ran
 */
public record ConformanceReport(List<String> stacks, List<CheckResult> results) {
    /** Copies the lists. */
    public ConformanceReport {
        stacks = List.copyOf(stacks);
        results = List.copyOf(results);
    }

    /**
     * Selects the results of one stack.
     *
     * @param stack the text of the stack
     * @return its results
     */
    public List<CheckResult> of(String stack) {
        return results.stream().filter(result -> result.stack().equals(stack)).toList();
    }

    /**
     * Selects the results of one kind.
     *
     * @param outcome the kind
     * @return the results
     */
    public List<CheckResult> with(Outcome outcome) {
        return results.stream().filter(result -> result.outcome() == outcome).toList();
    }

    /** {@return whether checks were made, and none failed} */
    public boolean isRight() {
        return !results.isEmpty() && with(Outcome.FAILED).isEmpty();
    }

    /** {@return the names of the suites that ran, each once} */
    public List<String> suites() {
        return results.stream().map(CheckResult::suite).filter(Objects::nonNull).distinct().sorted().toList();
    }
}
