/**
 * Windows Sockets 2 for programs: {@link org.ws2j.host.Winsock} is the client's functions and the host of the providers behind
 * them, {@link org.ws2j.host.ProtocolCatalog} the catalog of what is installed.
 */
package org.ws2j.host;
