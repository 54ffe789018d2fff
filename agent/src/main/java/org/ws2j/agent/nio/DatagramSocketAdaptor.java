package org.ws2j.agent.nio;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.MulticastSocket;
import java.net.NetworkInterface;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketOption;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.AlreadyConnectedException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.DatagramChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.UnsupportedAddressTypeException;
import java.util.Objects;
import java.util.Set;

/** A channel as a socket: every method goes to the channel, which has to be blocking for those that transfer. */
final class DatagramSocketAdaptor extends MulticastSocket {
    private final NioDatagramChannel channel;
    private volatile int timeout;

    /** What was given to setInterface, for getInterface; guarded by the lock. */
    private final Object interfaceLock = new Object();

    private NetworkInterface chosenInterface;
    private InetAddress chosenAddress;

    private DatagramSocketAdaptor(NioDatagramChannel channel) throws IOException {
        super(DatagramInternals.noDelegate());
        this.channel = channel;
    }

    static DatagramSocket of(NioDatagramChannel channel) {
        try {
            return new DatagramSocketAdaptor(channel);
        } catch (IOException e) {
            throw new IllegalStateException("a socket without a delegate cannot fail", e);
        }
    }

    // Binding and connecting

    private static InetSocketAddress checked(SocketAddress address) {
        if (address instanceof InetSocketAddress inet) {
            return inet;
        }
        throw new UnsupportedAddressTypeException();
    }

    @Override
    public void bind(SocketAddress local) throws SocketException {
        InetSocketAddress wanted = local == null ? new InetSocketAddress(0) : checked(local);
        AdaptorErrors.runForSocket(() -> channel.bind(wanted));
    }

    @Override
    public void connect(InetAddress address, int port) {
        if (address == null) {
            throw new IllegalArgumentException("Address can't be null");
        }
        try {
            connectTo(new InetSocketAddress(address, port));
        } catch (SocketException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void connect(SocketAddress remote) throws SocketException {
        if (remote == null) {
            throw new IllegalArgumentException("Address can't be null");
        }
        connectTo(checked(remote));
    }

    private void connectTo(InetSocketAddress remote) throws SocketException {
        AdaptorErrors.runForSocket(() -> {
            try {
                channel.connect(remote, true);
            } catch (ClosedChannelException e) {
                // A closed socket is connected to nobody, which nobody is told.
                return;
            }
        });
    }

    @Override
    public void disconnect() {
        try {
            channel.disconnect();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean isBound() {
        return channel.local() != null;
    }

    @Override
    public boolean isConnected() {
        return channel.remote() != null;
    }

    @Override
    public InetAddress getInetAddress() {
        InetSocketAddress remote = channel.remote();
        return remote == null ? null : remote.getAddress();
    }

    @Override
    public int getPort() {
        InetSocketAddress remote = channel.remote();
        return remote == null ? -1 : remote.getPort();
    }

    @Override
    public SocketAddress getRemoteSocketAddress() {
        return channel.remote();
    }

    @Override
    public SocketAddress getLocalSocketAddress() {
        return isClosed() ? null : channel.local();
    }

    @Override
    public InetAddress getLocalAddress() {
        if (isClosed()) {
            return null;
        }
        InetSocketAddress local = channel.local();
        return (local == null ? new InetSocketAddress(0) : local).getAddress();
    }

    @Override
    public int getLocalPort() {
        if (isClosed()) {
            return -1;
        }
        InetSocketAddress local = channel.local();
        return local == null ? 0 : local.getPort();
    }

    // Transfers

    @Override
    public void send(DatagramPacket p) throws IOException { // The JVM tells of a null by this name.
        try {
            synchronized (p) {
                sendLocked(p);
            }
        } catch (AlreadyConnectedException e) {
            throw new IllegalArgumentException("Connected and packet address differ");
        } catch (ClosedChannelException e) {
            throw new SocketException("Socket closed", e);
        }
    }

    private void sendLocked(DatagramPacket packet) throws IOException {
        if (!channel.isOpen()) {
            throw new ClosedChannelException();
        }
        if (!channel.isBlocking()) {
            throw new IllegalBlockingModeException();
        }
        ByteBuffer data = ByteBuffer.wrap(packet.getData(), packet.getOffset(), packet.getLength());
        channel.send(data, target(packet));
    }

    /** A packet without an address gets that of the peer. */
    private InetSocketAddress target(DatagramPacket packet) {
        if (packet.getAddress() != null) {
            return (InetSocketAddress) packet.getSocketAddress();
        }
        InetSocketAddress remote = channel.remote();
        if (remote == null) {
            throw new IllegalArgumentException("Address not set");
        }
        packet.setAddress(remote.getAddress());
        packet.setPort(remote.getPort());
        return remote;
    }

    @Override
    public void receive(DatagramPacket p) throws IOException { // The JVM tells of a null by this name.
        try {
            synchronized (p) {
                receiveLocked(p);
            }
        } catch (ClosedByInterruptException e) {
            throw e;
        } catch (ClosedChannelException e) {
            Thread thread = Thread.currentThread();
            if (thread.isVirtual() && thread.isInterrupted()) {
                throw new SocketException("Closed by interrupt");
            }
            throw new SocketException("Socket closed", e);
        }
    }

    private void receiveLocked(DatagramPacket packet) throws IOException {
        int offset = packet.getOffset();
        ByteBuffer room = ByteBuffer.wrap(packet.getData(), offset, DatagramInternals.room(packet));
        SocketAddress from = channel.receive(room, timeout);
        DatagramInternals.length(packet, room.position() - offset);
        packet.setSocketAddress(from);
    }

    // Options

    private <T> void set(SocketOption<T> option, T value) throws SocketException {
        AdaptorErrors.runForSocket(() -> channel.setOption(option, value));
    }

    private <T> T get(SocketOption<T> option) throws SocketException {
        return AdaptorErrors.callForSocket(() -> channel.getOption(option));
    }

    private void checkOpen() throws SocketException {
        if (isClosed()) {
            throw new SocketException("Socket is closed");
        }
    }

    @Override
    public void setSoTimeout(int millis) throws SocketException {
        checkOpen();
        if (millis < 0) {
            throw new IllegalArgumentException("timeout < 0");
        }
        timeout = millis;
    }

    @Override
    public int getSoTimeout() throws SocketException {
        checkOpen();
        return timeout;
    }

    @Override
    public void setSendBufferSize(int size) throws SocketException {
        if (size <= 0) {
            throw new IllegalArgumentException("Invalid send size");
        }
        set(StandardSocketOptions.SO_SNDBUF, size);
    }

    @Override
    public int getSendBufferSize() throws SocketException {
        return get(StandardSocketOptions.SO_SNDBUF);
    }

    @Override
    public void setReceiveBufferSize(int size) throws SocketException {
        if (size <= 0) {
            throw new IllegalArgumentException("Invalid receive size");
        }
        set(StandardSocketOptions.SO_RCVBUF, size);
    }

    @Override
    public int getReceiveBufferSize() throws SocketException {
        return get(StandardSocketOptions.SO_RCVBUF);
    }

    @Override
    public void setReuseAddress(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_REUSEADDR, on);
    }

    @Override
    public boolean getReuseAddress() throws SocketException {
        return get(StandardSocketOptions.SO_REUSEADDR);
    }

    @Override
    public void setBroadcast(boolean on) throws SocketException {
        set(StandardSocketOptions.SO_BROADCAST, on);
    }

    @Override
    public boolean getBroadcast() throws SocketException {
        return get(StandardSocketOptions.SO_BROADCAST);
    }

    @Override
    public void setTrafficClass(int trafficClass) throws SocketException {
        set(StandardSocketOptions.IP_TOS, trafficClass);
    }

    @Override
    public int getTrafficClass() throws SocketException {
        return get(StandardSocketOptions.IP_TOS);
    }

    @Override
    public <T> DatagramSocket setOption(SocketOption<T> name, T value) throws IOException {
        channel.setOption(name, value);
        return this;
    }

    @Override
    public <T> T getOption(SocketOption<T> name) throws IOException {
        return channel.getOption(name);
    }

    @Override
    public Set<SocketOption<?>> supportedOptions() {
        return channel.supportedOptions();
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public DatagramChannel getChannel() {
        return channel;
    }

    // Multicast

    @Override
    public void setTimeToLive(int hops) throws IOException {
        set(StandardSocketOptions.IP_MULTICAST_TTL, hops);
    }

    @Override
    public int getTimeToLive() throws IOException {
        return get(StandardSocketOptions.IP_MULTICAST_TTL);
    }

    @Override
    @Deprecated
    @SuppressWarnings({"removal", "InlineMeSuggester"}) // what it overrides is on its way out, and programs call it all the same
    public void setTTL(byte hops) throws IOException {
        setTimeToLive(Byte.toUnsignedInt(hops));
    }

    @Override
    @Deprecated
    @SuppressWarnings({"removal", "InlineMeSuggester"}) // as setTTL
    public byte getTTL() throws IOException {
        return (byte) getTimeToLive();
    }

    @Override
    @Deprecated
    @SuppressWarnings("removal") // as setTTL
    public void send(DatagramPacket packet, byte hops) throws IOException {
        synchronized (interfaceLock) {
            int before = getTimeToLive();
            try {
                setTTL(hops);
                send(packet);
            } finally {
                setTimeToLive(before);
            }
        }
    }

    @Override
    @Deprecated
    public void joinGroup(InetAddress group) throws IOException {
        Objects.requireNonNull(group);
        try {
            joinGroup(new InetSocketAddress(group, 0), null);
        } catch (IllegalArgumentException e) {
            throw (SocketException) new SocketException("joinGroup failed").initCause(e);
        }
    }

    @Override
    @Deprecated
    public void leaveGroup(InetAddress group) throws IOException {
        Objects.requireNonNull(group);
        try {
            leaveGroup(new InetSocketAddress(group, 0), null);
        } catch (IllegalArgumentException e) {
            throw (SocketException) new SocketException("leaveGroup failed").initCause(e);
        }
    }

    private static InetAddress checkedGroup(SocketAddress address) throws SocketException {
        if (!(address instanceof InetSocketAddress inet)) {
            throw new IllegalArgumentException("Unsupported address type");
        }
        if (inet.getAddress() == null) {
            throw new IllegalArgumentException("Unresolved address");
        }
        if (!inet.getAddress().isMulticastAddress()) {
            throw new SocketException("Not a multicast address");
        }
        return inet.getAddress();
    }

    @Override
    public void joinGroup(SocketAddress address, NetworkInterface given) throws IOException {
        InetAddress group = checkedGroup(address);
        NetworkInterface via = given == null ? usualInterface() : given;
        checkOpen();
        synchronized (this) {
            if (channel.memberships().find(group, via, null) != null) {
                throw new SocketException("Already a member of group");
            }
            channel.join(group, via);
        }
    }

    @Override
    public void leaveGroup(SocketAddress address, NetworkInterface given) throws IOException {
        InetAddress group = checkedGroup(address);
        NetworkInterface via = given == null ? usualInterface() : given;
        checkOpen();
        synchronized (this) {
            GroupMembership membership = channel.memberships().find(group, via, null);
            if (membership == null) {
                throw new SocketException("Not a member of group");
            }
            membership.drop();
        }
    }

    @Override
    @Deprecated
    public void setInterface(InetAddress address) throws SocketException {
        if (address == null) {
            throw new SocketException("Invalid value 'null'");
        }
        NetworkInterface found = NetworkInterface.getByInetAddress(address);
        if (found == null) {
            throw new SocketException("No network interface found with address " + address.getHostAddress());
        }
        synchronized (interfaceLock) {
            setNetworkInterface(found);
            chosenInterface = found;
            chosenAddress = address;
        }
    }

    @Override
    @Deprecated
    public InetAddress getInterface() throws SocketException {
        synchronized (interfaceLock) {
            NetworkInterface present = get(StandardSocketOptions.IP_MULTICAST_IF);
            if (present == null) {
                return anyAddress();
            }
            if (!present.equals(chosenInterface)) {
                chosenInterface = present;
                chosenAddress = present.inetAddresses().findFirst().orElse(null);
            }
            return chosenAddress;
        }
    }

    @Override
    public void setNetworkInterface(NetworkInterface via) throws SocketException {
        set(StandardSocketOptions.IP_MULTICAST_IF, via);
    }

    @Override
    public NetworkInterface getNetworkInterface() throws SocketException {
        return usualInterface();
    }

    private NetworkInterface usualInterface() throws SocketException {
        NetworkInterface chosen = get(StandardSocketOptions.IP_MULTICAST_IF);
        return chosen == null ? DatagramInternals.placeholder(anyAddress()) : chosen;
    }

    private static InetAddress anyAddress() {
        return new InetSocketAddress(0).getAddress();
    }

    @Override
    @Deprecated
    public void setLoopbackMode(boolean disable) throws SocketException {
        set(StandardSocketOptions.IP_MULTICAST_LOOP, !disable);
    }

    @Override
    @Deprecated
    public boolean getLoopbackMode() throws SocketException {
        return !get(StandardSocketOptions.IP_MULTICAST_LOOP);
    }
}
