package org.ws2j.programs.run;

import java.util.List;
import java.util.Locale;
import org.ws2j.programs.GrpcProgram;
import org.ws2j.programs.Http2Program;
import org.ws2j.programs.HttpProgram;
import org.ws2j.programs.HttpWork;
import org.ws2j.programs.NettyTcpProgram;
import org.ws2j.programs.NettyUdpProgram;
import org.ws2j.programs.Payload;
import org.ws2j.programs.PostgresProgram;
import org.ws2j.programs.RedisProgram;
import org.ws2j.programs.TlsProgram;
import org.ws2j.programs.TomcatProgram;

/** The programs, and what is to be seen of each from outside. */
@SuppressWarnings("ImmutableEnumChecker") // A List.of cannot change.
public enum UnmodifiedProgram {
    /** The JDK's clients and server of HTTP/1.1. */
    HTTP(HttpProgram.class, 2, List.of(HttpWork.DOWNLOAD, HttpWork.UPLOAD)),
    /** HTTP/2 over TLS, so that no payload is to be seen. */
    HTTP2(Http2Program.class, 1, List.of()),
    /** Tomcat on NIO. */
    TOMCAT_NIO(TomcatProgram.class, 2, List.of(HttpWork.DOWNLOAD, HttpWork.UPLOAD), "Nio"),
    /** Tomcat on asynchronous channels. */
    TOMCAT_NIO2(TomcatProgram.class, 2, List.of(HttpWork.DOWNLOAD, HttpWork.UPLOAD), "Nio2"),
    /** Netty's TCP. */
    NETTY_TCP(NettyTcpProgram.class, 4, NettyTcpProgram.payloads()),
    /** Netty's UDP. */
    NETTY_UDP(NettyUdpProgram.class, 0, NettyUdpProgram.payloads()),
    /** gRPC with its own Netty. */
    GRPC(GrpcProgram.class, 1, List.of(GrpcProgram.UNARY)),
    /** The JDK's sockets of TLS. */
    TLS(TlsProgram.class, 2, List.of()),
    /** Jedis; the server is a process of its own. */
    REDIS(RedisProgram.class, 2, List.of(RedisProgram.VALUE), ServerProgram.REDIS, List.of(RedisProgram.VALUE)),
    /** JDBC; the server is a process of its own, and sends the value as text. */
    POSTGRESQL(PostgresProgram.class, 2, List.of(PostgresProgram.VALUE), ServerProgram.POSTGRESQL, List.of());

    private final Class<?> main;
    private final int connections;
    private final List<Payload> sent;
    private final List<String> arguments;
    private final ServerProgram server;
    private final List<Payload> received;

    /** One with both ends of its connections. */
    UnmodifiedProgram(Class<?> main, int connections, List<Payload> payloads, String... arguments) {
        this.main = main;
        this.connections = connections;
        this.sent = payloads;
        this.arguments = List.of(arguments);
        this.server = ServerProgram.NONE;
        this.received = payloads;
    }

    /** One with a server that runs by itself. */
    UnmodifiedProgram(Class<?> main, int connections, List<Payload> sent, ServerProgram server,
            List<Payload> received) {
        this.main = main;
        this.connections = connections;
        this.sent = sent;
        this.arguments = List.of();
        this.server = server;
        this.received = received;
    }

    /** {@return the class that has its main method} */
    public Class<?> main() {
        return main;
    }

    /** {@return how many TCP connections it makes at least} */
    public int connections() {
        return connections;
    }

    /** {@return what it sends in the clear and in one piece} */
    public List<Payload> sent() {
        return sent;
    }

    /** {@return what it receives in the clear and in one piece} */
    public List<Payload> received() {
        return received;
    }

    /** {@return its arguments, in front of those that the server adds} */
    public List<String> arguments() {
        return arguments;
    }

    /** {@return the server that it needs} */
    public ServerProgram server() {
        return server;
    }

    /** {@return its name in the table and on the command line} */
    public String title() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
