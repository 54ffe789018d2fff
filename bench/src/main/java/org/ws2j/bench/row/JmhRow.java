package org.ws2j.bench.row;

import java.util.Collection;
import org.openjdk.jmh.infra.BenchmarkParams;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;
import org.ws2j.bench.jmh.ContextBenchmark;
import org.ws2j.bench.jmh.LayerBenchmark;
import org.ws2j.bench.measure.Goal;
import org.ws2j.bench.measure.Interval;
import org.ws2j.bench.measure.Plan;
import org.ws2j.bench.measure.Row;
import org.ws2j.bench.measure.RowRun;

/** The nanosecond rows once more, by JMH, each in a JVM of its own. JMH does not take turns, so it gives no verdict. */
public final class JmhRow implements Row {
    private static final String ALLOCATED = "gc.alloc.rate.norm";

    @Override
    public String id() {
        return "jmh";
    }

    @Override
    public String title() {
        return "the nanosecond rows by JMH";
    }

    @Override
    public void measure(RowRun run) throws Exception {
        for (RunResult result : run(run.plan())) {
            String what = describe(result.getParams());
            run.figure(what, "ns", Goal.NONE, interval(result.getPrimaryResult()));
            Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
            if (allocated != null) {
                run.figure(what, "B/op", Goal.NONE, Interval.exactly(allocated.getScore()));
            }
        }
    }

    private static Collection<RunResult> run(Plan plan) throws Exception {
        ChainedOptionsBuilder options = new OptionsBuilder()
                .include(ContextBenchmark.class.getName())
                .include(LayerBenchmark.class.getName())
                .addProfiler(GCProfiler.class)
                .verbosity(VerboseMode.SILENT)
                .shouldFailOnError(true)
                .forks(plan.isQuick() ? 0 : 1)
                .warmupIterations(plan.isQuick() ? 1 : 5)
                .warmupTime(iteration(plan))
                .measurementIterations(plan.isQuick() ? 2 : 10)
                .measurementTime(iteration(plan));
        return new Runner(options.build()).run();
    }

    private static TimeValue iteration(Plan plan) {
        return TimeValue.milliseconds(plan.isQuick() ? 5 : 300);
    }

    private static String describe(BenchmarkParams params) {
        String name = params.getBenchmark();
        String method = name.substring(name.lastIndexOf('.') + 1);
        String layers = params.getParam("layers");
        return layers == null ? method : method + ", " + layers + " layers";
    }

    private static Interval interval(Result<?> result) {
        double error = Double.isNaN(result.getScoreError()) ? 0 : result.getScoreError();
        return new Interval(result.getScore() - error, result.getScore(), result.getScore() + error);
    }
}
