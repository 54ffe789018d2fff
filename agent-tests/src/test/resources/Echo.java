import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** For a JDK of whatever age: a byte goes there and back. */
class Echo {
    public static void main(String[] arguments) throws Exception {
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getByName("127.0.0.1"));
                Socket client = new Socket(server.getInetAddress(), server.getLocalPort());
                Socket connection = server.accept()) {
            client.getOutputStream().write('O');
            connection.getOutputStream().write(connection.getInputStream().read());
            System.out.println((char) client.getInputStream().read() + "K");
        }
    }
}
