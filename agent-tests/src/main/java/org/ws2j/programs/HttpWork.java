package org.ws2j.programs;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** What the programs ask of their HTTP servers, which answer a GET with {@link #DOWNLOAD} and a POST with its body. */
public final class HttpWork {
    /** What a server answers to a GET. */
    public static final Payload DOWNLOAD = new Payload("download", 300_000);

    /** What is sent to it. */
    public static final Payload UPLOAD = new Payload("upload", 200_000);

    private static final int AT_ONCE = 8;
    private static final int AT_ONCE_SIZE = 20_000;

    private HttpWork() {}

    /** Uses a server with the JDK's client, which has to find that it speaks the given version. */
    static void with(HttpClient client, URI server, HttpClient.Version version) throws Exception {
        HttpResponse<byte[]> download = client.send(get(server), BodyHandlers.ofByteArray());
        Program.answered("version", version, download.version());
        Program.received("GET", DOWNLOAD, download.body());
        HttpResponse<byte[]> echo = client.send(post(server, UPLOAD), BodyHandlers.ofByteArray());
        Program.received("POST", UPLOAD, echo.body());
        atOnce(client, server);
        try (InputStream stream = client.send(get(server), BodyHandlers.ofInputStream()).body()) {
            Program.received("GET as a stream", DOWNLOAD, stream.readAllBytes());
        }
    }

    private static void atOnce(HttpClient client, URI server) {
        List<CompletableFuture<HttpResponse<byte[]>>> responses = new ArrayList<>();
        for (int i = 0; i < AT_ONCE; i++) {
            responses.add(client.sendAsync(post(server, oneOfMany(i)), BodyHandlers.ofByteArray()));
        }
        for (int i = 0; i < AT_ONCE; i++) {
            Program.received("POST among others", oneOfMany(i), responses.get(i).join().body());
        }
    }

    private static Payload oneOfMany(int i) {
        return new Payload("at once " + i, AT_ONCE_SIZE);
    }

    private static HttpRequest get(URI server) {
        return HttpRequest.newBuilder(server).build();
    }

    private static HttpRequest post(URI server, Payload body) {
        return HttpRequest.newBuilder(server)
                .POST(BodyPublishers.ofByteArray(body.bytes()))
                .build();
    }

    /** Uses a server with the JDK's older client, which is made of blocking sockets. */
    static void withUrlConnection(URI server) throws IOException {
        HttpURLConnection get = (HttpURLConnection) server.toURL().openConnection();
        try (InputStream body = get.getInputStream()) {
            Program.received("GET by URL", DOWNLOAD, body.readAllBytes());
        }
        HttpURLConnection post = (HttpURLConnection) server.toURL().openConnection();
        post.setDoOutput(true);
        post.setFixedLengthStreamingMode(UPLOAD.size());
        try (OutputStream body = post.getOutputStream()) {
            body.write(UPLOAD.bytes());
        }
        try (InputStream body = post.getInputStream()) {
            Program.received("POST by URL", UPLOAD, body.readAllBytes());
        }
    }
}
