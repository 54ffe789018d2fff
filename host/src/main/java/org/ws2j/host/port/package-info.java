/** Completion ports; see {@link org.ws2j.host.port.IoCompletionPorts}. */
package org.ws2j.host.port;
