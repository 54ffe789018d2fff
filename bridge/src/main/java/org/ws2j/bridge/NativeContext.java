package org.ws2j.bridge;

/**
 * What a provider in C keeps with a handle: any number, 0 included. To any other library it says nothing, or is an address of
 * something else.
 *
 * @param library who keeps it
 * @param value the number
 */
record NativeContext(NativeLibrary library, long value) {}
