package org.ws2j.provider.base;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** The list of a provider's open sockets. */
final class OpenSocketsTest {
    private static final class Socket extends OpenSockets.Link {}

    private final OpenSockets<Socket> sockets = new OpenSockets<>(Socket.class);
    private final Socket first = new Socket();
    private final Socket second = new Socket();
    private final Socket third = new Socket();

    @Test
    void theSocketsAreInTheOrderInWhichTheyCame() {
        addAll();

        assertThat(sockets.all()).containsExactly(first, second, third);
    }

    @Test
    void aSocketThatIsTakenOutLeavesTheOthersInOrder() {
        addAll();

        sockets.remove(second);
        assertThat(sockets.all()).containsExactly(first, third);
        sockets.remove(third);
        assertThat(sockets.all()).containsExactly(first);
        sockets.remove(first);
        assertThat(sockets.all()).isEmpty();
    }

    @Test
    void aSocketIsThereOnceHoweverOftenItIsAdded() {
        addAll();
        sockets.add(first);

        assertThat(sockets.all()).containsExactly(first, second, third);
    }

    @Test
    void takingOutWhatIsNotThereChangesNothing() {
        sockets.add(first);
        sockets.remove(second);

        assertThat(sockets.all()).containsExactly(first);
    }

    @Test
    void aSocketThatComesBackIsTheLast() {
        addAll();
        sockets.remove(first);
        sockets.add(first);

        assertThat(sockets.all()).containsExactly(second, third, first);
    }

    private void addAll() {
        sockets.add(first);
        sockets.add(second);
        sockets.add(third);
    }
}
