/**
 * JVMs of their own for what is measured: programs, with and without the agent, and libraries in C.
 */
package org.ws2j.bench.jvm;
