/** Queues of procedures. */
package org.ws2j.concurrency.apc;
