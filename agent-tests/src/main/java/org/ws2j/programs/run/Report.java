package org.ws2j.programs.run;

import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * What the agent has printed when the program ended.
 *
 * @param connections the TCP connections of the program
 * @param sent how many bytes it has sent in all
 * @param received how many it has received
 * @param hasBypass whether sockets were open that the agent knows nothing of
 */
record Report(List<Connection> connections, long sent, long received, boolean hasBypass) {
    private static final Pattern CONNECTION = Pattern.compile(
            "ws2: +stream [^/]*/(\\S+) to [^/]*/(\\S+): (\\d+) bytes received, (\\d+) sent.*");
    private static final Pattern SUMS =
            Pattern.compile("ws2: report: .*; (\\d+) bytes received, (\\d+) sent; .*");
    private static final Pattern NO_BYPASS = Pattern.compile("ws2: bypassed: no socket.*");

    /**
     * One end of a connection.
     *
     * @param local its address
     * @param remote that of the peer
     * @param received how many bytes the program has received
     * @param sent how many it has sent
     */
    record Connection(String local, String remote, long received, long sent) {
        boolean isOtherEndOf(Connection other) {
            return local.equals(other.remote) && remote.equals(other.local);
        }
    }

    static Report read(List<String> lines) {
        List<Connection> connections = matches(CONNECTION, lines).stream()
                .map(match -> new Connection(match.group(1), match.group(2), number(match, 3), number(match, 4)))
                .toList();
        List<MatchResult> sums = matches(SUMS, lines);
        boolean hasBypass = matches(NO_BYPASS, lines).isEmpty();
        return new Report(connections, sum(sums, 2), sum(sums, 1), hasBypass);
    }

    private static long sum(List<MatchResult> matches, int group) {
        return matches.stream().mapToLong(match -> number(match, group)).sum();
    }

    private static List<MatchResult> matches(Pattern pattern, List<String> lines) {
        List<MatchResult> matches = new ArrayList<>();
        lines.forEach(line -> pattern.matcher(line).results().forEach(matches::add));
        return matches;
    }

    private static long number(MatchResult match, int group) {
        return Long.parseLong(match.group(group));
    }

    boolean shows(Capture.Flow flow) {
        String local = text(flow.source());
        String remote = text(flow.destination());
        return connections.stream().anyMatch(end -> end.local.equals(local) && end.remote.equals(remote));
    }

    /** An address as the report has it, which never has a name in front of it. */
    private static String text(InetSocketAddress address) {
        return address.toString().replaceFirst("^.*/", "");
    }

    /** What there is to complain of. */
    List<String> complaints(UnmodifiedProgram program) {
        List<String> complaints = new ArrayList<>();
        boolean hasBothEnds = program.server() == ServerProgram.NONE;
        int expected = hasBothEnds ? 2 * program.connections() : program.connections();
        if (connections.size() < expected) {
            complaints.add("the report shows " + connections.size() + " ends of connections only");
        }
        if (sent == 0 || received == 0) {
            complaints.add("the report shows nothing sent or received");
        }
        if (hasBypass) {
            complaints.add("the report shows sockets that bypass the layers, or does not know");
        }
        if (hasBothEnds) {
            connections.stream().filter(end -> connections.stream().noneMatch(end::isOtherEndOf))
                    .forEach(end -> complaints.add("the report lacks the other end of " + end));
        }
        return complaints;
    }
}
