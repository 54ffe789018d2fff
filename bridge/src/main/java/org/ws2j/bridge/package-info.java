/**
 * The bridge to providers written in C. A {@link org.ws2j.bridge.NativeModuleFormat} beside the host is all that is needed; the
 * interface in C is the header {@code include/ws2spi.h}.
 */
package org.ws2j.bridge;
