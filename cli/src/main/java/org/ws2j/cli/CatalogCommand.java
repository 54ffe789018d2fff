package org.ws2j.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The commands that look at a protocol catalog in a file, and change it. */
@Command(name = "catalog", mixinStandardHelpOptions = true, versionProvider = Version.class,
        description = {
                "Shows and changes a protocol catalog: which providers there are, and which one serves a new socket.",
                "The catalog is the file given by --catalog, or by the environment variable WS2J_CATALOG, or else"
                        + " ws2j/catalog.json in the folder XDG_CONFIG_HOME (by default .config in your home)."},
        subcommands = {CatalogListCommand.class, CatalogAddCommand.class, CatalogChainCommand.class,
                CatalogRemoveCommand.class, CatalogOrderCommand.class, CatalogPathCommand.class,
                CatalogOptionsCommand.class, CatalogRestoreCommand.class})
final class CatalogCommand implements Runnable {

    @Spec
    private CommandSpec spec;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(spec.commandLine(), "say what to do with the catalog, such as: list");
    }
}
