package org.ws2j.bridge;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.ws2j.spi.ProtocolChain;
import org.ws2j.spi.WsaProtocolInfo;

/** WSAPROTOCOL_INFOW, and the form with an 8-bit name. */
final class ProtocolInfos {
    static final int SIZE = 628;

    /** With an 8-bit name. */
    static final int SIZE_A = 372;

    private static final int NAME = 116;
    private static final int NAME_UNITS = 256;
    private static final int CHAIN = 40;

    private ProtocolInfos() {}

    static void put(long address, WsaProtocolInfo info) {
        Memory.zero(address, SIZE);
        putMembers(address, info);
        Texts.putWide(address + NAME, info.protocolName(), NAME_UNITS);
    }

    static void putA(long address, WsaProtocolInfo info) {
        Memory.zero(address, SIZE_A);
        putMembers(address, info);
        byte[] name = info.protocolName().getBytes(StandardCharsets.ISO_8859_1);
        for (int i = 0; i < Math.min(name.length, NAME_UNITS - 1); i++) {
            Memory.putByte(address + NAME + i, name[i]);
        }
    }

    private static void putMembers(long address, WsaProtocolInfo info) {
        Memory.putInt(address, info.serviceFlags1());
        Memory.putInt(address + 16, info.providerFlags());
        Guids.put(address + 20, info.providerId());
        Memory.putInt(address + 36, info.catalogEntryId());
        putChain(address + CHAIN, info.protocolChain());
        Memory.putInt(address + 72, info.version());
        Memory.putInt(address + 76, info.addressFamily());
        Memory.putInt(address + 80, info.maxSockAddr());
        Memory.putInt(address + 84, info.minSockAddr());
        Memory.putInt(address + 88, info.socketType());
        Memory.putInt(address + 92, info.protocol());
        Memory.putInt(address + 96, info.protocolMaxOffset());
        Memory.putInt(address + 100, info.networkByteOrder());
        Memory.putInt(address + 104, info.securityScheme());
        Memory.putInt(address + 108, info.messageSize());
        Memory.putInt(address + 112, info.providerReserved());
    }

    private static void putChain(long address, ProtocolChain chain) {
        Memory.putInt(address, chain.chainLen());
        for (int i = 0; i < Math.min(chain.chainEntries().size(), ProtocolChain.MAX_PROTOCOL_CHAIN); i++) {
            Memory.putInt(address + 4 + 4L * i, chain.chainEntries().get(i));
        }
    }

    static WsaProtocolInfo get(long address) {
        return members(address).protocolName(Texts.getWide(address + NAME, NAME_UNITS)).build();
    }

    static WsaProtocolInfo getA(long address) {
        byte[] name = Memory.getBytes(address + NAME, NAME_UNITS);
        String text = new String(name, StandardCharsets.ISO_8859_1);
        int end = text.indexOf('\0');
        return members(address).protocolName(end < 0 ? text : text.substring(0, end)).build();
    }

    private static WsaProtocolInfo.Builder members(long address) {
        return WsaProtocolInfo.builder()
                .serviceFlags1(Memory.getInt(address))
                .providerFlags(Memory.getInt(address + 16))
                .providerId(Guids.get(address + 20))
                .catalogEntryId(Memory.getInt(address + 36))
                .protocolChain(chain(address + CHAIN))
                .version(Memory.getInt(address + 72))
                .addressFamily(Memory.getInt(address + 76))
                .maxSockAddr(Memory.getInt(address + 80))
                .minSockAddr(Memory.getInt(address + 84))
                .socketType(Memory.getInt(address + 88))
                .protocol(Memory.getInt(address + 92))
                .protocolMaxOffset(Memory.getInt(address + 96))
                .networkByteOrder(Memory.getInt(address + 100))
                .securityScheme(Memory.getInt(address + 104))
                .messageSize(Memory.getInt(address + 108))
                .providerReserved(Memory.getInt(address + 112));
    }

    /** What lies behind the length of a chain may be anything. */
    private static ProtocolChain chain(long address) {
        int length = Memory.getInt(address);
        List<Integer> entries = new ArrayList<>();
        for (int i = 0; length > 1 && i < Math.min(length, ProtocolChain.MAX_PROTOCOL_CHAIN); i++) {
            entries.add(Memory.getInt(address + 4 + 4L * i));
        }
        return new ProtocolChain(length, entries);
    }
}
