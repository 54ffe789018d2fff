/**
 * The demo's own layer: it copies what its clients receive to a collector, by a thread of its own.
 */
package org.ws2j.cli.demo.tee;
