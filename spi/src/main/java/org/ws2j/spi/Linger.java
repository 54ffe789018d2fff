package org.ws2j.spi;

/**
 * The value of the option SO_LINGER.
 *
 * @param onoff whether closing lingers
 * @param seconds how long, in seconds, 0 to 65,535; on with 0 is a hard reset
 */
public record Linger(boolean onoff, int seconds) {
    /** The default: close gracefully in the background. */
    public static final Linger OFF = new Linger(false, 0);
}
