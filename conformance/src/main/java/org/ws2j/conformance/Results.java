package org.ws2j.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.ClassSource;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.TestPlan;
import org.ws2j.conformance.CheckResult.Outcome;

/** Collects what the launcher tells. */
final class Results implements TestExecutionListener {
    private final List<CheckResult> all = new ArrayList<>();
    private final Consumer<CheckResult> progress;
    private TestPlan plan;

    Results(Consumer<CheckResult> progress) {
        this.progress = progress;
    }

    List<CheckResult> all() {
        return all;
    }

    @Override
    public void testPlanExecutionStarted(TestPlan started) {
        plan = started;
    }

    @Override
    public void executionSkipped(TestIdentifier test, String reason) {
        add(test, Outcome.SKIPPED, reason, null);
    }

    @Override
    public void executionFinished(TestIdentifier test, TestExecutionResult result) {
        Throwable failure = result.getThrowable().orElse(null);
        switch (result.getStatus()) {
            case SUCCESSFUL -> {
                if (test.isTest()) {
                    add(test, Outcome.PASSED, null, null);
                }
            }
            case ABORTED -> add(test, Outcome.SKIPPED, reason(failure), null);
            // A suite that fails as a whole counts as well.
            case FAILED -> add(test, Outcome.FAILED, null, failure);
            default -> throw new IllegalStateException(result.toString());
        }
    }

    private static String reason(Throwable failure) {
        return failure == null || failure.getMessage() == null
                ? "no reason given"
                : failure.getMessage().replaceFirst("^Assumption failed: ", "");
    }

    private void add(TestIdentifier test, Outcome outcome, String reason, Throwable failure) {
        String stack = plan.getParent(test).map(TestIdentifier::getDisplayName).orElse("");
        CheckResult result = new CheckResult(stack, suite(test), check(test), outcome, reason, failure);
        all.add(result);
        progress.accept(result);
    }

    private String suite(TestIdentifier test) {
        return test.getSource().map(source -> switch (source) {
            case MethodSource method -> SuiteName.of(method.getJavaClass());
            case ClassSource type -> SuiteName.of(type.getJavaClass());
            default -> test.getDisplayName();
        }).orElse(test.getDisplayName());
    }

    private String check(TestIdentifier test) {
        return test.getSource().map(source -> source instanceof MethodSource method ? method.getMethodName() : "-")
                .orElse("-");
    }
}
