package org.ws2j.bench;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;
import org.ws2j.bench.measure.Plan;
import org.ws2j.bench.measure.RowRun;

/** Where and how this JVM measures, in one sentence for the table. */
final class Setting {
    private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

    private Setting() {}

    static String describe(RowRun run) {
        Plan plan = run.plan();
        String turns = String.format(Locale.ROOT, "%s of turns of %d ms after %.2f s of warm-up for each side",
                rounds(run), plan.batch().toMillis(), plan.warmUp().toMillis() / 1000.0);
        String pinned = ChildJvm.isPinned()
                ? "pinned to CPU " + ChildJvm.allowedCpus().orElse("?")
                : "NOT PINNED to one CPU, so that the figures mean little";
        String quick = plan.isQuick() ? " QUICK: the figures mean nothing. " : "";
        return quick + LocalDate.now(ZoneOffset.UTC) + ", " + pinned + ", " + load() + ", " + turns + "; " + cpu()
                + ", "
                + System.getProperty("os.name") + " " + System.getProperty("os.version") + ", JDK "
                + Runtime.version();
    }

    private static String rounds(RowRun run) {
        int launches = run.samples().stream().mapToInt(s -> s.launches().size()).max().orElse(1);
        return launches == 1 ? run.plan().rounds() + " rounds"
                : launches + " launches of " + run.plan().ofLaunch().rounds() + " rounds";
    }

    /** About 1 is the measurement itself; what is above that has disturbed it. */
    private static String load() {
        double load = ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
        return load < 0 ? "load unknown" : String.format(Locale.ROOT, "load average %.1f", load);
    }

    private static String cpu() {
        String unknown = System.getProperty("os.arch");
        if (!Files.isReadable(CPU_INFO)) {
            return unknown;
        }
        try {
            return Files.readAllLines(CPU_INFO).stream().filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 1).strip()).findFirst().orElse(unknown);
        } catch (IOException e) {
            return unknown;
        }
    }
}
