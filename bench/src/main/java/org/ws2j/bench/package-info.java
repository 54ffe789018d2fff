/**
 * The bench command: measures what ws2j costs beside what others cost for the same, and says whether that is little enough.
 */
package org.ws2j.bench;
