/**
 * A layer that records what crosses it as a pcapng file, which packet analysers read.
 */
package org.ws2j.layer.trace;
