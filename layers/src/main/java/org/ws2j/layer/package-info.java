/**
 * Layered providers: a base class that forwards everything to the next provider of the chain, and what is built on it.
 */
package org.ws2j.layer;
