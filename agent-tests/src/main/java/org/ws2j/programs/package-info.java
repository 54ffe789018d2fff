/**
 * Programs that know nothing of ws2j: each has a {@code main} of its own and uses the network as any program does, by the JDK or by
 * a library from Maven Central. Each does a fixed piece of work with fixed bytes, checks what comes back, prints a line for each
 * thing done and then {@code OK}, and prints the same wherever it runs.
 */
package org.ws2j.programs;
