/**
 * The base provider over the operating system's own TCP and UDP.
 */
package org.ws2j.provider.tcpip;
