package org.ws2j.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Puts entries first. */
@Command(name = "order", mixinStandardHelpOptions = true,
        description = "Puts entries first, in the order given; the others follow as they are.")
final class CatalogOrderCommand extends CatalogAction {

    @Parameters(paramLabel = "ID", arity = "1..*", description = "The entries that come first.")
    private List<Integer> first;

    @Override
    void act(Path catalogFile, PrintWriter out) throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.open(catalogFile);
        Set<Integer> order = new LinkedHashSet<>();
        for (int id : first) {
            order.add(entry(catalog, id).catalogEntryId());
        }
        catalog.wscEnumProtocols().forEach(info -> order.add(info.catalogEntryId()));
        catalog.wscWriteProviderOrder(order.stream().mapToInt(Integer::intValue).toArray());
        List<WsaProtocolInfo> entries = catalog.wscEnumProtocols();
        for (int place = 0; place < entries.size(); place++) {
            print(place + 1 + ".", List.of(entries.get(place)), out);
        }
    }
}
