package org.ws2j.agent.install;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The sockets of the Internet that this process has open, as the operating system tells: those among them that nobody has asked
 * the agent for bypass the layers. Linux alone tells.
 */
public final class ProcessSockets {
    private static final String SOCKET = "socket:[";
    private static final int LOCAL = 1;
    private static final int REMOTE = 2;
    private static final int INODE = 9;

    private final Path process;

    /** Makes one for this process. */
    public ProcessSockets() {
        this(Path.of("/proc/self"));
    }

    /** Makes one for the folder of a process. */
    ProcessSockets(Path process) {
        this.process = process;
    }

    /** {@return whether the system tells} */
    public boolean isKnown() {
        return Files.isDirectory(process.resolve("fd")) && Files.isReadable(process.resolve("net/tcp"));
    }

    /**
     * Finds the open sockets of the Internet that are not among known ones.
     *
     * @param known the descriptors of the known ones
     * @return a line about each of the others: protocol and addresses
     * @throws IOException if the system does not tell
     */
    public List<String> others(Set<Integer> known) throws IOException {
        Map<String, String> ofInternet = new HashMap<>();
        for (String protocol : List.of("tcp", "tcp6", "udp", "udp6")) {
            addSockets(protocol, ofInternet);
        }
        List<String> others = new ArrayList<>();
        try (DirectoryStream<Path> descriptors = Files.newDirectoryStream(process.resolve("fd"))) {
            for (Path descriptor : descriptors) {
                String socket = ofInternet.get(inode(descriptor));
                if (socket != null && !known.contains(Integer.parseInt(descriptor.getFileName().toString()))) {
                    others.add(socket);
                }
            }
        }
        return others;
    }

    /** The number of the socket behind a descriptor; empty if it is something else, or closed meanwhile. */
    private static String inode(Path descriptor) {
        try {
            String target = Files.readSymbolicLink(descriptor).toString();
            return target.startsWith(SOCKET) ? target.substring(SOCKET.length(), target.length() - 1) : "";
        } catch (IOException e) {
            return "";
        }
    }

    private void addSockets(String protocol, Map<String, String> sockets) throws IOException {
        Path table = process.resolve("net").resolve(protocol);
        if (!Files.isReadable(table)) {
            return; // As on a system without IPv6.
        }
        for (String line : Files.readAllLines(table)) {
            String[] fields = line.trim().split("\\s+", -1);
            if (fields.length > INODE && Character.isDigit(fields[INODE].charAt(0))) {
                sockets.put(fields[INODE], protocol + ' ' + address(fields[LOCAL]) + " to " + address(fields[REMOTE]));
            }
        }
    }

    /** An address as the system writes it: words with the lowest byte first, as on all processors that matter, then the port. */
    private static String address(String text) throws UnknownHostException {
        int colon = text.indexOf(':');
        byte[] bytes = HexFormat.of().parseHex(text, 0, colon);
        ByteBuffer words = ByteBuffer.wrap(bytes);
        for (int i = 0; i < bytes.length; i += Integer.BYTES) {
            words.putInt(i, Integer.reverseBytes(words.getInt(i)));
        }
        int port = Integer.parseInt(text.substring(colon + 1), 16);
        return InetAddress.getByAddress(bytes).getHostAddress() + ':' + port;
    }
}
