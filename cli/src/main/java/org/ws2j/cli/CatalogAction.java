package org.ws2j.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** What the commands on a catalog have in common: the file, and how failures are told. */
abstract class CatalogAction implements Callable<Integer> {

    @Spec
    private CommandSpec spec;

    @Option(names = "--catalog", paramLabel = "FILE", description = "The file; see ws2 help catalog for the default.")
    private Path file;

    /** Does what the command is for. */
    abstract void act(Path catalogFile, PrintWriter out) throws WinsockException;

    @Override
    public final Integer call() {
        Path catalogFile = file != null ? file : defaultFile(System::getenv, System.getProperty("user.home"));
        PrintWriter out = spec.commandLine().getOut();
        try {
            act(catalogFile, out);
            out.flush();
            return ExitCode.OK;
        } catch (WinsockException e) {
            PrintWriter err = spec.commandLine().getErr();
            err.println("ws2 catalog " + spec.name() + ": " + e.getMessage());
            err.println("Nothing was changed in " + catalogFile + ".");
            err.flush();
            return ExitCode.SOFTWARE;
        }
    }

    /** Says what the caller should know although all went well. */
    final void warn(String text) {
        PrintWriter err = spec.commandLine().getErr();
        err.println("ws2 catalog " + spec.name() + ": " + text);
        err.flush();
    }

    /** {@return where the catalog lies unless the command says otherwise} */
    static Path defaultFile(UnaryOperator<String> environment, String home) {
        String given = environment.apply("WS2J_CATALOG");
        if (given != null && !given.isBlank()) {
            return Path.of(given);
        }
        String config = environment.apply("XDG_CONFIG_HOME");
        Path folder = config != null && !config.isBlank() ? Path.of(config) : Path.of(home, ".config");
        return folder.resolve("ws2j").resolve("catalog.json");
    }

    static WsaProtocolInfo entry(ProtocolCatalog catalog, int id) throws WinsockException {
        for (WsaProtocolInfo info : catalog.wscEnumProtocols()) {
            if (info.catalogEntryId() == id) {
                return info;
            }
        }
        throw new WinsockException(
                WsaError.WSAEINVAL, "there is no entry " + id + "; ws2 catalog list shows those there are");
    }

    static void print(String what, List<WsaProtocolInfo> entries, PrintWriter out) {
        for (WsaProtocolInfo entry : entries) {
            out.println(what + " " + entry.catalogEntryId() + "  " + entry.protocolName());
        }
    }
}
