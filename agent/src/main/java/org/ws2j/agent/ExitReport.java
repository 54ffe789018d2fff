package org.ws2j.agent;

import java.io.IOException;
import java.nio.channels.SelectableChannel;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.ws2j.agent.install.NativeTransports;
import org.ws2j.agent.install.ProcessSockets;
import org.ws2j.agent.socket.AgentNetwork;
import org.ws2j.agent.socket.Traffic;
import org.ws2j.agent.socket.Traffic.Connection;
import org.ws2j.agent.socket.Traffic.Sums;
import sun.nio.ch.SelChImpl;

/** Tells at the end of the program what has gone through its sockets, and what has not. */
final class ExitReport {
    private final LayeredNetworking networking;
    private final NativeTransports nativeTransports;
    private final ProcessSockets processSockets;
    private final Consumer<String> lines;

    ExitReport(
            LayeredNetworking networking,
            NativeTransports nativeTransports,
            ProcessSockets processSockets,
            Consumer<String> lines) {
        this.networking = networking;
        this.nativeTransports = nativeTransports;
        this.processSockets = processSockets;
        this.lines = lines;
    }

    /** Has the report printed when the JVM ends. */
    static void atExit(LayeredNetworking networking, NativeTransports nativeTransports, Consumer<String> lines) {
        ExitReport report = new ExitReport(networking, nativeTransports, new ProcessSockets(), lines);
        Runtime.getRuntime().addShutdownHook(new Thread(report::print, "ws2-report"));
    }

    /** Prints what there is to tell. */
    void print() {
        Networks networks = networking.startedOrNull();
        if (networks == null) {
            lines.accept("report: the program has asked for no socket");
        } else {
            print(networks.network().traffic());
        }
        if (!networking.unlayered().isEmpty()) {
            lines.accept("unlayered, because no layer knows them: " + networking.unlayered());
        }
        nativeTransports.found().forEach(library -> lines.accept("native: " + library));
        printOthers(networks == null ? null : networks.network());
    }

    private void print(Traffic traffic) {
        Sums sums = traffic.sums();
        lines.accept("report: " + sums.streams() + " stream and " + sums.datagrams() + " datagram sockets, "
                + sums.open() + " of them open; " + sums.received() + " bytes received, " + sums.sent() + " sent; "
                + sums.errors() + " calls failed");
        for (Connection each : traffic.connections()) {
            lines.accept("  " + (each.isStream() ? "stream " : "datagram ") + shown(each.local()) + " to "
                    + shown(each.remote()) + ": " + each.received() + " bytes received, " + each.sent() + " sent"
                    + (each.isOpen() ? ", open" : ""));
        }
    }

    private static String shown(String address) {
        return address.isEmpty() ? "-" : address;
    }

    private void printOthers(AgentNetwork network) {
        if (!processSockets.isKnown()) {
            lines.accept("bypassed: this system does not tell which sockets a process has");
            return;
        }
        try {
            List<String> others = processSockets.others(network == null ? Set.of() : descriptors(network));
            lines.accept("bypassed: " + (others.isEmpty() ? "no socket" : others.size() + " sockets")
                    + " among those that are open now");
            others.forEach(socket -> lines.accept("  " + socket));
        } catch (IOException e) {
            lines.accept("bypassed: unknown, for the system did not tell (" + e + ")");
        }
    }

    private static Set<Integer> descriptors(AgentNetwork network) {
        Set<Integer> descriptors = new HashSet<>();
        for (SelectableChannel channel : network.traffic().channels()) {
            if (channel instanceof SelChImpl known) {
                descriptors.add(known.getFDVal());
            }
        }
        return descriptors;
    }
}
