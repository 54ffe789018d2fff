/** Message windows and the queues of their threads; see {@link org.ws2j.host.window.MessageQueues}. */
package org.ws2j.host.window;
