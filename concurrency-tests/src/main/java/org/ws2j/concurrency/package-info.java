/**
 * Concurrency tests of the host: jcstress runs each against itself a great many times and counts what comes out.
 *
 * <p>Every test has two actors, so that a machine with two processors runs all of them. Whoever waits waits for
 * {@link org.ws2j.concurrency.Host#LONG} milliseconds: a wake-up that is lost comes out as a time-out, which is forbidden.
 */
package org.ws2j.concurrency;
