/** Completion ports. */
package org.ws2j.concurrency.port;
