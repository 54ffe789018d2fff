package org.ws2j.cli;

import java.io.PrintWriter;
import java.util.Arrays;
import java.util.OptionalInt;
import org.ws2j.spi.Upcall;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import tools.jackson.core.JsonGenerator;

/** Prints the sixteen upcalls: where each stands, what the page says of it, who uses it, and why. */
@Command(name = "upcalls", description = "Lists the sixteen upcalls that a provider can make.",
        mixinStandardHelpOptions = true, versionProvider = Version.class)
final class UpcallsCommand implements Runnable {
    private static final String EXPORT = "export";

    /** So that a row, whose first three columns must not be broken, fits into 120 columns. */
    private static final int TEXT_WIDTH = 24;

    @Spec
    private CommandSpec spec;

    @Option(names = "--json", description = "Print an array of objects in place of a table.")
    private boolean isJson;

    @Override
    public void run() {
        PrintWriter out = spec.commandLine().getOut();
        if (isJson) {
            JsonText.print(out, UpcallsCommand::write);
        } else {
            printTable(out);
        }
    }

    /** The page "Upcalls Exposed by Windows Sockets 2 DLL" lists fifteen: this one it leaves out. */
    static boolean isOnPage(Upcall upcall) {
        return upcall != Upcall.WPU_OPEN_CURRENT_THREAD;
    }

    private static void printTable(PrintWriter out) {
        TextTable table = new TextTable()
                .column("upcall")
                .column("slot")
                .column("the page says")
                .wrapped("for whom", TEXT_WIDTH)
                .wrapped("why", TEXT_WIDTH);
        for (Upcall upcall : Upcall.values()) {
            String why = isOnPage(upcall) ? upcall.reason() : upcall.reason() + " (not on the page)";
            table.row(upcall.winsockName(), place(upcall), upcall.status(), upcall.usedBy(), why);
        }
        table.lines().forEach(out::println);
        out.println();
        out.println("slot: the place in WSPUPCALLTABLE, or an export of Ws2_32 itself.");
        out.println("the page: \"Upcalls Exposed by Windows Sockets 2 DLL\"; what it leaves blank is blank here.");
        out.flush();
    }

    private static String place(Upcall upcall) {
        OptionalInt slot = upcall.slot();
        return slot.isPresent() ? String.valueOf(slot.getAsInt()) : EXPORT;
    }

    private static void write(JsonGenerator json) {
        json.writeStartArray();
        Arrays.stream(Upcall.values()).forEach(upcall -> write(json, upcall));
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, Upcall upcall) {
        json.writeStartObject();
        json.writeStringProperty("name", upcall.winsockName());
        OptionalInt slot = upcall.slot();
        if (slot.isPresent()) {
            json.writeNumberProperty("slot", slot.getAsInt());
        } else {
            json.writeStringProperty("slot", EXPORT);
        }
        json.writeBooleanProperty("onPage", isOnPage(upcall));
        json.writeStringProperty("status", upcall.status());
        json.writeStringProperty("usedBy", upcall.usedBy());
        json.writeStringProperty("reason", upcall.reason());
        json.writeEndObject();
    }
}
