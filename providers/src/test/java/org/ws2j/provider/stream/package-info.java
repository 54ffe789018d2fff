/**
 * The property of a stream: whatever the two ends do in whatever order, what one receives is what the other has sent, byte by
 * byte in order, each once; and all of it unless the connection was cut.
 */
package org.ws2j.provider.stream;
