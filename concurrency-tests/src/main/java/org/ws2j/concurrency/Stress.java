package org.ws2j.concurrency;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.openjdk.jcstress.JCStress;
import org.openjdk.jcstress.Options;
import org.openjdk.jcstress.infra.Status;
import org.openjdk.jcstress.infra.collectors.DiskReadCollector;
import org.openjdk.jcstress.infra.collectors.InProcessCollector;
import org.openjdk.jcstress.infra.collectors.TestResult;

/**
 * Runs the concurrency tests: {@code [--short | --full] [TEST…]}.
 *
 * <p>Fails if an outcome is forbidden, if a test fails, and also if one did not run at all, which jcstress passes over.
 */
public final class Stress {
    private final Effort effort;
    private final List<String> names;

    private Stress(Effort effort, List<String> names) {
        this.effort = effort;
        this.names = names;
    }

    /**
     * Runs the tests, and writes their report into the directory {@code jcstress} below the current one.
     *
     * @param args the effort, and parts of the names of tests; without names those of the effort
     * @throws Exception what jcstress throws
     */
    public static void main(String[] args) throws Exception {
        Effort effort = Effort.NORMAL;
        List<String> names = new ArrayList<>();
        for (String arg : args) {
            switch (arg) {
                case "--short" -> effort = Effort.SHORT;
                case "--full" -> effort = Effort.FULL;
                default -> names.add(arg);
            }
        }
        new Stress(effort, names).run();
    }

    private void run() throws Exception {
        Options options = new Options(arguments().toArray(String[]::new));
        if (!options.parse()) {
            throw new IllegalArgumentException("jcstress does not take " + arguments());
        }
        JCStress jcstress = new JCStress(options);
        SortedSet<String> chosen = jcstress.getTests();
        if (chosen.isEmpty()) {
            throw new IllegalArgumentException("no test is called " + names);
        }
        jcstress.run();
        checkAllRan(chosen, options.getResultFile());
    }

    private List<String> arguments() {
        List<String> arguments = new ArrayList<>(effort.options());
        arguments.addAll(List.of("-r", "jcstress", "-t", names.isEmpty() ? effort.tests() : String.join("|", names)));
        return arguments;
    }

    private static void checkAllRan(Set<String> chosen, String resultFile) throws IOException, ClassNotFoundException {
        Set<String> missing = new TreeSet<>(chosen);
        missing.removeAll(ran(resultFile));
        if (!missing.isEmpty()) {
            throw new AssertionError("did not run: " + missing);
        }
        System.out.println(chosen.size() + " tests ran, no outcome was a forbidden one");
    }

    private static Set<String> ran(String resultFile) throws IOException, ClassNotFoundException {
        InProcessCollector results = new InProcessCollector();
        DiskReadCollector file = new DiskReadCollector(resultFile, results);
        file.dump();
        file.close();
        return results.getTestResults().stream()
                .filter(result -> result.status() == Status.NORMAL && result.getTotalCount() > 0)
                .map(TestResult::getName)
                .collect(Collectors.toSet());
    }
}
