package org.ws2j.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.TransportModules;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Installs a base provider: the entries that its module asks for. */
@Command(name = "add", mixinStandardHelpOptions = true,
        description = "Installs a base provider, behind the entries there are.")
final class CatalogAddCommand extends CatalogAction {

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Place place;

    /** Where the module lies, said in one way or the other. */
    static final class Place {
        @Parameters(paramLabel = "MODULE",
                description = {
                        "builtin:NAME, or the path of a jar, with !NAME if it has several, or of a shared library.",
                        "A relative one is stored as the absolute path that it is here."})
        private String module;

        @Option(names = "--path", paramLabel = "FILE", description = "The same, as an option.")
        private String file;

        private Place() {}

        String path() {
            return module != null ? module : file;
        }
    }

    @Option(names = "--option", paramLabel = "NAME=VALUE", description = "An option for the provider; may be repeated.")
    private Map<String, String> options = new LinkedHashMap<>();

    @Override
    void act(Path catalogFile, PrintWriter out) throws WinsockException {
        String path = ModulePath.absolute(place.path());
        TransportModule module = TransportModules.find(path);
        List<WsaProtocolInfo> entries = module.protocols();
        if (entries.isEmpty()) {
            throw new WinsockException(
                    WsaError.WSAEINVAL, path + " is no base provider; ws2 catalog chain installs a layer");
        }
        ProtocolCatalog catalog = ProtocolCatalog.open(catalogFile);
        print("added", catalog.wscInstallProvider(entries.getFirst().providerId(), path, entries, options), out);
    }
}
