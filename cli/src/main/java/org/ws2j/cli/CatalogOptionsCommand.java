package org.ws2j.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.spi.WinsockException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Prints and changes the options of an entry. */
@Command(name = "options", mixinStandardHelpOptions = true,
        description = {"Sets options of an entry, if any are given; then prints all of them.",
                "NAME= without a value removes an option."})
final class CatalogOptionsCommand extends CatalogAction {

    @Parameters(index = "0", paramLabel = "ID", description = "The entry.")
    private int id;

    @Parameters(index = "1..*", paramLabel = "NAME=VALUE", arity = "0..*", description = "Options to set or remove.")
    private Map<String, String> changes = Map.of();

    @Override
    void act(Path catalogFile, PrintWriter out) throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.open(catalogFile);
        Map<String, String> options = new TreeMap<>(catalog.options(entry(catalog, id).catalogEntryId()));
        if (!changes.isEmpty()) {
            options.putAll(changes);
            options.values().removeIf(String::isEmpty);
            catalog.setOptions(id, options);
        }
        options.forEach((name, value) -> out.println(name + "=" + value));
    }
}
