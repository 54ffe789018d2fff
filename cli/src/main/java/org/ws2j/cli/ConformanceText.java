package org.ws2j.cli;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ws2j.conformance.CheckResult;
import org.ws2j.conformance.CheckResult.Outcome;
import org.ws2j.conformance.ConformanceReport;

/** A run of the conformance kit, in lines. */
final class ConformanceText {
    private static final int REASON_WIDTH = 70;

    private final ConformanceReport report;
    private final List<String> lines = new ArrayList<>();

    ConformanceText(ConformanceReport report) {
        this.report = report;
    }

    List<String> lines() {
        report.stacks().forEach(this::stack);
        failures();
        lines.add(verdict());
        return lines;
    }

    private void stack(String stack) {
        List<CheckResult> all = report.of(stack);
        TextTable table = new TextTable()
                .column(stack)
                .number("passed")
                .number("failed")
                .number("skipped");
        for (String suite : all.stream().map(CheckResult::suite).distinct().sorted().toList()) {
            row(table, suite, all.stream().filter(result -> result.suite().equals(suite)).toList());
        }
        row(table, "all", all);
        lines.addAll(table.lines());
        skipped(all);
        lines.add("");
    }

    private static void row(TextTable table, String name, List<CheckResult> results) {
        table.row(name, count(results, Outcome.PASSED), count(results, Outcome.FAILED),
                count(results, Outcome.SKIPPED));
    }

    private static long count(List<CheckResult> results, Outcome outcome) {
        return results.stream().filter(result -> result.outcome() == outcome).count();
    }

    private void skipped(List<CheckResult> all) {
        Map<String, List<String>> checks = new LinkedHashMap<>();
        all.stream().filter(result -> result.outcome() == Outcome.SKIPPED).forEach(result -> checks
                .computeIfAbsent(result.reason(), reason -> new ArrayList<>())
                .add(result.suite() + "." + result.check()));
        if (!checks.isEmpty()) {
            TextTable table = new TextTable().wrapped("skipped because", REASON_WIDTH).number("checks");
            checks.forEach((reason, names) -> table.row(reason, names.size()));
            lines.add("");
            lines.addAll(table.lines());
        }
    }

    private void failures() {
        for (CheckResult failed : report.with(Outcome.FAILED)) {
            lines.add("FAILED  " + failed.suite() + "." + failed.check() + " over " + failed.stack());
            lines.add("        " + failed.message());
            failed.place().ifPresent(frame -> lines.add("        at " + frame));
        }
        if (!report.isRight()) {
            lines.add("");
        }
    }

    private String verdict() {
        int failed = report.with(Outcome.FAILED).size();
        int skipped = report.with(Outcome.SKIPPED).size();
        int stacks = report.stacks().size();
        return report.results().size() + " checks over " + stacks + (stacks == 1 ? " stack: " : " stacks: ")
                + (failed == 0 ? "none" : failed) + " failed, " + skipped + " skipped.";
    }
}
