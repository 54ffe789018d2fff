package org.ws2j.provider.stream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;
import org.ws2j.host.Winsock;
import org.ws2j.host.WinsockBuilder;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;

/** The property, for a provider: subclasses say how often it is tried. */
abstract class StreamProperty {
    private final List<Throwable> reported = new CopyOnWriteArrayList<>();
    private Winsock winsock;
    private Pairs pairs;

    /** {@return a host whose catalog makes the provider's sockets} */
    abstract WinsockBuilder host() throws WinsockException;

    @Provide
    abstract Arbitrary<Script> scripts();

    @BeforeProperty
    void start() throws WinsockException {
        winsock = host().reporter((what, failure) -> reported.add(new AssertionError(what + ": " + failure, failure)))
                .build();
        winsock.wsaStartup(WinsockVersion.V2_2);
        pairs = new Pairs(winsock);
    }

    @AfterProperty
    void nothingIsLeft() {
        winsock.close();
        assertThat(winsock.openHandles().sockets()).isZero();
        assertThat(reported).isEmpty();
    }

    final void check(Script script) throws WinsockException {
        Pair pair = pairs.take(script.bufferSize());
        boolean reusable = false;
        try {
            StreamCase played = new StreamCase(winsock, pair);
            played.play(script.actions());
            reusable = played.leavesAllAsItWas();
        } finally {
            if (reusable) {
                pairs.giveBack(script.bufferSize(), pair);
            } else {
                pair.discard();
            }
        }
    }
}
