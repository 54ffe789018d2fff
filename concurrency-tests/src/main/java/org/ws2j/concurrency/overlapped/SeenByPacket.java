package org.ws2j.concurrency.overlapped;

import static org.openjdk.jcstress.annotations.Expect.ACCEPTABLE;
import static org.openjdk.jcstress.annotations.Expect.FORBIDDEN;
import static org.ws2j.concurrency.Calls.associate;
import static org.ws2j.concurrency.Calls.close;
import static org.ws2j.concurrency.Calls.newHandle;
import static org.ws2j.concurrency.Calls.newPort;
import static org.ws2j.concurrency.Calls.take;
import static org.ws2j.concurrency.Host.COMPLETIONS;
import static org.ws2j.concurrency.Host.CONTEXT;
import static org.ws2j.concurrency.Host.LONG;
import static org.ws2j.concurrency.Host.newHandleTable;
import static org.ws2j.spi.WsaOverlapped.WSS_OPERATION_IN_PROGRESS;

import org.openjdk.jcstress.annotations.Actor;
import org.openjdk.jcstress.annotations.Arbiter;
import org.openjdk.jcstress.annotations.JCStressTest;
import org.openjdk.jcstress.annotations.Outcome;
import org.openjdk.jcstress.annotations.State;
import org.openjdk.jcstress.infra.results.IIII_Result;
import org.ws2j.host.handle.CreatedSocket;
import org.ws2j.host.handle.HandleTable;
import org.ws2j.spi.CompletionPacket;
import org.ws2j.spi.CompletionPort;
import org.ws2j.spi.HeapOverlapped;

/** Who took the packet of the operation sees all fields of its block. */
@JCStressTest
@Outcome(id = "1, 0, 42, 7", expect = ACCEPTABLE, desc = "The packet is that of the block, and all fields are there.")
@Outcome(expect = FORBIDDEN, desc = "The packet was lost or is another one, or a field was not there yet.")
@State
public class SeenByPacket {
    private final HandleTable table = newHandleTable();
    private final CreatedSocket s = newHandle(table, CONTEXT);
    private final HeapOverlapped block = new HeapOverlapped();
    private final CompletionPort port = associated();

    @Actor
    public void provider() {
        block.offset(7);
        COMPLETIONS.complete(s, block, 0, 0, 42);
    }

    @Actor
    public void client(IIII_Result r) {
        CompletionPacket packet = new CompletionPacket();
        take(port, packet, LONG);
        r.r1 = packet.overlapped() == block && packet.bytesTransferred() == 42 ? 1 : 0;
        r.r2 = (int) block.internal();
        r.r3 = (int) block.internalHigh();
        r.r4 = block.offset();
    }

    @Arbiter
    public void after() {
        close(port);
    }

    private CompletionPort associated() {
        block.internal(WSS_OPERATION_IN_PROGRESS);
        CompletionPort fresh = newPort();
        associate(s, fresh);
        return fresh;
    }
}
