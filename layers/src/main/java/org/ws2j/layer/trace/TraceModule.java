package org.ws2j.layer.trace;

import org.ws2j.layer.LayerFactory;
import org.ws2j.layer.LayerModule;

/**
 * The module {@code trace}: a layer that records connects, accepts, data, half closes, closes, resets and refused connects of
 * TCP sockets, and the datagrams of UDP sockets, as packets in a pcapng file. It records what was really transferred, and
 * changes nothing.
 *
 * <p>Option {@code file} of the chain's entry, or of the layer's own: where the file lies, {@code trace.pcapng} in the current
 * directory by default. Chains of one host that name the same file share it, each as an interface of the file. It is emptied
 * when the host first uses it, and goes on when it does so again. The two ends of one connection confuse an analyser if they
 * are recorded in one file. A failure to write is reported to the host once; the traffic goes on.
 */
public final class TraceModule extends LayerModule {
    /** The name of the option that names the file. */
    public static final String FILE_OPTION = "file";

    /** For the host, which finds it as a service. */
    public TraceModule() {
        super("trace");
    }

    @Override
    protected LayerFactory factory() {
        TraceFiles files = new TraceFiles();
        return start -> new TraceLayer(start, files);
    }
}
