/** Events, and waits for one and for many. */
package org.ws2j.concurrency.event;
