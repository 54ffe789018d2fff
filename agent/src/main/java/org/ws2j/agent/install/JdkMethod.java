package org.ws2j.agent.install;

import java.nio.ByteBuffer;

/**
 * A method of the JDK whose result is the agent's: it asks the provider of channels, which is the agent's and a function of two
 * things: what the JDK has made, or the class of what it would make, and what it is about.
 */
enum JdkMethod {
    /** Makes what is below Socket and ServerSocket, also below those that use a proxy; about whether it is for a server. */
    SOCKET_IMPL("java/net/SocketImpl", "createPlatformSocketImpl", "(Z)Ljava/net/SocketImpl;", true),

    /** Makes the channel below DatagramSocket and MulticastSocket, which ask no provider for it. */
    DATAGRAM_CHANNEL("sun/nio/ch/SelectorProviderImpl", "openUninterruptibleDatagramChannel",
            "()Ljava/nio/channels/DatagramChannel;", true),

    /** Makes Channels.newInputStream; the JDK's for channels not its own lets nobody write while it reads. */
    INPUT_STREAM("sun/nio/ch/Streams", "of", "(Ljava/nio/channels/ReadableByteChannel;)Ljava/io/InputStream;", false),

    /** Makes Channels.newOutputStream, as above. */
    OUTPUT_STREAM("sun/nio/ch/Streams", "of", "(Ljava/nio/channels/WritableByteChannel;)Ljava/io/OutputStream;", false),

    /** Finds who resolves names: the program's own resolver, or the system's. */
    RESOLVER("java/net/InetAddress", "loadResolver", "()Ljava/net/spi/InetAddressResolver;", false);

    private static final byte ACONST_NULL = 0x01;
    private static final byte LDC_W = 0x13;
    private static final byte ILOAD_0 = 0x1A;
    private static final byte ALOAD_0 = 0x2A;
    private static final byte SWAP = 0x5F;
    private static final byte ARETURN = (byte) 0xB0;
    private static final byte INVOKESTATIC = (byte) 0xB8;
    private static final byte INVOKEINTERFACE = (byte) 0xB9;
    private static final byte CHECKCAST = (byte) 0xC0;

    private static final String PROVIDER = "java/nio/channels/spi/SelectorProvider";
    private static final String FUNCTION = "java/util/function/BiFunction";
    private static final int FUNCTION_ARGUMENTS = 3;
    private static final int STACK = 3;
    private static final int LONGEST = 24;

    private final String owner;
    private final String method;
    private final String type;
    private final boolean isReplaced;

    JdkMethod(String owner, String method, String type, boolean isReplaced) {
        this.owner = owner;
        this.method = method;
        this.type = type;
        this.isReplaced = isReplaced;
    }

    /** The class that has the method, as class files write it. */
    String owner() {
        return owner;
    }

    /** The name of that class. */
    String ownerName() {
        return owner.replace('/', '.');
    }

    /**
     * Changes the class that has the method.
     *
     * @throws IllegalArgumentException if the method is not there, or not of the form that is known
     */
    byte[] changed(ClassFile file) {
        ByteBuffer code = ByteBuffer.allocate(LONGEST);
        code.put(INVOKESTATIC).putShort(file.method(PROVIDER, "provider", "()L" + PROVIDER + ';'));
        code.put(CHECKCAST).putShort(file.classConstant(FUNCTION));
        if (isReplaced) {
            code.put(LDC_W).putShort(file.classConstant(made()));
        } else {
            code.put(SWAP); // What has been made comes after the function.
        }
        load(file, code);
        String twoObjects = "(Ljava/lang/Object;Ljava/lang/Object;)Ljava/lang/Object;";
        code.put(INVOKEINTERFACE).putShort(file.interfaceMethod(FUNCTION, "apply", twoObjects));
        code.put((byte) FUNCTION_ARGUMENTS).put((byte) 0);
        code.put(CHECKCAST).putShort(file.classConstant(made()));
        return isReplaced
                ? file.withBody(method, type, written(code.put(ARETURN)), STACK)
                : file.withResult(method, type, written(code), STACK);
    }

    /** Loads what the method is about: its parameter, of which it has one at most. */
    private void load(ClassFile file, ByteBuffer code) {
        switch (type.charAt(1)) {
            case ')' -> code.put(ACONST_NULL);
            case 'Z' -> code.put(ILOAD_0).put(INVOKESTATIC)
                    .putShort(file.method("java/lang/Boolean", "valueOf", "(Z)Ljava/lang/Boolean;"));
            default -> code.put(ALOAD_0);
        }
    }

    /** The class of what the JDK makes. */
    private String made() {
        return type.substring(type.indexOf(')') + 2, type.length() - 1);
    }

    private static byte[] written(ByteBuffer code) {
        byte[] bytes = new byte[code.position()];
        code.get(0, bytes);
        return bytes;
    }
}
