/**
 * The Ws2_32 of the JVM: handles, events, waits, message windows, the catalog, the start-up of chains, and the client
 * API.
 */
package org.ws2j.host;
