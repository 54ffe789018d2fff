/**
 * How cost is measured: sides that take turns in one JVM, samples, intervals, goals and verdicts. Knows nothing of sockets.
 */
package org.ws2j.bench.measure;
