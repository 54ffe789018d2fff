package org.ws2j.bench;

import java.util.List;
import java.util.stream.Collectors;
import org.ws2j.bench.measure.Row;
import org.ws2j.bench.row.AgentIdleRow;
import org.ws2j.bench.row.AgentStartRow;
import org.ws2j.bench.row.AgentTransferRow;
import org.ws2j.bench.row.AllocationRow;
import org.ws2j.bench.row.ApcRow;
import org.ws2j.bench.row.BorderRow;
import org.ws2j.bench.row.ContextRow;
import org.ws2j.bench.row.EventRow;
import org.ws2j.bench.row.HandleRow;
import org.ws2j.bench.row.JmhRow;
import org.ws2j.bench.row.LayerRow;
import org.ws2j.bench.row.ManySocketsRow;
import org.ws2j.bench.row.MemoryRow;
import org.ws2j.bench.row.PortRow;
import org.ws2j.bench.row.TcpRow;

/** All rows, in the order of the table. */
final class Rows {
    static final List<Row> ALL = List.of(new ContextRow(), new HandleRow(), new EventRow(), new ApcRow(), new PortRow(),
            new LayerRow(), TcpRow.PINGPONG, TcpRow.BLOCKING, TcpRow.STREAM, new MemoryRow(), new AllocationRow(),
            new ManySocketsRow(), new BorderRow(), AgentTransferRow.NIO_PINGPONG, AgentTransferRow.NET_PINGPONG,
            AgentTransferRow.NIO_STREAM, AgentTransferRow.NET_STREAM, new AgentStartRow(), new AgentIdleRow(),
            new JmhRow());

    private Rows() {}

    /** {@return the rows of these names, in the order of the table; all of them for no names} */
    static List<Row> named(List<String> ids) {
        for (String id : ids) {
            if (ALL.stream().noneMatch(row -> row.id().equals(id))) {
                throw new IllegalArgumentException("there is no row " + id + "; the rows are " + ids());
            }
        }
        return ids.isEmpty() ? ALL : ALL.stream().filter(row -> ids.contains(row.id())).toList();
    }

    static String ids() {
        return ALL.stream().map(Row::id).collect(Collectors.joining(", "));
    }
}
