package org.ws2j.agent;

import java.util.function.Consumer;

/** Lines on the standard error, for the user. A class, because the first lambda of a JVM would take as long as all the rest here. */
final class ErrorLines implements Consumer<String> {

    @Override
    public void accept(String line) {
        System.err.println("ws2: " + line);
    }
}
