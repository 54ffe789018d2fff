package org.ws2j.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.ws2j.agent.program.EarlyAgent;
import org.ws2j.agent.program.EarlyAsyncAgent;
import org.ws2j.agent.program.HelloProgram;
import org.ws2j.agent.program.LateAgent;
import org.ws2j.agent.program.OwnLoader;
import org.ws2j.agent.program.PropertyProgram;
import org.ws2j.agent.program.SocketsProgram;

/** What the agent says when it starts, and when it lets the program run without layers. */
final class InstallationTest {
    private static final String HELLO = HelloProgram.class.getName();
    private static final String SELECTORS = "java.nio.channels.spi.SelectorProvider";
    private static final String ASYNCHRONOUS = "java.nio.channels.spi.AsynchronousChannelProvider";
    private static final String WITHOUT = "the program runs without these layers";
    private static final String NOT_STARTED = "the program is not started";

    @TempDir
    private Path directory;

    private static void runsWithout(ChildJvm run, String why) {
        assertThat(run.err()).contains(why).endsWith(WITHOUT + System.lineSeparator()).hasLineCount(1);
        assertThat(run.out()).isEqualToIgnoringNewLines("hello");
        assertThat(run.code()).isZero();
    }

    private static void isNotStarted(ChildJvm run, String why) {
        assertThat(run.err()).contains(why).endsWith(NOT_STARTED + System.lineSeparator()).hasLineCount(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.code()).isEqualTo(1);
    }

    @Test
    void whereItIsInstalledItSaysNothing() throws Exception {
        ChildJvm run = ChildJvm.java(directory, ChildJvm.agent("layer=passthrough"), HELLO);
        assertThat(run).isEqualTo(new ChildJvm(0, "hello" + System.lineSeparator(), ""));
    }

    @Test
    void anotherAgentThatUsesChannelsFirstLeavesNoRoomForLayers() throws Exception {
        String early = "-javaagent:" + ChildJvm.agentJar(directory.resolve("early.jar"), EarlyAgent.class);
        runsWithout(ChildJvm.java(directory, early, ChildJvm.agent(""), HELLO), "channels were in use before");
        isNotStarted(ChildJvm.java(directory, early, ChildJvm.agent("strict"), HELLO), "channels were in use before");
    }

    @Test
    void anotherAgentThatUsesAsynchronousChannelsAloneLeavesTheProgramTheJdksSockets() throws Exception {
        String early = "-javaagent:" + ChildJvm.agentJar(directory.resolve("early.jar"), EarlyAsyncAgent.class);
        ChildJvm run = ChildJvm.java(directory, early, ChildJvm.agent("layer=trace"), SocketsProgram.class.getName(),
                directory.resolve("socket").toString());
        assertThat(run.err()).contains("channels were in use before").hasLineCount(1);
        assertThat(directory.resolve("trace.pcapng")).doesNotExist();
        assertThat(run.out().lines()).contains("stream", "datagram", "channel", "asynchronous", "pipe", "unix");
        assertThat(run.code()).isZero();
    }

    @Test
    void theChangedMethodsStayChangedWhenAnotherAgentHasTheirClassesMadeAnew() throws Exception {
        String late = "-javaagent:" + ChildJvm.agentJar(directory.resolve("late.jar"), LateAgent.class);
        ChildJvm run = ChildJvm.java(directory, ChildJvm.agent("report"), late, SocketsProgram.class.getName(),
                directory.resolve("socket").toString());
        assertThat(run.err()).contains("9 stream and 2 datagram sockets");
    }

    @Test
    void providersThatTheUserHasChosenStay() throws Exception {
        String chosen = "-Djava.nio.channels.spi.SelectorProvider=sun.nio.ch.EPollSelectorProvider";
        runsWithout(ChildJvm.java(directory, chosen, ChildJvm.agent(""), HELLO), "sun.nio.ch.EPollSelectorProvider");
        isNotStarted(ChildJvm.java(directory, chosen, ChildJvm.agent("strict"), HELLO), chosen.substring(0, 10));
    }

    @Test
    void theSecondAgentOfOneJvmDoesNothing() throws Exception {
        runsWithout(ChildJvm.java(directory, ChildJvm.agent("layer=trace"), ChildJvm.agent("layer=passthrough"), HELLO),
                "another agent of ws2j");
    }

    @Test
    void onAnOlderJvmItSaysSoAndTheProgramRuns() throws Exception {
        Path old = olderJvm();
        ChildJvm run = ChildJvm.run(directory, old, ChildJvm.agent("layer=passthrough"), "-version");
        assertThat(run.err().lines().findFirst().orElseThrow()).contains("this JVM is Java 17").endsWith(WITHOUT);
        assertThat(run.code()).isZero();
        isNotStarted(ChildJvm.run(directory, old, ChildJvm.agent("strict"), "-version"), "this JVM is Java 17");
    }

    private static Path olderJvm() throws Exception {
        Path installed = Path.of("/usr/lib/jvm");
        assumeTrue(Files.isDirectory(installed), "JVMs are looked for in /usr/lib/jvm");
        try (DirectoryStream<Path> jvms = Files.newDirectoryStream(installed, "*17*")) {
            for (Path jvm : jvms) {
                Path java = jvm.resolve("bin/java");
                if (Files.isExecutable(java)) {
                    return java;
                }
            }
        }
        assumeTrue(false, "no JVM of version 17 is installed");
        throw new AssertionError();
    }

    @Test
    void wrongOptionsEndTheJvmForNobodyIsToTakeItForConfined() throws Exception {
        isNotStarted(ChildJvm.java(directory, ChildJvm.agent("layer=pasthrough"), HELLO),
                "layer 'pasthrough' is none of");
        isNotStarted(ChildJvm.java(directory, ChildJvm.agent("strickt"), HELLO), "'strickt' is none of");
        isNotStarted(ChildJvm.java(directory, ChildJvm.agent("layer=ifs-passthrough;layer=trace"), HELLO),
                "trace cannot be below it");
    }

    @Test
    void aStrictAgentEndsTheJvmIfALayerCannotBeStarted() throws Exception {
        Path broken = Files.writeString(directory.resolve("broken.jar"), "no jar");
        isNotStarted(ChildJvm.java(directory, ChildJvm.agent("strict;layer=" + broken), HELLO),
                "the layers cannot be started");
    }

    @Test
    void theProgramSeesNoPropertyOfTheAgent() throws Exception {
        ChildJvm run = ChildJvm.java(directory, ChildJvm.agent(""), PropertyProgram.class.getName(), SELECTORS,
                ASYNCHRONOUS);
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines()).containsExactly("null", "null");
    }

    @Test
    void thePropertiesOfAnotherJvmWithTheAgentKeepItFromNothing() throws Exception {
        ChildJvm run = ChildJvm.java(directory, "-D" + SELECTORS + "=org.ws2j.agent.boot.AgentSelectorProvider",
                "-D" + ASYNCHRONOUS + "=org.ws2j.agent.boot.AgentAsynchronousChannelProvider", ChildJvm.agent("report"),
                SocketsProgram.class.getName(), directory.resolve("socket").toString());
        assertThat(run.err()).startsWith("ws2: report: 9 stream and 2 datagram sockets");
    }

    @Test
    void aProgramsOwnSystemLoaderKeepsTheClassPathFromTheAgent() throws Exception {
        Path trap = directory.resolve("trap.jar");
        try (JarOutputStream jar = new JarOutputStream(Files.newOutputStream(trap))) {
            jar.putNextEntry(new JarEntry("org/ws2j/agent/Agent.class"));
            jar.write("no class".getBytes(StandardCharsets.UTF_8));
        }
        ChildJvm run = ChildJvm.java(directory, "-cp", ChildJvm.classes() + File.pathSeparator + trap,
                "-Xshare:off", "-Djava.system.class.loader=" + OwnLoader.class.getName(), ChildJvm.agent(""), HELLO);
        assertThat(run).isEqualTo(new ChildJvm(0, "hello" + System.lineSeparator(), ""));
    }
}
