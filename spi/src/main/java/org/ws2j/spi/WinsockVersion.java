package org.ws2j.spi;

/**
 * A version of Windows Sockets or of its provider interface.
 *
 * @param major the major number, 0 to 255
 * @param minor the minor number, 0 to 255
 */
public record WinsockVersion(int major, int minor) implements Comparable<WinsockVersion> {
    /** Version 1.1. */
    public static final WinsockVersion V1_1 = new WinsockVersion(1, 1);

    /** Version 2.2, the highest there is. */
    public static final WinsockVersion V2_2 = new WinsockVersion(2, 2);

    /**
     * Checks the ranges.
     *
     * @throws IllegalArgumentException for a number outside 0 to 255
     */
    public WinsockVersion {
        if ((major | minor) < 0 || major > 255 || minor > 255) {
            throw new IllegalArgumentException("version " + major + "." + minor + ": numbers go from 0 to 255");
        }
    }

    /**
     * Reads the word that C uses: the major number in the low byte, the minor number in the high byte.
     *
     * @param word such as 0x0202
     * @return the version
     */
    public static WinsockVersion ofWord(int word) {
        return new WinsockVersion(word & 0xFF, word >>> 8 & 0xFF);
    }

    /** {@return the word that C uses: the major number in the low byte, the minor number in the high byte} */
    public int word() {
        return minor << 8 | major;
    }

    @Override
    public int compareTo(WinsockVersion other) {
        int byMajor = Integer.compare(major, other.major);
        return byMajor != 0 ? byMajor : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
