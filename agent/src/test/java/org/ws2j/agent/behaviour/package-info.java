/**
 * The behaviour program: what java.net and java.nio do, one line each, on the plain JDK and under the agent.
 *
 * <p>It needs nothing but the JDK, so that any JVM can run it. Numbers that differ from run to run are masked.
 */
package org.ws2j.agent.behaviour;
