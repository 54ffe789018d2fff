package org.ws2j.agent.program;

import java.net.InetSocketAddress;
import java.net.SocketAddress;
import org.ws2j.layer.LayerFactory;
import org.ws2j.layer.LayerModule;
import org.ws2j.layer.LayerStart;
import org.ws2j.layer.LayeredProvider;
import org.ws2j.layer.LayeredSocket;
import org.ws2j.layer.Transfer;
import org.ws2j.spi.HostServices;

/** A layer that has an error of its own when it sees the word "bad", and tells under which name the program knows its peers. */
public final class PickyModule extends LayerModule {
    public PickyModule() {
        super("picky");
    }

    @Override
    protected LayerFactory factory() {
        return Picky::new;
    }

    private static final class Picky extends LayeredProvider {
        private final HostServices services;

        Picky(LayerStart start) {
            super(start);
            services = start.services();
        }

        @Override
        protected void connecting(LayeredSocket socket, SocketAddress name) {
            System.out.println(
                    "peer " + services.resolvedName(((InetSocketAddress) name).getAddress()).orElse("unknown"));
        }

        @Override
        protected void sending(Transfer transfer) {
            transfer.forEach((buffer, index, length) -> {
                if (buffer.get(index) == 'b') {
                    throw new IllegalStateException("a mistake of the layer");
                }
            });
        }
    }
}
