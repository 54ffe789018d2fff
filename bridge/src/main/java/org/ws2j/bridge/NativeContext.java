package org.ws2j.bridge;

/**
 * What a provider in C keeps with a handle: any number, 0 included.
 *
 * @param value the number
 */
record NativeContext(long value) {}
