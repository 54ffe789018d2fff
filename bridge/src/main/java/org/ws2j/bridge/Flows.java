package org.ws2j.bridge;

import org.ws2j.spi.Qos;
import org.ws2j.spi.WinsockException;

/** QOS: two flow specifications, and what a provider adds, which Java has no place for. */
final class Flows {
    static final int SIZE = 80;

    private static final int FLOW = 32;

    private Flows() {}

    static long put(Qos qos, Scratch scratch) {
        if (qos == null) {
            return 0;
        }
        long address = scratch.zeroed(SIZE);
        put(address, qos);
        return address;
    }

    static void put(long address, Qos qos) {
        Memory.zero(address, SIZE);
        putFlow(address, qos.sending());
        putFlow(address + FLOW, qos.receiving());
    }

    private static void putFlow(long address, Qos.FlowSpec flow) {
        int[] members = {
                flow.tokenRate(), flow.tokenBucketSize(), flow.peakBandwidth(), flow.latencyMicros(),
                flow.delayVariationMicros(), flow.serviceType(), flow.maxSduSize(), flow.minimumPolicedSize()
        };
        for (int i = 0; i < members.length; i++) {
            Memory.putInt(address + 4L * i, members[i]);
        }
    }

    static Qos get(long address) throws WinsockException {
        if (address == 0) {
            return null;
        }
        Pointers.required(address, 8);
        return new Qos(flow(address), flow(address + FLOW));
    }

    private static Qos.FlowSpec flow(long address) {
        return new Qos.FlowSpec(
                Memory.getInt(address),
                Memory.getInt(address + 4),
                Memory.getInt(address + 8),
                Memory.getInt(address + 12),
                Memory.getInt(address + 16),
                Memory.getInt(address + 20),
                Memory.getInt(address + 24),
                Memory.getInt(address + 28));
    }
}
