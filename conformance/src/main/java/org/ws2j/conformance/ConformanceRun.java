package org.ws2j.conformance;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.junit.platform.engine.discovery.DiscoverySelectors;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.ws2j.conformance.suite.Suites;

/**
 * A run of the checks over some stacks.
 *
 * <pre>{@code
 * ConformanceReport report = ConformanceRun.over("target/mylayer.jar/memory").execute();
 * }</pre>
 */
public final class ConformanceRun {
    private final List<String> stacks;
    private final Map<Flag, String> flags = new EnumMap<>(Flag.class);
    private List<Class<? extends Suite>> suites = Suites.all();
    private Consumer<CheckResult> progress = result -> {};

    private ConformanceRun(List<String> stacks) {
        this.stacks = List.copyOf(stacks);
    }

    /**
     * Prepares a run of all suites.
     *
     * @param stacks the texts of the {@linkplain Stack stacks}; {@link Stack#DEFAULTS} if there is none
     * @return the run
     */
    public static ConformanceRun over(String... stacks) {
        return new ConformanceRun(stacks.length == 0 ? Stack.DEFAULTS : List.of(stacks));
    }

    /**
     * Runs some suites alone.
     *
     * @param names the names of the suites, with or without "Suite"; none for all
     * @return this run
     * @throws IllegalArgumentException if there is no suite of such a name; the message lists them
     */
    public ConformanceRun suites(String... names) {
        suites = names.length == 0 ? Suites.all() : List.of(names).stream().map(ConformanceRun::suite).toList();
        return this;
    }

    /**
     * Adds a known difference to those that the providers declare.
     *
     * @param flag the difference
     * @param reason why it is
     * @return this run
     */
    public ConformanceRun flag(Flag flag, String reason) {
        flags.put(flag, Objects.requireNonNull(reason, "reason"));
        return this;
    }

    /**
     * Sets who is told of each check when it has ended.
     *
     * @param listener is told on the thread that runs the checks
     * @return this run
     */
    public ConformanceRun progress(Consumer<CheckResult> listener) {
        progress = Objects.requireNonNull(listener, "listener");
        return this;
    }

    /** {@return the names of all suites} */
    public static List<String> suiteNames() {
        return Suites.all().stream().map(SuiteName::of).toList();
    }

    /** {@return which statements all suites together prove} */
    public static Coverage coverage() {
        return Coverage.of(Suites.all());
    }

    /**
     * Runs the checks.
     *
     * @return what became of them
     * @throws IllegalArgumentException if a stack is none; see {@link Stack#parse}
     */
    public ConformanceReport execute() {
        stacks.forEach(text -> Stack.parse(text, flags));
        Results results = new Results(progress);
        LauncherConfig config = LauncherConfig.builder()
                .enableLauncherSessionListenerAutoRegistration(false)
                .enableLauncherDiscoveryListenerAutoRegistration(false)
                .enableTestExecutionListenerAutoRegistration(false)
                .enablePostDiscoveryFilterAutoRegistration(false)
                .build();
        LauncherFactory.create(config).execute(request(), results);
        return new ConformanceReport(stacks, results.all());
    }

    /** Nothing of the surroundings goes in: a run gives the same wherever it is started. */
    private LauncherDiscoveryRequest request() {
        LauncherDiscoveryRequestBuilder builder = LauncherDiscoveryRequestBuilder.request()
                .enableImplicitConfigurationParameters(false)
                .filters(EngineFilter.includeEngines("junit-jupiter"))
                .selectors(suites.stream().map(DiscoverySelectors::selectClass).toList())
                .configurationParameter(StackExtension.STACKS, String.join("\n", stacks));
        flags.forEach((flag, reason) -> builder.configurationParameter(StackExtension.FLAG + flag, reason));
        return builder.build();
    }

    private static Class<? extends Suite> suite(String name) {
        List<Class<? extends Suite>> found = new ArrayList<>(Suites.all());
        found.removeIf(suite -> !name.equals(SuiteName.of(suite)) && !name.equals(suite.getSimpleName()));
        if (found.isEmpty()) {
            throw new IllegalArgumentException("there is no suite " + name + "; there are: "
                    + String.join(", ", suiteNames()));
        }
        return found.getFirst();
    }
}
