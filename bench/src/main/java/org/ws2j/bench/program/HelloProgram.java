package org.ws2j.bench.program;

import java.net.InetAddress;
import java.net.ServerSocket;

/** Says hello; with an argument it has opened a socket before. */
public final class HelloProgram {
    private HelloProgram() {}

    /** Needs nothing. */
    public static void main(String[] arguments) throws Exception {
        if (arguments.length > 0) {
            new ServerSocket(0, 1, InetAddress.getLoopbackAddress()).close();
        }
        System.out.println("hello");
    }
}
