/**
 * Programs and parts of programs that know nothing of ws2j, and layers in jars of their own: what the tests of the agent start
 * JVMs with.
 */
package org.ws2j.agent.program;
