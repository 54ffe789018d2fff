package org.ws2j.bridge;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.ws2j.spi.WinsockException;

/** Texts in memory: UTF-16, as Windows has it, and UTF-8 for what is new. */
final class Texts {
    /** More than any path, name or address has. */
    private static final int MOST = 1 << 15;

    private Texts() {}

    /** Writes a text and a terminating 0, cut where it does not fit. */
    static void putWide(long address, String text, int units) {
        int n = Math.min(text.length(), units - 1);
        for (int i = 0; i < n; i++) {
            Memory.putShort(address + 2L * i, (short) text.charAt(i));
        }
        Memory.putShort(address + 2L * n, (short) 0);
    }

    /** {@return a text up to its terminating 0, or to the most that it can have} */
    static String getWide(long address, int units) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < units; i++) {
            char c = (char) Memory.getShort(address + 2L * i);
            if (c == 0) {
                break;
            }
            text.append(c);
        }
        return text.toString();
    }

    static String getWide(long address) throws WinsockException {
        return getWide(Pointers.required(address, Short.BYTES), MOST);
    }

    static long wide(String text, Scratch scratch) {
        long address = scratch.allocate(2L * text.length() + 2);
        putWide(address, text, text.length() + 1);
        return address;
    }

    /** Writes texts one behind the other, each with its 0, and one more 0 behind the last; those that do not fit are left out. */
    static void putWideList(long address, List<String> texts, int units) {
        int used = 0;
        for (String text : texts) {
            if (used + text.length() + 2 > units) {
                break;
            }
            putWide(address + 2L * used, text, text.length() + 1);
            used += text.length() + 1;
        }
        Memory.putShort(address + 2L * used, (short) 0);
    }

    static void getWideList(long address, int units, List<String> into) {
        int used = 0;
        while (used < units && Memory.getShort(address + 2L * used) != 0) {
            String text = getWide(address + 2L * used, units - used);
            if (into != null) {
                into.add(text);
            }
            used += text.length() + 1;
        }
    }

    static String getUtf8(long address) throws WinsockException {
        Pointers.required(address, 1);
        int length = 0;
        while (length < MOST && Memory.getByte(address + length) != 0) {
            length++;
        }
        return new String(Memory.getBytes(address, length), StandardCharsets.UTF_8);
    }
}
