package org.ws2j.bench.row;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.ws2j.bench.jvm.ProgramCommand;
import org.ws2j.bench.jvm.ProgramJvm;
import org.ws2j.bench.measure.Goal;
import org.ws2j.bench.measure.Interval;
import org.ws2j.bench.measure.Row;
import org.ws2j.bench.measure.RowRun;
import org.ws2j.bench.program.IdleProgram;

/** Connections that nothing happens on, in one selector of a program. The other ends are in this JVM. */
public final class AgentIdleRow implements Row {
    private static final int LAYERS = 3;

    /** So many there are before anything is measured: what comes with the first ones belongs to no connection. */
    private static final int FIRST = 100;

    /** How many descriptors a JVM needs for itself. */
    private static final int SPARE = 500;

    /** Of the sockets of a plan, which are two to a connection and need no descriptors elsewhere. */
    private static final int PART = 10;

    private static final double MOST_BYTES = 1024;
    private static final int IDLE_MILLISECONDS = 5_000;
    private static final int QUICK_MILLISECONDS = 100;

    /** What came out of one program. */
    private record Idle(double bytesEach, int runs) {}

    @Override
    public String id() {
        return "agent-idle";
    }

    @Override
    public String title() {
        return "idle connections in one selector, under the agent";
    }

    @Override
    public Optional<String> absence() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean
                && System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("linux")
                        ? Optional.empty()
                        : Optional.of("only Linux tells how often a thread has run");
    }

    @Override
    public void measure(RowRun run) throws Exception {
        int connections = Math.min(run.plan().sockets() / PART, descriptors() - SPARE - FIRST);
        int milliseconds = run.plan().isQuick() ? QUICK_MILLISECONDS : IDLE_MILLISECONDS;
        String what = String.format(Locale.ROOT, "%,d idle connections", connections);
        Idle plain = idle(List.of(), connections, milliseconds);
        Idle layered = idle(List.of(ProgramCommand.agent(LAYERS)), connections, milliseconds);
        String agent = ", agent with " + LAYERS + " pass-through layers";
        run.figure(what + ", each, plain JDK", "B", Goal.NONE, Interval.exactly(plain.bytesEach));
        run.add(what + ", each" + agent + ", above plain", "plain JDK", "B", Goal.atMost(MOST_BYTES),
                Interval.exactly(layered.bytesEach - plain.bytesEach), 0,
                String.format(Locale.ROOT, "%,.0f B : %,.0f B", layered.bytesEach, plain.bytesEach));
        String wakeUps = "the selecting thread in " + milliseconds / 1000.0 + " s, " + what;
        run.figure(wakeUps + ", plain JDK", "wake-ups", Goal.NONE, Interval.exactly(plain.runs));
        run.figure(wakeUps + agent, "wake-ups", Goal.NOTHING, Interval.exactly(layered.runs));
    }

    private static int descriptors() {
        UnixOperatingSystemMXBean system =
                (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
        return (int) Math.min(Integer.MAX_VALUE, system.getMaxFileDescriptorCount());
    }

    private static Idle idle(List<String> options, int connections, int milliseconds) throws Exception {
        List<SocketChannel> clients = new ArrayList<>();
        try (ProgramJvm program = ProgramJvm.start(options, IdleProgram.class)) {
            int port = Integer.parseInt(program.answer());
            long few = heapWith(program, port, FIRST, clients);
            long many = heapWith(program, port, connections, clients);
            int runs = Integer.parseInt(program.ask("idle " + milliseconds));
            return new Idle((double) (many - few) / connections, runs);
        } finally {
            for (SocketChannel client : clients) {
                client.close();
            }
        }
    }

    private static long heapWith(ProgramJvm program, int port, int more, List<SocketChannel> clients) throws Exception {
        program.tell("accept " + more);
        InetSocketAddress target = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        for (int i = 0; i < more; i++) {
            SocketChannel client = SocketChannel.open(target);
            // So that no port stays taken when it is over.
            client.setOption(StandardSocketOptions.SO_LINGER, 0);
            clients.add(client);
        }
        return Long.parseLong(program.answer());
    }
}
