/** The register of socket handles, and the states of a handle. */
package org.ws2j.concurrency.handle;
