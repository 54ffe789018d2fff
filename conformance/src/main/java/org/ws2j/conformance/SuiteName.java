package org.ws2j.conformance;

/** What a suite is called outside the code. */
final class SuiteName {
    private static final String SUFFIX = "Suite";

    private SuiteName() {}

    /** {@return the name of the class, without "Suite"} */
    static String of(Class<?> suite) {
        String name = suite.getSimpleName();
        return name.endsWith(SUFFIX) ? name.substring(0, name.length() - SUFFIX.length()) : name;
    }
}
