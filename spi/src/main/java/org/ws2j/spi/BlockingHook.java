package org.ws2j.spi;

/** The blocking hook of a client that negotiated Winsock 1.x. */
@FunctionalInterface
public interface BlockingHook {
    /**
     * Does what the thread is to do while a blocking call waits, such as handling one message.
     *
     * @return true if there was something to do; false is legal and means the same to the host
     */
    boolean call();
}
