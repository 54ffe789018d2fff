/**
 * The extension functions, as far as they do not depend on the provider whose sockets they are for.
 *
 * <p>{@link org.ws2j.provider.extension.Extensions} checks the parameters of a call and makes an operation of it; the provider
 * does what only it can do, by {@link org.ws2j.provider.extension.ExtensionSocket}. The client's block is completed by the
 * {@link org.ws2j.provider.extension.ClientOperation} alone, once; what is sent and received on the way to that has an
 * {@link org.ws2j.provider.extension.InnerBlock} of its own, which nobody but the operation is told of.
 *
 * <p>No lock is held while a provider's, a host's or a client's code runs.
 */
package org.ws2j.provider.extension;
