/**
 * What the base providers have in common whatever is below them: waiting in a blocking call, the block and the routine of an
 * overlapped one, the buffers of a transfer, the record of network events. For the providers of this module alone.
 */
package org.ws2j.provider.base;
