package org.ws2j.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class FdSetTest {
    private final SocketHandle a = new SocketHandle() {};
    private final SocketHandle b = new SocketHandle() {};
    private final SocketHandle c = new SocketHandle() {};

    @Test
    void aSocketIsInASetOnce() {
        FdSet set = new FdSet();
        set.fdSet(a);
        set.fdSet(a);
        assertThat(set.fdCount()).isEqualTo(1);
        assertThat(set.fdIsSet(a)).isTrue();
        assertThat(set.fdIsSet(b)).isFalse();
        assertThat(set.fdIsSet(null)).isFalse();
    }

    @Test
    void clearingClosesTheGapAndKeepsTheOrder() {
        FdSet set = FdSet.of(a, b, c);
        set.fdClr(a);
        set.fdClr(a);
        assertThat(set.fdCount()).isEqualTo(2);
        assertThat(set.get(0)).isSameAs(b);
        assertThat(set.get(1)).isSameAs(c);
        assertThatThrownBy(() -> set.get(2)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void whatDoesNotFitIsDroppedSilently() {
        FdSet set = new FdSet(1);
        set.fdSet(a);
        set.fdSet(b);
        assertThat(set.fdCount()).isEqualTo(1);
        assertThat(set.fdIsSet(b)).isFalse();
    }

    @Test
    void aSetOfManySocketsHasRoomForThemAll() {
        SocketHandle[] many = new SocketHandle[1_000];
        for (int i = 0; i < many.length; i++) {
            many[i] = new SocketHandle() {};
        }
        assertThat(FdSet.of(many).fdCount()).isEqualTo(1_000);
        assertThat(FdSet.of(a).capacity()).isEqualTo(FdSet.FD_SETSIZE);
    }

    @Test
    void zeroingRemovesAll() {
        FdSet set = FdSet.of(a, b);
        set.fdZero();
        assertThat(set.fdCount()).isZero();
        assertThat(set.fdIsSet(a)).isFalse();
    }
}
