/** The host services: what the operating system is to a provider, put together from the parts of the host. */
package org.ws2j.host.system;
