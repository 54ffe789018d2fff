package org.ws2j.programs;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerServiceDefinition;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Iterator;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** gRPC with the Netty that it brings along, which by itself prefers the native transport that it brings, too. */
public final class GrpcProgram {
    /** Small enough for one frame. */
    public static final Payload UNARY = new Payload("unary", 10_000);

    private static final Payload LARGE = new Payload("large", 1_000_000);
    private static final int MESSAGES = 20;
    private static final MethodDescriptor<byte[], byte[]> ECHO = method(MethodType.UNARY, "Echo");
    private static final MethodDescriptor<byte[], byte[]> REPEAT = method(MethodType.SERVER_STREAMING, "Repeat");
    private static final MethodDescriptor<byte[], byte[]> TALK = method(MethodType.BIDI_STREAMING, "Talk");

    private GrpcProgram() {}

    /** Needs no arguments. */
    public static void main(String[] arguments) {
        Program.run(GrpcProgram::work);
    }

    private static void work() throws Exception {
        InetAddress loopback = InetAddress.getLoopbackAddress();
        Server server = NettyServerBuilder.forAddress(new InetSocketAddress(loopback, 0))
                .addService(service())
                .build()
                .start();
        ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.getPort())
                .usePlaintext()
                .build();
        try {
            call(channel);
        } finally {
            channel.shutdownNow().awaitTermination(Program.LIMIT.toSeconds(), TimeUnit.SECONDS);
            server.shutdownNow().awaitTermination(Program.LIMIT.toSeconds(), TimeUnit.SECONDS);
        }
    }

    private static void call(ManagedChannel channel) throws InterruptedException {
        CallOptions options = CallOptions.DEFAULT;
        Program.received("unary", UNARY, ClientCalls.blockingUnaryCall(channel, ECHO, options, UNARY.bytes()));
        Program.received("large", LARGE, ClientCalls.blockingUnaryCall(channel, ECHO, options, LARGE.bytes()));
        Iterator<byte[]> repeated = ClientCalls.blockingServerStreamingCall(channel, REPEAT, options, UNARY.bytes());
        for (int i = 0; i < MESSAGES; i++) {
            Program.received("from a stream", UNARY, repeated.next());
        }
        Program.answered("the stream goes on", false, repeated.hasNext());
        talk(channel);
    }

    private static void talk(ManagedChannel channel) throws InterruptedException {
        Answers answers = new Answers();
        StreamObserver<byte[]> requests =
                ClientCalls.asyncBidiStreamingCall(channel.newCall(TALK, CallOptions.DEFAULT), answers);
        for (int i = 0; i < MESSAGES; i++) {
            Payload payload = new Payload("talk " + i, 1_000 + i);
            requests.onNext(payload.bytes());
            Program.received("both ways", payload, answers.next());
        }
        requests.onCompleted();
        Program.answered("the talk's end", 0, answers.next().length);
    }

    private static ServerServiceDefinition service() {
        return ServerServiceDefinition.builder("Echoes")
                .addMethod(ECHO, ServerCalls.asyncUnaryCall(GrpcProgram::echo))
                .addMethod(REPEAT, ServerCalls.asyncServerStreamingCall(GrpcProgram::repeat))
                .addMethod(TALK, ServerCalls.asyncBidiStreamingCall(Talker::new))
                .build();
    }

    private static void echo(byte[] request, StreamObserver<byte[]> response) {
        response.onNext(request);
        response.onCompleted();
    }

    private static void repeat(byte[] request, StreamObserver<byte[]> response) {
        for (int i = 0; i < MESSAGES; i++) {
            response.onNext(request);
        }
        response.onCompleted();
    }

    private static MethodDescriptor<byte[], byte[]> method(MethodType type, String name) {
        return MethodDescriptor.<byte[], byte[]>newBuilder(new Bytes(), new Bytes())
                .setType(type)
                .setFullMethodName("Echoes/" + name)
                .build();
    }

    /** A message is its bytes. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] value) {
            return new ByteArrayInputStream(value);
        }

        @Override
        public byte[] parse(InputStream stream) {
            try {
                return stream.readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    /** The server's end of a talk. */
    private record Talker(StreamObserver<byte[]> response) implements StreamObserver<byte[]> {
        @Override
        public void onNext(byte[] value) {
            response.onNext(value);
        }

        @Override
        public void onError(Throwable failure) {
            response.onError(failure);
        }

        @Override
        public void onCompleted() {
            response.onCompleted();
        }
    }

    /** What has come to the client: messages, and nothing at all for the end. */
    private static final class Answers implements StreamObserver<byte[]> {
        private final BlockingQueue<byte[]> queue = new LinkedBlockingQueue<>();

        byte[] next() throws InterruptedException {
            return queue.poll(Program.LIMIT.toSeconds(), TimeUnit.SECONDS);
        }

        @Override
        public void onNext(byte[] value) {
            queue.add(value);
        }

        @Override
        public void onError(Throwable failure) {
            queue.add(Program.utf8(failure.toString()));
        }

        @Override
        public void onCompleted() {
            queue.add(new byte[0]);
        }
    }
}
