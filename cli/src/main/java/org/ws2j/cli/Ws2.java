package org.ws2j.cli;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The ws2 command: without a subcommand it prints its help. */
@Command(name = "ws2", description = "Windows Sockets 2 service providers for the JVM.",
        mixinStandardHelpOptions = true, versionProvider = Version.class,
        subcommands = {DemoCommand.class, UpcallsCommand.class, CatalogCommand.class, ConformanceCommand.class,
                RunCommand.class, HelpCommand.class})
final class Ws2 implements Runnable {

    @Spec
    private CommandSpec spec;

    /**
     * Runs the command line and exits with its code: 0 when all went well, 1 when the command failed, 2 when it was
     * called wrongly.
     */
    public static void main(String[] arguments) {
        System.exit(commandLine().execute(arguments));
    }

    static CommandLine commandLine() {
        CommandLine line = new CommandLine(new Ws2());
        // What stands behind the command that is run is that command's, a JVM's @file included.
        line.getSubcommands().get("run").setStopAtPositional(true);
        line.setExpandAtFiles(false);
        return line;
    }

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        spec.commandLine().usage(out);
        out.flush();
    }
}
