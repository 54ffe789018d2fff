package org.ws2j.host.fake;

import org.ws2j.spi.HostServices;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaProtocolInfo;

/** One call of WSPStartup, and what a provider got by it. */
public record FakeStart(WinsockVersion requested, WsaProtocolInfo info, Upcalls upcalls, HostServices services) {
}
