package org.ws2j.cli.demo;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.ws2j.host.OpenHandles;
import org.ws2j.host.UpcallAudit;
import org.ws2j.spi.Upcall;

/**
 * What a run of the demo has shown.
 *
 * @param passages the data that was transferred
 * @param upcalls who made which upcall how often
 * @param trace the pcapng file
 * @param left what the host still held when all was over
 * @param problems what went wrong without ending the demo
 */
public record DemoResult(
        List<Passage> passages, UpcallAudit upcalls, Path trace, OpenHandles left, List<String> problems) {

    /** Copies the lists. */
    public DemoResult {
        passages = List.copyOf(passages);
        problems = List.copyOf(problems);
    }

    /** {@return whether everything arrived, nothing is left, nothing went wrong, and each of the upcalls was made} */
    public boolean isRight() {
        return !passages.isEmpty()
                && passages.stream().allMatch(Passage::isIntact)
                && Arrays.stream(Upcall.values()).allMatch(upcall -> upcalls.count(upcall) > 0)
                && left.isEmpty()
                && problems.isEmpty();
    }
}
