package org.ws2j.programs.run;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The layer in C that the bridge has as an example, made by the compiler that there is. It upper-cases, unless it is told not to. */
public final class LayerInC {
    /** The name of its file. */
    public static final String FILE = "libupcase.so";

    /** What has it count alone. */
    static final String PLAIN = FILE + ":plain=true";

    private static final String COMPILER = "cc";

    private LayerInC() {}

    /** {@return why it cannot be made here; empty if it can} */
    public static Optional<String> absence() {
        if (!System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")) {
            return Optional.of("the layer in C is built on Linux alone");
        }
        return ServerProcess.find(COMPILER, List.of()).isPresent() ? Optional.empty()
                : Optional.of("there is no C compiler (" + COMPILER + ")");
    }

    /**
     * Makes it.
     *
     * @param agent the agent's jar, as the build of the source tree leaves it
     * @param folder where the library is to be
     * @throws IOException if the compiler refuses
     * @throws InterruptedException if the thread is interrupted
     */
    public static void build(Path agent, Path folder) throws IOException, InterruptedException {
        Path bridge = agent.toAbsolutePath().normalize().resolve("../../../bridge").normalize();
        ServerProcess.run(folder, List.of(COMPILER, "-std=c11", "-O2", "-fPIC", "-fvisibility=hidden", "-shared",
                "-pthread", "-I" + bridge.resolve("include"), "-o", FILE,
                bridge.resolve("examples/upcase.c").toString()));
    }
}
