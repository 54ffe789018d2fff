package org.ws2j.bench.row;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.ws2j.bench.jvm.ProgramCommand;
import org.ws2j.bench.measure.Goal;
import org.ws2j.bench.measure.Row;
import org.ws2j.bench.measure.RowRun;
import org.ws2j.bench.measure.Samples;
import org.ws2j.bench.measure.Side;
import org.ws2j.bench.program.BareAgent;
import org.ws2j.bench.program.HelloProgram;

/** From the start of a JVM to its end. */
public final class AgentStartRow implements Row {
    private static final String PLAIN = "plain JDK";
    private static final String SOCKET = "plain JDK, one socket";
    private static final int LAYERS = 3;
    private static final long LIMIT_SECONDS = 60;

    @Override
    public String id() {
        return "agent-start";
    }

    @Override
    public String title() {
        return "start and end of a program that says hello, under the agent";
    }

    @Override
    public void measure(RowRun run) throws Exception {
        Path bare = bareAgent();
        try {
            Side plain = starts(PLAIN, List.of());
            Side agent = starts("agent, 3 pass-through layers", List.of(ProgramCommand.agent(LAYERS)));
            Side other = starts("another agent that has a class made anew", List.of("-javaagent:" + bare));
            Side socket = starts(SOCKET, List.of(), "socket");
            Side agentSocket = starts("agent, 3 pass-through layers, one socket",
                    List.of(ProgramCommand.agent(LAYERS)), "socket");
            Samples s = run.interleave(id(), plain, plain.again(), agent, other, socket, socket.again(), agentSocket);
            run.time(s, agent.name(), PLAIN, Goal.atMost(3.5));
            run.time(s, other.name(), PLAIN, Goal.NONE);
            run.time(s, agentSocket.name(), SOCKET, Goal.NONE);
        } finally {
            Files.delete(bare);
        }
    }

    private static Side starts(String name, List<String> options, String... arguments) {
        List<String> command = ProgramCommand.of(options, HelloProgram.class, arguments);
        return Side.of(name, operations -> {
            for (int i = 0; i < operations; i++) {
                start(command);
            }
        });
    }

    private static void start(List<String> command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + " fails");
            }
        } finally {
            process.destroyForcibly();
        }
    }

    private static Path bareAgent() throws IOException {
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue("Premain-Class", BareAgent.class.getName());
        attributes.putValue("Can-Retransform-Classes", "true");
        Path jar = Files.createTempFile("bare", ".jar");
        String name = BareAgent.class.getName().replace('.', '/') + ".class";
        try (OutputStream file = Files.newOutputStream(jar);
                JarOutputStream out = new JarOutputStream(file, manifest);
                InputStream bytes = BareAgent.class.getClassLoader().getResourceAsStream(name)) {
            out.putNextEntry(new JarEntry(name));
            bytes.transferTo(out);
        }
        return jar;
    }
}
