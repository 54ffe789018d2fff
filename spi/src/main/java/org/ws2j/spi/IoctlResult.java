package org.ws2j.spi;

/**
 * The output buffer of an ioctl, owned by its caller; {@link IoctlCode} says what type of value each code puts there.
 *
 * <p>Written before the call returns, or before the indication of an overlapped one.
 */
public final class IoctlResult {
    private Object value;

    /** Makes an empty one. */
    public IoctlResult() {}

    /** {@return the value, null before one was stored} */
    public Object value() {
        return value;
    }

    /**
     * Stores the value.
     *
     * @param newValue the value
     */
    public void value(Object newValue) {
        value = newValue;
    }
}
