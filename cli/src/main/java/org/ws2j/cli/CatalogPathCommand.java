package org.ws2j.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.spi.WinsockException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints where the module of an entry lies. */
@Command(name = "path", mixinStandardHelpOptions = true,
        description = "Prints the path of an entry's module, as it was installed.")
final class CatalogPathCommand extends CatalogAction {

    @Parameters(paramLabel = "ID", description = "The entry.")
    private int id;

    @Override
    void act(Path catalogFile, PrintWriter out) throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.open(catalogFile);
        out.println(catalog.wscGetProviderPath(entry(catalog, id).providerId()));
    }
}
