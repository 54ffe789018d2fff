/** The JDK's asynchronous channels and their groups, over overlapped operations of SOCKETs. */
package org.ws2j.agent.async;
