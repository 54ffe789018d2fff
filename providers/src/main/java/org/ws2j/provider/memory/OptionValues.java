package org.ws2j.provider.memory;

import java.util.HashMap;
import java.util.Map;
import org.ws2j.spi.Linger;

/** The option values of one socket. Those that mean nothing here are kept, as they were set. */
final class OptionValues {
    /** Of both buffers, in bytes. */
    private static final int DEFAULT_BUFFER = 64 * 1_024;

    private volatile int receiveTimeoutMillis;
    private volatile int sendTimeoutMillis;
    private volatile int receiveBuffer = DEFAULT_BUFFER;
    private volatile int sendBuffer = DEFAULT_BUFFER;
    private volatile boolean reuseAddress;
    private volatile boolean exclusiveAddress;
    private volatile boolean broadcast;
    private volatile boolean multicastLoop = true;
    private volatile boolean urgentInLine;
    private volatile boolean conditionalAccept;

    /** While SO_DONTLINGER is off; what it was before stays in it while it is on. */
    private volatile Linger lastLinger = Linger.OFF;

    private volatile boolean lingers;

    /** Guarded by this; null before the first. */
    private Map<SocketOptions.Name, Object> kept;

    int receiveTimeoutMillis() {
        return receiveTimeoutMillis;
    }

    void receiveTimeoutMillis(int millis) {
        receiveTimeoutMillis = millis;
    }

    int sendTimeoutMillis() {
        return sendTimeoutMillis;
    }

    void sendTimeoutMillis(int millis) {
        sendTimeoutMillis = millis;
    }

    int receiveBuffer() {
        return receiveBuffer;
    }

    void receiveBuffer(int bytes) {
        receiveBuffer = bytes;
    }

    int sendBuffer() {
        return sendBuffer;
    }

    void sendBuffer(int bytes) {
        sendBuffer = bytes;
    }

    boolean reuseAddress() {
        return reuseAddress;
    }

    void reuseAddress(boolean on) {
        reuseAddress = on;
    }

    boolean exclusiveAddress() {
        return exclusiveAddress;
    }

    void exclusiveAddress(boolean on) {
        exclusiveAddress = on;
    }

    boolean broadcast() {
        return broadcast;
    }

    void broadcast(boolean on) {
        broadcast = on;
    }

    boolean urgentInLine() {
        return urgentInLine;
    }

    void urgentInLine(boolean on) {
        urgentInLine = on;
    }

    boolean conditionalAccept() {
        return conditionalAccept;
    }

    void conditionalAccept(boolean on) {
        conditionalAccept = on;
    }

    boolean multicastLoop() {
        return multicastLoop;
    }

    void multicastLoop(boolean on) {
        multicastLoop = on;
    }

    Linger linger() {
        return new Linger(lingers, lastLinger.seconds());
    }

    void linger(Linger value) {
        lastLinger = value;
        lingers = value.onoff();
    }

    /** Turns lingering off or on again, with the time-out it had. */
    void dontLinger(boolean on) {
        lingers = !on;
    }

    synchronized Object kept(SocketOptions.Name name, Object otherwise) {
        return kept == null ? otherwise : kept.getOrDefault(name, otherwise);
    }

    synchronized void keep(SocketOptions.Name name, Object value) {
        kept = kept == null ? new HashMap<>() : kept;
        kept.put(name, value);
    }

    /** Gives an accepted socket what its listener has; SO_REUSEADDR concerns binding alone. */
    void inherit(OptionValues listeners) {
        receiveTimeoutMillis = listeners.receiveTimeoutMillis;
        sendTimeoutMillis = listeners.sendTimeoutMillis;
        receiveBuffer = listeners.receiveBuffer;
        sendBuffer = listeners.sendBuffer;
        exclusiveAddress = listeners.exclusiveAddress;
        broadcast = listeners.broadcast;
        urgentInLine = listeners.urgentInLine;
        conditionalAccept = listeners.conditionalAccept;
        linger(listeners.linger());
        synchronized (listeners) {
            kept = listeners.kept == null ? null : new HashMap<>(listeners.kept);
        }
    }
}
