package org.ws2j.host.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.ws2j.spi.ProviderFlag;
import org.ws2j.spi.ServiceFlag;

/** The names of the bits of a flags field, for files that people read. A bit without a name is written as a number. */
final class FlagNames {
    static final FlagNames SERVICE = new FlagNames(List.of(
            new Flag(ServiceFlag.XP1_CONNECTIONLESS, "XP1_CONNECTIONLESS"),
            new Flag(ServiceFlag.XP1_GUARANTEED_DELIVERY, "XP1_GUARANTEED_DELIVERY"),
            new Flag(ServiceFlag.XP1_GUARANTEED_ORDER, "XP1_GUARANTEED_ORDER"),
            new Flag(ServiceFlag.XP1_MESSAGE_ORIENTED, "XP1_MESSAGE_ORIENTED"),
            new Flag(ServiceFlag.XP1_PSEUDO_STREAM, "XP1_PSEUDO_STREAM"),
            new Flag(ServiceFlag.XP1_GRACEFUL_CLOSE, "XP1_GRACEFUL_CLOSE"),
            new Flag(ServiceFlag.XP1_EXPEDITED_DATA, "XP1_EXPEDITED_DATA"),
            new Flag(ServiceFlag.XP1_CONNECT_DATA, "XP1_CONNECT_DATA"),
            new Flag(ServiceFlag.XP1_DISCONNECT_DATA, "XP1_DISCONNECT_DATA"),
            new Flag(ServiceFlag.XP1_SUPPORT_BROADCAST, "XP1_SUPPORT_BROADCAST"),
            new Flag(ServiceFlag.XP1_SUPPORT_MULTIPOINT, "XP1_SUPPORT_MULTIPOINT"),
            new Flag(ServiceFlag.XP1_MULTIPOINT_CONTROL_PLANE, "XP1_MULTIPOINT_CONTROL_PLANE"),
            new Flag(ServiceFlag.XP1_MULTIPOINT_DATA_PLANE, "XP1_MULTIPOINT_DATA_PLANE"),
            new Flag(ServiceFlag.XP1_QOS_SUPPORTED, "XP1_QOS_SUPPORTED"),
            new Flag(ServiceFlag.XP1_INTERRUPT, "XP1_INTERRUPT"),
            new Flag(ServiceFlag.XP1_UNI_SEND, "XP1_UNI_SEND"),
            new Flag(ServiceFlag.XP1_UNI_RECV, "XP1_UNI_RECV"),
            new Flag(ServiceFlag.XP1_IFS_HANDLES, "XP1_IFS_HANDLES"),
            new Flag(ServiceFlag.XP1_PARTIAL_MESSAGE, "XP1_PARTIAL_MESSAGE"),
            new Flag(ServiceFlag.XP1_SAN_SUPPORT_SDP, "XP1_SAN_SUPPORT_SDP")));

    static final FlagNames PROVIDER = new FlagNames(List.of(
            new Flag(ProviderFlag.PFL_MULTIPLE_PROTO_ENTRIES, "PFL_MULTIPLE_PROTO_ENTRIES"),
            new Flag(ProviderFlag.PFL_RECOMMENDED_PROTO_ENTRY, "PFL_RECOMMENDED_PROTO_ENTRY"),
            new Flag(ProviderFlag.PFL_HIDDEN, "PFL_HIDDEN"),
            new Flag(ProviderFlag.PFL_MATCHES_PROTOCOL_ZERO, "PFL_MATCHES_PROTOCOL_ZERO"),
            new Flag(ProviderFlag.PFL_NETWORKDIRECT_PROVIDER, "PFL_NETWORKDIRECT_PROVIDER")));

    private static final Pattern NUMBER = Pattern.compile("0x[0-9a-fA-F]{1,8}");

    private final List<Flag> flags;

    private FlagNames(List<Flag> flags) {
        this.flags = flags;
    }

    /** {@return the names of the bits that are set} */
    List<String> names(int bits) {
        List<String> names = new ArrayList<>();
        int rest = bits;
        for (Flag flag : flags) {
            if ((rest & flag.bit()) != 0) {
                names.add(flag.name());
                rest &= ~flag.bit();
            }
        }
        if (rest != 0) {
            names.add("0x" + Integer.toHexString(rest));
        }
        return names;
    }

    /** {@return the bits of a name; empty if it is neither a name nor a number} */
    Optional<Integer> bits(String name) {
        if (NUMBER.matcher(name).matches()) {
            return Optional.of(Integer.parseUnsignedInt(name, 2, name.length(), 16));
        }
        return flags.stream()
                .filter(flag -> flag.name().equals(name))
                .map(Flag::bit)
                .findFirst();
    }

    private record Flag(int bit, String name) {}
}
