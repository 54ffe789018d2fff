/**
 * Programs that are measured in JVMs of their own, with and without the agent. They use the JDK's sockets, know nothing of ws2j,
 * and do what lines of their input say.
 */
package org.ws2j.bench.program;
