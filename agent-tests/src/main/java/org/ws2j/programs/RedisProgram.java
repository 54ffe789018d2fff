package org.ws2j.programs;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.Pipeline;
import redis.clients.jedis.Response;

/** Jedis, with a Redis on the loopback interface whose port is the argument. */
public final class RedisProgram {
    /** A value that is set and asked for. */
    public static final Payload VALUE = new Payload("redis", 300_000);

    private static final int PIPELINED = 1_000;
    private static final int PUBLISHED = 20;

    private RedisProgram() {}

    /** The argument is the port. */
    public static void main(String[] arguments) {
        Program.run(() -> work(Integer.parseInt(arguments[0])));
    }

    private static void work(int port) throws Exception {
        try (Jedis redis = new Jedis("127.0.0.1", port)) {
            Program.answered("PING", "PONG", redis.ping());
            Program.answered("SET", "OK", redis.set(Program.utf8("value"), VALUE.bytes()));
            Program.received("GET", VALUE, redis.get(Program.utf8("value")));
            pipeline(redis);
            publish(redis, port);
            Program.answered("DEL", 2L, redis.del("value", "counter"));
        }
    }

    private static void pipeline(Jedis redis) {
        List<Response<Long>> counts = new ArrayList<>();
        try (Pipeline pipeline = redis.pipelined()) {
            for (int i = 0; i < PIPELINED; i++) {
                counts.add(pipeline.incr("counter"));
            }
        }
        for (int i = 0; i < PIPELINED; i++) {
            if (counts.get(i).get() != i + 1) {
                throw new AssertionError("INCR number " + i + " answered " + counts.get(i).get());
            }
        }
        Program.answered("INCR in a pipeline", (long) PIPELINED, counts.getLast().get());
    }

    private static void publish(Jedis redis, int port) throws Exception {
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
                Jedis listening = new Jedis("127.0.0.1", port)) {
            Listener listener = new Listener(redis);
            Future<?> done = threads.submit(() -> listening.subscribe(listener, "news"));
            done.get();
            Program.answered("messages of the channel", PUBLISHED, listener.messages.size());
            Program.answered("the last of them", "item " + (PUBLISHED - 1), listener.messages.getLast());
        }
    }

    /** Publishes by another connection what it then hears, one after the other. */
    private static final class Listener extends JedisPubSub {
        private final Jedis publisher;
        private final List<String> messages = new ArrayList<>();

        Listener(Jedis publisher) {
            this.publisher = publisher;
        }

        @Override
        public void onSubscribe(String channel, int subscribed) {
            publisher.publish(channel, "item 0");
        }

        @Override
        public void onMessage(String channel, String message) {
            messages.add(message);
            if (messages.size() == PUBLISHED) {
                unsubscribe();
            } else {
                publisher.publish(channel, "item " + messages.size());
            }
        }
    }
}
