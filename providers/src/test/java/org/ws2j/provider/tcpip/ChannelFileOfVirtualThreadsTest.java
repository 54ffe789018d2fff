package org.ws2j.provider.tcpip;

/** The same from virtual threads, which wait in another way. */
final class ChannelFileOfVirtualThreadsTest extends ChannelFileTest {
    @Override
    Thread.Builder threads() {
        return Thread.ofVirtual();
    }
}
