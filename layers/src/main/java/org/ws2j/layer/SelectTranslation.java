package org.ws2j.layer;

import org.ws2j.spi.FdSet;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;

/** One set of a select in the handles of the layer below, and the way back. */
final class SelectTranslation {
    private final FdSet clients;
    private final FdSet below;
    private final LayeredSocket[] members;

    private SelectTranslation(FdSet clients, LayeredSocket[] members) {
        this.clients = clients;
        this.members = members;
        below = new FdSet(members.length);
        for (LayeredSocket member : members) {
            below.fdSet(member.lower());
        }
    }

    /** Translates a set; null stays null. */
    static SelectTranslation of(FdSet clients, LayeredProvider provider) throws WinsockException {
        if (clients == null) {
            return null;
        }
        LayeredSocket[] members = new LayeredSocket[clients.fdCount()];
        for (int i = 0; i < members.length; i++) {
            members[i] = provider.socket(clients.get(i));
        }
        return new SelectTranslation(clients, members);
    }

    static FdSet below(SelectTranslation translation) {
        return translation == null ? null : translation.below;
    }

    /** Leaves the ready sockets in the client's set, in its order, and counts them. */
    static int back(SelectTranslation translation, Upcalls upcalls) {
        if (translation == null) {
            return 0;
        }
        translation.clients.fdZero();
        for (LayeredSocket member : translation.members) {
            SocketHandle lowerSocket = member.lower();
            if (upcalls.wpuFdIsSet(lowerSocket, translation.below)) {
                translation.clients.fdSet(member.handle());
            }
        }
        return translation.clients.fdCount();
    }
}
