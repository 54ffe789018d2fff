package org.ws2j.agent.socket;

import java.nio.channels.spi.SelectorProvider;
import java.util.List;
import org.ws2j.provider.tcpip.TcpIpModule;
import org.ws2j.spi.HostServices;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;

/** TCP/IP as the agent has it, under a name of its own. */
public final class AgentTcpIpModule implements TransportModule {
    static final String NAME = "agent-tcpip";

    private final TransportModule module = new TcpIpModule(SelectorProvider.provider(), new PollWaits());

    @Override
    public String name() {
        return NAME;
    }

    @Override
    public List<WsaProtocolInfo> protocols() {
        return module.protocols();
    }

    @Override
    public TransportProvider load(HostServices services) throws WinsockException {
        return module.load(services);
    }
}
