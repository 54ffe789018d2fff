package org.ws2j.programs;

import java.util.SplittableRandom;

/**
 * Bytes that a program sends: the same in each run, and found nowhere else.
 *
 * @param name what they are for; another name, other bytes
 * @param size how many there are
 */
public record Payload(String name, int size) {
    /** {@return the bytes, a new array} */
    public byte[] bytes() {
        byte[] bytes = new byte[size];
        new SplittableRandom(name.hashCode()).nextBytes(bytes);
        return bytes;
    }
}
