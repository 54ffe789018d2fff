/** What java.net's sockets are under the agent: a socket implementation over SOCKETs, below the JDK's own for proxies. */
package org.ws2j.agent.net;
