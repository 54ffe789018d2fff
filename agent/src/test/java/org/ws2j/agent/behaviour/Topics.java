package org.ws2j.agent.behaviour;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** All topics, in the order in which they run: what changes the JVM for good comes last. */
final class Topics {
    @FunctionalInterface
    private interface Topic {
        void run() throws Exception;
    }

    private Topics() {}

    static void run(Report report, String... only) throws Exception {
        Map<String, Topic> topics = new LinkedHashMap<>();
        topics.put("socket", new SocketBehaviour(report)::run);
        topics.put("server", new ServerSocketBehaviour(report)::run);
        topics.put("ending", new EndingBehaviour(report)::run);
        topics.put("options", new OptionsBehaviour(report)::run);
        topics.put("datagram", new DatagramBehaviour(report)::run);
        topics.put("channel", new ChannelBehaviour(report)::run);
        topics.put("channel-ending", new ChannelEndingBehaviour(report)::run);
        topics.put("datagram-channel", new DatagramChannelBehaviour(report)::run);
        topics.put("selector", new SelectorBehaviour(report)::run);
        topics.put("async", new AsyncBehaviour(report)::run);
        topics.put("protocols", new ProtocolBehaviour(report)::run);
        for (Map.Entry<String, Topic> each : topics.entrySet()) {
            if (only.length == 0 || List.of(only).contains(each.getKey())) {
                each.getValue().run();
            }
        }
    }
}
