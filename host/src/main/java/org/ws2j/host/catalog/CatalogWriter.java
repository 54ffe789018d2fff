package org.ws2j.host.catalog;

import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import org.ws2j.spi.WsaProtocolInfo;
import tools.jackson.core.JsonEncoding;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;

/** Writes a catalog as a JSON text that people can read and edit. {@link CatalogReader} is its counterpart. */
final class CatalogWriter {
    /** The version of the format. A program refuses versions that it does not know. */
    static final int FORMAT = 1;

    private final JsonGenerator json;

    private CatalogWriter(JsonGenerator json) {
        this.json = json;
    }

    /** {@return the text, in UTF-8} */
    static byte[] write(CatalogState state) {
        ByteArrayOutputStream text = new ByteArrayOutputStream();
        JsonFactory factory = JsonFactory.builder().build();
        try (JsonGenerator json = factory.createGenerator(new Pretty(), text, JsonEncoding.UTF8)) {
            new CatalogWriter(json).state(state);
            json.writeRaw('\n');
        }
        return text.toByteArray();
    }

    private void state(CatalogState state) {
        json.writeStartObject();
        json.writeNumberProperty("format", FORMAT);
        json.writeNumberProperty("nextId", state.nextId());
        json.writeName("entries").writeStartArray();
        state.entries().forEach(this::entry);
        json.writeEndArray();
        json.writeEndObject();
    }

    private void entry(CatalogEntry entry) {
        WsaProtocolInfo info = entry.info();
        json.writeStartObject();
        json.writeNumberProperty("id", info.catalogEntryId());
        json.writeStringProperty("name", info.protocolName());
        kind(info);
        json.writeStringProperty("path", entry.path());
        json.writeStringProperty("provider", info.providerId().toString());
        if (!entry.installedWith().equals(info.providerId())) {
            json.writeStringProperty("installedWith", entry.installedWith().toString());
        }
        if (entry.sha256() != null) {
            json.writeStringProperty("sha256", entry.sha256());
        }
        options(entry.options());
        protocol(info);
        json.writeEndObject();
    }

    private void kind(WsaProtocolInfo info) {
        json.writeStringProperty("kind", EntryKind.of(info.protocolChain()).word());
        if (info.protocolChain().isChain()) {
            json.writeName("chain").writeStartArray();
            info.protocolChain().chainEntries().forEach(json::writeNumber);
            json.writeEndArray();
        }
    }

    private void options(Map<String, String> options) {
        if (!options.isEmpty()) {
            json.writeName("options").writeStartObject();
            options.forEach(json::writeStringProperty);
            json.writeEndObject();
        }
    }

    private void protocol(WsaProtocolInfo info) {
        json.writeNumberProperty("version", info.version());
        json.writeNumberProperty("addressFamily", info.addressFamily());
        json.writeNumberProperty("socketType", info.socketType());
        json.writeNumberProperty("protocol", info.protocol());
        json.writeNumberProperty("protocolMaxOffset", info.protocolMaxOffset());
        json.writeNumberProperty("minSockAddr", info.minSockAddr());
        json.writeNumberProperty("maxSockAddr", info.maxSockAddr());
        json.writeNumberProperty("messageSize", info.messageSize());
        json.writeNumberProperty("networkByteOrder", info.networkByteOrder());
        json.writeNumberProperty("securityScheme", info.securityScheme());
        json.writeNumberProperty("providerReserved", info.providerReserved());
        flags("serviceFlags", FlagNames.SERVICE.names(info.serviceFlags1()));
        flags("providerFlags", FlagNames.PROVIDER.names(info.providerFlags()));
    }

    private void flags(String member, List<String> names) {
        json.writeName(member).writeStartArray();
        names.forEach(json::writeString);
        json.writeEndArray();
    }

    /** Line feeds on every system: a file that is written twice is the same file. */
    private static final class Pretty extends ObjectWriteContext.Base {
        @Override
        public PrettyPrinter getPrettyPrinter() {
            return new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n"));
        }

        @Override
        public boolean hasPrettyPrinter() {
            return true;
        }
    }
}
