package org.ws2j.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Removes a provider. */
@Command(name = "remove", mixinStandardHelpOptions = true,
        description = {"Removes the provider of an entry, with all its entries and, for a layer, its chains.",
                "The id of one of a layer's chains removes that chain alone."})
final class CatalogRemoveCommand extends CatalogAction {

    @Parameters(paramLabel = "ID", description = "An entry of the provider.")
    private int id;

    @Override
    void act(Path catalogFile, PrintWriter out) throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.open(catalogFile);
        List<WsaProtocolInfo> gone = new ArrayList<>(catalog.wscEnumProtocols());
        catalog.wscDeinstallProvider(entry(catalog, id).providerId());
        gone.removeAll(catalog.wscEnumProtocols());
        print("removed", gone, out);
    }
}
