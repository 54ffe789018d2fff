package org.ws2j.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.host.TransportModules;
import org.ws2j.spi.ServiceFlag;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Installs a layer, and a chain over each of some entries. */
@Command(name = "chain", mixinStandardHelpOptions = true,
        description = "Installs a layer with chains over entries, which come first from then on.")
final class CatalogChainCommand extends CatalogAction {

    @Parameters(index = "0", paramLabel = "MODULE",
            description = {"builtin:NAME, or the path of a jar or of a shared library.",
                    "A relative one is stored as the absolute path that it is here."})
    private String module;

    @Parameters(index = "1", paramLabel = "NAME",
            description = "A name for the layer; chains are called NAME over […].")
    private String name;

    @Option(names = "--over", paramLabel = "ID", split = ",",
            description = "What to go over: entries, or what is topmost of the same protocol; every base by default.")
    private List<Integer> over = new ArrayList<>();

    @Option(names = "--ifs", description = "The layer hands out handles of the file system.")
    private boolean isIfs;

    @Option(names = "--option", paramLabel = "NAME=VALUE", description = "An option for the layer; may be repeated.")
    private Map<String, String> options = new LinkedHashMap<>();

    @Override
    void act(Path catalogFile, PrintWriter out) throws WinsockException {
        String path = ModulePath.absolute(module);
        ProtocolCatalog catalog = ProtocolCatalog.open(catalogFile);
        List<WsaProtocolInfo> below = new ArrayList<>();
        for (int id : over) {
            below.add(entry(catalog, id));
        }
        ProtocolCatalog.InstalledChains installed = catalog.wscInstallProviderAndChains(
                UUID.randomUUID(), path, name, isIfs ? ServiceFlag.XP1_IFS_HANDLES : 0,
                below.isEmpty() ? null : below, options);
        out.println("added " + installed.hiddenEntryId() + "  " + name + " (the layer itself, hidden)");
        print("added", installed.chains(), out);
        warnOfStranger(path);
    }

    /** A built-in module that this command has not, a program may well bring. */
    private void warnOfStranger(String path) {
        List<String> names = TransportModules.builtin().stream().map(TransportModule::name).toList();
        boolean isBuiltin = path.startsWith(TransportModules.BUILTIN);
        if (isBuiltin && !names.contains(path.substring(TransportModules.BUILTIN.length()))) {
            warn("warning: " + path + " is none of the modules that come with ws2j, " + names
                    + "; sockets fail in every program that does not bring it");
        }
    }
}
