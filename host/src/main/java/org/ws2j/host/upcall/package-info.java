/** The sixteen upcalls, and what stands behind those that are not a table look-up. */
package org.ws2j.host.upcall;
