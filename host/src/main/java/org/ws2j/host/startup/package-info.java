/** Loading the modules of providers, starting providers, and telling which started provider a catalog entry id means. */
package org.ws2j.host.startup;
