package org.ws2j.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.ws2j.host.ProtocolCatalog;
import org.ws2j.spi.ProtocolChain;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import tools.jackson.core.JsonGenerator;

/** Prints the entries of a catalog, in its order. */
@Command(name = "list", mixinStandardHelpOptions = true,
        description = "Lists the entries, first the one that is asked first.")
final class CatalogListCommand extends CatalogAction {

    /** An entry, with what is known of it elsewhere. */
    private record Row(WsaProtocolInfo info, String path, Map<String, String> options) {
        String kind() {
            ProtocolChain chain = info.protocolChain();
            return chain.isChain() ? "chain" : chain.isBase() ? "base" : "layer";
        }

        String elements() {
            return info.protocolChain().chainEntries().stream().map(String::valueOf).collect(Collectors.joining(" > "));
        }
    }

    @Option(names = "--json", description = "Print an array of objects in place of a table.")
    private boolean isJson;

    @Override
    void act(Path catalogFile, PrintWriter out) throws WinsockException {
        ProtocolCatalog catalog = ProtocolCatalog.open(catalogFile);
        List<Row> rows = new ArrayList<>();
        for (WsaProtocolInfo info : catalog.wscEnumProtocols()) {
            String path = catalog.wscGetProviderPath(info.providerId());
            rows.add(new Row(info, path, catalog.options(info.catalogEntryId())));
        }
        if (isJson) {
            JsonText.print(out, json -> write(json, rows));
        } else {
            printTable(rows, out);
        }
    }

    private static void printTable(List<Row> rows, PrintWriter out) {
        TextTable table = new TextTable()
                .number("id")
                .column("kind")
                .column("name")
                .column("goes through")
                .column("module")
                .column("options");
        for (Row row : rows) {
            String options = row.options().entrySet().stream()
                    .map(option -> option.getKey() + "=" + option.getValue())
                    .sorted()
                    .collect(Collectors.joining(" "));
            table.row(row.info().catalogEntryId(), row.kind(), row.info().protocolName(), row.elements(), row.path(),
                    options);
        }
        table.lines().forEach(out::println);
    }

    private static void write(JsonGenerator json, List<Row> rows) {
        json.writeStartArray();
        rows.forEach(row -> write(json, row));
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, Row row) {
        WsaProtocolInfo info = row.info();
        json.writeStartObject();
        json.writeNumberProperty("id", info.catalogEntryId());
        json.writeStringProperty("kind", row.kind());
        json.writeStringProperty("name", info.protocolName());
        json.writeName("chain").writeStartArray();
        info.protocolChain().chainEntries().forEach(json::writeNumber);
        json.writeEndArray();
        json.writeStringProperty("provider", info.providerId().toString());
        json.writeStringProperty("path", row.path());
        json.writeNumberProperty("addressFamily", info.addressFamily());
        json.writeNumberProperty("socketType", info.socketType());
        json.writeNumberProperty("protocol", info.protocol());
        json.writeBooleanProperty("hidden", info.isHidden());
        json.writeBooleanProperty("ifs", info.isIfs());
        json.writeName("options").writeStartObject();
        row.options().forEach(json::writeStringProperty);
        json.writeEndObject();
        json.writeEndObject();
    }
}
