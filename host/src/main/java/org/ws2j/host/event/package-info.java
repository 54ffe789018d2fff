/** Events of the system and the waits on them; see {@link org.ws2j.host.event.EventWaits}. */
package org.ws2j.host.event;
