/**
 * How the agent gets into a JVM, and what it finds out there: the providers of channels, the methods of the JDK whose results it
 * changes, the names that the program resolves, and the sockets that pass it by.
 */
package org.ws2j.agent.install;
