package org.ws2j.conformance.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.ws2j.conformance.Expect.fails;

import java.util.ArrayList;
import java.util.List;
import org.ws2j.conformance.Network.Connection;
import org.ws2j.conformance.Proves;
import org.ws2j.conformance.Suite;
import org.ws2j.spi.IoctlCode;
import org.ws2j.spi.IoctlResult;
import org.ws2j.spi.Qos;
import org.ws2j.spi.Qos.FlowSpec;
import org.ws2j.spi.ServiceFlag;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;

/** WSAGetQOSByName, and what providers without qualities of service say to those who ask for one. */
final class QosSuite extends Suite {
    private static final FlowSpec FLOW = new FlowSpec(1_000, 1_000, 2_000, 10_000, 1_000, 2, 500, 100);
    private static final Qos QOS = new Qos(FLOW, FLOW);

    @Proves("qos-by-name.inval")
    void aNameThatNobodyKnowsIsInvalid() throws WinsockException {
        for (SocketHandle s : new SocketHandle[] {net.stream(), net.datagram()}) {
            fails(WsaError.WSAEINVAL, () -> ws.wsaGetQosByName(s, "no such quality", null));
        }
    }

    @Proves("qos-by-name.fault")
    void noNameIsAFault() throws WinsockException {
        SocketHandle s = net.stream();
        fails(WsaError.WSAEFAULT, () -> ws.wsaGetQosByName(s, null, new ArrayList<>()));
    }

    @Proves("qos-by-name.list")
    void theEmptyNameListsTheNamesOfTemplatesThatThereAre() throws WinsockException {
        SocketHandle s = net.datagram();
        List<String> names = new ArrayList<>();
        assertThat(ws.wsaGetQosByName(s, "", names)).isNull();

        for (String name : names) {
            assertThat(ws.wsaGetQosByName(s, name, null)).as(name).isNotNull();
        }
    }

    @Proves("connect.qos")
    void aConnectWithAQualityThatCannotBeHadFails() throws WinsockException {
        onlyIf(!hasQos(), "protocols without qualities of service");
        SocketHandle s = net.stream();
        SocketHandle listener = net.listener();
        fails(WsaError.WSAEOPNOTSUPP, () -> ws.wsaConnect(s, net.name(listener), null, null, QOS, null));
        ws.connect(s, net.name(listener));
    }

    @Proves("ioctl.qos")
    void theQualityOfASocketCanNeitherBeAskedForNorSet() throws WinsockException {
        onlyIf(!hasQos(), "protocols without qualities of service");
        Connection c = net.connection();
        fails(WsaError.WSAEOPNOTSUPP,
                () -> ws.wsaIoctl(c.client(), IoctlCode.SIO_GET_QOS, null, new IoctlResult(), null, null));
        fails(WsaError.WSAEOPNOTSUPP, () -> ws.wsaIoctl(c.client(), IoctlCode.SIO_SET_QOS, QOS, null, null, null));
    }

    private boolean hasQos() throws WinsockException {
        for (WsaProtocolInfo entry : ws.wsaEnumProtocols()) {
            if ((entry.serviceFlags1() & ServiceFlag.XP1_QOS_SUPPORTED) != 0) {
                return true;
            }
        }
        return false;
    }
}
