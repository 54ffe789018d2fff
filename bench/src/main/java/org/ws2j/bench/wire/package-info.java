/**
 * Bytes between two threads: the ends of a connection in every make that is compared, and what is sent over them.
 */
package org.ws2j.bench.wire;
