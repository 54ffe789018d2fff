package org.ws2j.cli;

import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.spi.WinsockException;
import picocli.CommandLine.Command;

/** Brings the last good state of a broken catalog file back. */
@Command(name = "restore", mixinStandardHelpOptions = true,
        description = "Brings back the last state that was written, when the file is missing or was edited to nonsense.")
final class CatalogRestoreCommand extends CatalogAction {

    @Override
    void act(Path catalogFile, PrintWriter out) throws WinsockException {
        boolean wasThere = Files.exists(catalogFile);
        ProtocolCatalog.restoreBackup(catalogFile);
        String kept = "; what was in it is kept beside it, in " + catalogFile.getFileName() + ".replaced";
        out.println("restored " + catalogFile + (wasThere ? kept : ""));
    }
}
