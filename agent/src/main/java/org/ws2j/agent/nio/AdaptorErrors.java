package org.ws2j.agent.nio;

import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.AlreadyBoundException;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.NotYetBoundException;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.UnresolvedAddressException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Map;
import java.util.concurrent.Callable;

/** What the sockets of channels throw where channels throw something that sockets do not have. */
final class AdaptorErrors {
    private static final Map<Class<?>, String> TEXTS = Map.of(
            NotYetConnectedException.class, "Socket is not connected",
            AlreadyBoundException.class, "Already bound",
            AlreadyConnectedException.class, "Already connected",
            NotYetBoundException.class, "Socket is not bound yet",
            UnsupportedAddressTypeException.class, "Unsupported address type",
            UnresolvedAddressException.class, "Unresolved address");

    @FunctionalInterface
    interface Step {
        void run() throws IOException;
    }

    private AdaptorErrors() {}

    /** Runs what may throw any IOException. */
    static void run(Step step) throws IOException {
        try {
            step.run();
        } catch (IOException e) {
            throw e;
        } catch (RuntimeException e) {
            throw translated(e);
        }
    }

    /** Runs what may throw a SocketException alone. */
    static void runForSocket(Step step) throws SocketException {
        callForSocket(() -> {
            step.run();
            return null;
        });
    }

    static <T> T callForSocket(Callable<T> step) throws SocketException {
        try {
            return step.call();
        } catch (SocketException | RuntimeException e) {
            throw e instanceof SocketException same ? same : translated((RuntimeException) e);
        } catch (Exception e) {
            String text = e instanceof ClosedChannelException ? "Socket is closed" : e.getMessage();
            throw (SocketException) new SocketException(text).initCause(e);
        }
    }

    private static SocketException translated(RuntimeException e) {
        String text = TEXTS.get(e.getClass());
        if (text == null) {
            throw e;
        }
        return (SocketException) new SocketException(text).initCause(e);
    }
}
