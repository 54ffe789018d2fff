package org.ws2j.agent.async;

import java.io.IOException;
import java.nio.channels.AsynchronousChannelGroup;
import java.nio.channels.AsynchronousServerSocketChannel;
import java.nio.channels.AsynchronousSocketChannel;
import java.nio.channels.IllegalChannelGroupException;
import java.nio.channels.spi.AsynchronousChannelProvider;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.ws2j.agent.socket.AgentNetwork;
import org.ws2j.agent.socket.AgentSocket;
import org.ws2j.agent.socket.JdkExceptions;
import org.ws2j.spi.WinsockException;

/**
 * Makes asynchronous channels whose sockets are SOCKETs of one network.
 *
 * <p>May be used from any thread. Its default group, whose threads are daemons, is made when it is first needed; so is the one
 * thread that ends operations whose time is over.
 */
public final class AsyncProvider extends AsynchronousChannelProvider {
    /** The JDK's name for the class that makes the threads of the default group. */
    private static final String DEFAULT_THREAD_FACTORY = "java.nio.channels.DefaultThreadPool.threadFactory";

    /** And for the number of its threads that are always there. */
    private static final String DEFAULT_INITIAL_SIZE = "java.nio.channels.DefaultThreadPool.initialSize";

    /** After which other threads of the default group end, as those of the JDK's cached pools. */
    private static final int IDLE_SECONDS = 60;

    private final AgentNetwork network;
    private final AsynchronousChannelProvider face;

    /** Guarded by this. */
    private AsyncGroup defaultGroup;

    /** Guarded by this. */
    private ScheduledThreadPoolExecutor timer;

    /**
     * Makes a provider.
     *
     * @param network where the sockets are made
     */
    public AsyncProvider(AgentNetwork network) {
        this.network = Objects.requireNonNull(network, "network");
        this.face = this;
    }

    /**
     * Makes a provider that stands behind another one, which the program knows.
     *
     * @param network where the sockets are made
     * @param face what channels and groups name as their provider
     */
    public AsyncProvider(AgentNetwork network, AsynchronousChannelProvider face) {
        this.network = Objects.requireNonNull(network, "network");
        this.face = Objects.requireNonNull(face, "face");
    }

    AsynchronousChannelProvider face() {
        return face;
    }

    AgentNetwork network() {
        return network;
    }

    @Override
    public AsynchronousChannelGroup openAsynchronousChannelGroup(int threads, ThreadFactory factory) {
        if (threads <= 0) {
            throw new IllegalArgumentException("'nThreads' must be > 0");
        }
        return new AsyncGroup(this,
                started(threads, threads, new LinkedBlockingQueue<>(),
                        Objects.requireNonNull(factory, "threadFactory")));
    }

    /** {@return a pool with its first threads, which keep the JVM alive unless they are daemons} */
    private static ExecutorService started(int first, int most, BlockingQueue<Runnable> queue, ThreadFactory factory) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(first, most, IDLE_SECONDS, TimeUnit.SECONDS, queue, factory);
        pool.prestartAllCoreThreads();
        return pool;
    }

    @Override
    public AsynchronousChannelGroup openAsynchronousChannelGroup(ExecutorService executor, int initialSize) {
        AsyncGroup group = new AsyncGroup(this, Objects.requireNonNull(executor, "'executor' is null"));
        boolean isCached =
                executor instanceof ThreadPoolExecutor pool && pool.getMaximumPoolSize() == Integer.MAX_VALUE;
        if (isCached && initialSize < 0) { // The JDK asks for no other size.
            group.occupy(Runtime.getRuntime().availableProcessors());
        }
        return group;
    }

    @Override
    public AsynchronousServerSocketChannel openAsynchronousServerSocketChannel(AsynchronousChannelGroup group)
            throws IOException {
        return new AsyncServerSocketChannel(group(group), openSocket());
    }

    @Override
    public AsynchronousSocketChannel openAsynchronousSocketChannel(AsynchronousChannelGroup group) throws IOException {
        return new AsyncSocketChannel(group(group), openSocket());
    }

    private AgentSocket openSocket() throws IOException {
        try {
            return network.stream(null);
        } catch (WinsockException e) {
            throw JdkExceptions.of(e);
        }
    }

    private AsyncGroup group(AsynchronousChannelGroup group) throws IOException {
        if (group == null) {
            return defaultGroup();
        }
        if (group instanceof AsyncGroup ours) {
            ours.checkOpen();
            return ours;
        }
        throw new IllegalChannelGroupException();
    }

    private synchronized AsyncGroup defaultGroup() {
        if (defaultGroup == null) {
            int first = Integer.getInteger(DEFAULT_INITIAL_SIZE, -1);
            defaultGroup = new AsyncGroup(this,
                    started(first < 0 ? Runtime.getRuntime().availableProcessors() : first, Integer.MAX_VALUE,
                            new SynchronousQueue<>(), defaultFactory()));
        }
        return defaultGroup;
    }

    private static ThreadFactory defaultFactory() {
        String chosen = System.getProperty(DEFAULT_THREAD_FACTORY);
        if (chosen == null) {
            return Thread.ofPlatform().daemon().inheritInheritableThreadLocals(false).name("ws2j-async-", 1).factory();
        }
        try {
            return Class.forName(chosen, true, ClassLoader.getSystemClassLoader())
                    .asSubclass(ThreadFactory.class).getDeclaredConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(DEFAULT_THREAD_FACTORY + " names " + chosen, e);
        }
    }

    /** Tells of a failure that nobody can be told of. */
    void report(String what, Throwable e) {
        network.winsock().services().report(what, e);
    }

    /** {@return what runs things later} */
    synchronized ScheduledThreadPoolExecutor timer() {
        if (timer == null) {
            timer = new ScheduledThreadPoolExecutor(1, Thread.ofPlatform().daemon()
                    .inheritInheritableThreadLocals(false).name("ws2j-async-timer").factory());
            timer.setRemoveOnCancelPolicy(true);
        }
        return timer;
    }
}
