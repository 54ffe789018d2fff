/**
 * What the host keeps for each thread: last error, procedure queue, ids, and the one loop in which all waiting happens.
 *
 * <p>Lock order of the system half of the host: every {@link org.ws2j.host.thread.BriefLock} and every lock of a message
 * queue is innermost. No two are held at once, with one exception: a wait for all of several events holds theirs, taken
 * in the order of the events' numbers. No code of a provider or a client runs under any of them.
 */
package org.ws2j.host.thread;
