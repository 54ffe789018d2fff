/**
 * Socket handles: their states, who owns them, and the register of those that are not released.
 *
 * <p>A handle is an object, so a stale one never comes to mean another socket; owner and context are its fields.
 */
package org.ws2j.host.handle;
