package org.ws2j.agent.net;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@SuppressWarnings("ByteBufferBackingArray") // whose array it is, is the question
class ArrayViewTest {
    private final ArrayView view = new ArrayView();

    @Test
    void theSameArrayGetsTheSameBuffer() {
        byte[] array = new byte[10];
        ByteBuffer first = view.of(array, 2, 3);
        assertThat(first.position()).isEqualTo(2);
        assertThat(first.limit()).isEqualTo(5);
        ByteBuffer second = view.of(array, 7, 3);
        assertThat(second).isSameAs(first);
        assertThat(second.position()).isEqualTo(7);
        assertThat(second.limit()).isEqualTo(10);
        assertThat(view.of(array, 0, 1).remaining()).isEqualTo(1);
    }

    @Test
    void anotherArrayGetsAnotherBuffer() {
        byte[] other = new byte[10];
        ByteBuffer first = view.of(new byte[10], 0, 1);
        assertThat(view.of(other, 0, 1)).isNotSameAs(first).matches(buffer -> buffer.array() == other);
    }

    @Test
    void aLargeArrayGetsTheSameBufferAsLongAsItIsThere() {
        byte[] large = new byte[100_000];
        ByteBuffer first = view.of(large, 0, 1);
        assertThat(view.of(large, 7, 1)).isSameAs(first);
    }

    @Test
    @Timeout(60)
    void aLargeArrayIsLeftToTheCollector() {
        WeakReference<ByteBuffer> buffer = new WeakReference<>(view.of(new byte[100_000], 0, 1));
        while (buffer.get() != null) {
            System.gc();
        }
        assertThat(view.of(new byte[10], 0, 1).capacity()).isEqualTo(10);
    }
}
