/**
 * What is measured in nanoseconds, as JMH measures it: a second witness beside the interleaved rows.
 */
package org.ws2j.bench.jmh;
