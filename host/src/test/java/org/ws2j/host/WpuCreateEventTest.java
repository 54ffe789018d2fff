package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.spi.Waits;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaEvent;

@Timeout(30)
final class WpuCreateEventTest {
    private final TwoKinds hosts;

    WpuCreateEventTest() throws WinsockException {
        hosts = new TwoKinds();
    }

    @AfterEach
    void close() {
        hosts.close();
    }

    private boolean signaled(WsaEvent event) throws WinsockException {
        return hosts.winsock.waits().waitForSingleEvent(event, 0, false) == Waits.WSA_WAIT_EVENT_0;
    }

    @Test
    void aNewEventIsNotSignaled() throws Exception {
        assertThat(signaled(hosts.upcalls.wpuCreateEvent())).isFalse();
    }

    @Test
    void aNewEventIsOfManualReset() throws Exception {
        WsaEvent event = hosts.upcalls.wpuCreateEvent();
        hosts.upcalls.wpuSetEvent(event);
        assertThat(signaled(event)).isTrue();
        assertThat(signaled(event)).isTrue();
    }

    @Test
    void eachEventIsAnotherOne() throws Exception {
        WsaEvent one = hosts.upcalls.wpuCreateEvent();
        WsaEvent other = hosts.upcalls.wpuCreateEvent();
        hosts.upcalls.wpuSetEvent(one);
        assertThat(signaled(other)).isFalse();
    }

    @Test
    void eventsOfUpcallsClientsAndSystemAreOfOneKind() throws Exception {
        WsaEvent ofProvider = hosts.upcalls.wpuCreateEvent();
        WsaEvent ofClient = hosts.winsock.wsaCreateEvent();
        WsaEvent ofSystem = hosts.winsock.waits().createEvent(true, false);
        for (WsaEvent event : new WsaEvent[] {ofProvider, ofClient, ofSystem}) {
            hosts.upcalls.wpuSetEvent(event);
            assertThat(signaled(event)).isTrue();
            hosts.winsock.wsaResetEvent(event);
            assertThat(signaled(event)).isFalse();
            hosts.upcalls.wpuCloseEvent(event);
        }
        assertThat(hosts.winsock.openHandles().events()).isZero();
    }
}
