/**
 * Hosts to measure: a base provider, with so many pass-through layers over it.
 */
package org.ws2j.bench.stack;
