/**
 * The part of the agent that lies on the class path of the program, in byte code of Java 8: the start, which has to say on an
 * older JVM why it does nothing there, the loader of everything else, and the classes that the JDK calls by name.
 */
package org.ws2j.agent.boot;
