/**
 * A layer that records what crosses it as a pcapng file.
 */
package org.ws2j.layer.trace;
