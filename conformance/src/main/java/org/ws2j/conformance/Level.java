package org.ws2j.conformance;

import java.util.List;
import org.ws2j.host.TransportModules;
import org.ws2j.spi.TransportModule;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;

/** One module of a stack, and what it declares. */
record Level(String path, String name, List<WsaProtocolInfo> protocols, Declaration declaration) {

    static Level at(String path) {
        try {
            TransportModule module = TransportModules.find(path);
            return new Level(path, module.name(), module.protocols(), declaration(path, module));
        } catch (WinsockException e) {
            throw new IllegalArgumentException(e.getMessage(), e);
        }
    }

    private static Declaration declaration(String path, TransportModule module) {
        return TransportModules.isOfFormat(path) ? Declaration.beside(path) : Declaration.of(module);
    }

    boolean isLayer() {
        return protocols.isEmpty();
    }

    /** {@return whether a client gets handles of the file system if this is topmost} */
    boolean handsOutIfs() {
        return isLayer()
                ? declaration.isIfsLayer()
                : protocols.stream().allMatch(WsaProtocolInfo::isIfs);
    }
}
