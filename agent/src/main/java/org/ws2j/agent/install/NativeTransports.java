package org.ws2j.agent.install;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Libraries that have sockets of their own beside the JDK's. Netty is told, wherever it has been relocated to, to do without when
 * its class that decides on that is loaded, unless the user has said otherwise; of the others it is said once what would help.
 *
 * <p>Called for each class that is loaded, but for the rest of the JDK's own, by any thread.
 */
public final class NativeTransports {
    /** The one class of the JDK's own that is looked for. */
    static final String OF_THE_JDK = "com/sun/nio/sctp/SctpChannel";

    private static final String NETTY_PROPERTY = ".transport.noNative";

    /** Netty's package of what is not finished, which asks for the same property. */
    private static final String NETTY_INCUBATOR = ".incubator";

    /** Netty's classes that ask for its property, behind the name of the package that may have been relocated. */
    private static final String[] NETTY_DECIDES =
            {"/channel/epoll/Epoll", "/channel/kqueue/KQueue", "/channel/uring/IoUring", "/channel/uring/IOUring"};

    /** The end of the name of a class that is loaded when sockets are about to bypass the layers, and what to do about it. */
    private static final String[][] BYPASSES = {
            {"/channel/epoll/Native", "Netty's epoll transport", "set -Dio.netty.transport.noNative=true"},
            {"/channel/kqueue/Native", "Netty's kqueue transport", "set -Dio.netty.transport.noNative=true"},
            {"/channel/uring/Native", "Netty's io_uring transport", "set -Dio.netty.transport.noNative=true"},
            {"org/apache/tomcat/jni/Socket", "Tomcat's APR connector", "use its NIO connector"},
            {"software/amazon/awssdk/crt/CRT", "the AWS Common Runtime", "use another HTTP client of the AWS SDK"},
            {OF_THE_JDK, "SCTP", "nothing helps: Winsock's layers here know TCP and UDP"},
    };

    private final Consumer<String> lines;

    /** Guarded by itself. */
    private final List<String> found = new ArrayList<>();

    /**
     * Makes one that knows of no library yet.
     *
     * @param lines is told in one line of each library that bypasses the layers
     */
    public NativeTransports(Consumer<String> lines) {
        this.lines = lines;
    }

    /** {@return the libraries that have been found to bypass the layers, and those that have been told not to} */
    public List<String> found() {
        synchronized (found) {
            return List.copyOf(found);
        }
    }

    /**
     * Looks at a class before it is there.
     *
     * @param name its name as class files write it; null for a hidden class
     */
    void loading(String name) {
        if (name == null) {
            return;
        }
        for (String decides : NETTY_DECIDES) {
            if (name.endsWith(decides)) {
                turnOff(name.substring(0, name.length() - decides.length()).replace('/', '.'));
                return;
            }
        }
        for (String[] bypass : BYPASSES) {
            if (name.endsWith(bypass[0])) {
                report(bypass[1], bypass[1] + " is loaded, whose sockets bypass the layers: " + bypass[2]);
                return;
            }
        }
    }

    /** The literal with the property's name is relocated together with the package. */
    private void turnOff(String home) {
        String netty = home.endsWith(NETTY_INCUBATOR)
                ? home.substring(0, home.length() - NETTY_INCUBATOR.length()) : home;
        String property = netty + NETTY_PROPERTY;
        if (System.getProperty(property) == null) {
            System.setProperty(property, "true");
            synchronized (found) {
                found.add("native transports of " + netty + ", turned off by " + property);
            }
        }
    }

    private void report(String library, String line) {
        synchronized (found) {
            if (found.contains(library)) {
                return;
            }
            found.add(library);
        }
        lines.accept(line);
    }
}
