package org.ws2j.bridge;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.util.Map;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import org.ws2j.spi.WsaOverlapped;

/** The twins of one host, by block and by address. */
final class Twins {
    /** Guarded by itself. */
    private final Map<WsaOverlapped, Twin> byBlock = new WeakHashMap<>();

    private final Map<Long, Place> byAddress = new ConcurrentHashMap<>();
    private final ReferenceQueue<Twin> gone = new ReferenceQueue<>();

    private static final class Place extends WeakReference<Twin> {
        final long address;

        Place(Twin twin, ReferenceQueue<Twin> queue) {
            super(twin, queue);
            address = twin.address();
        }
    }

    /** {@return the twin of a block of Java's, made if there is none} */
    Twin of(WsaOverlapped block) {
        synchronized (byBlock) {
            Twin known = byBlock.get(block);
            if (known == null) {
                known = new Twin(block);
                forgetGone();
                byAddress.put(known.address(), new Place(known, gone));
                byBlock.put(block, known);
            }
            return known;
        }
    }

    /** {@return the twin at an address; null if C's own block lies there} */
    Twin at(long address) {
        Place place = byAddress.get(address);
        return place == null ? null : place.get();
    }

    private void forgetGone() {
        for (Reference<? extends Twin> old = gone.poll(); old != null; old = gone.poll()) {
            byAddress.remove(((Place) old).address, old);
        }
    }
}
