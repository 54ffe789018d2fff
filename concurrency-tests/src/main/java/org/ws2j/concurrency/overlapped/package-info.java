/** The order in which the fields of an overlapped block become visible. */
package org.ws2j.concurrency.overlapped;
