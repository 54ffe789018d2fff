package org.ws2j.host;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.ws2j.host.thread.Failures.assertFails;
import static org.ws2j.spi.WsaError.WSAEFAULT;
import static org.ws2j.spi.WsaError.WSAEINVAL;

import java.nio.CharBuffer;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.ws2j.host.ProtocolCatalog.InstalledChains;
import org.ws2j.host.fake.FakeHost;
import org.ws2j.host.fake.FakeModule;
import org.ws2j.spi.BufferTooSmallException;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WsaProtocolInfo;

@Timeout(30)
final class WpuGetProviderPathTest {
    private final FakeHost host = new FakeHost();
    private final FakeModule base = FakeModule.nonIfs("base");
    private final WsaProtocolInfo entry;
    private Upcalls upcalls;

    WpuGetProviderPathTest() throws WinsockException {
        entry = host.base(base);
    }

    private void start() throws WinsockException {
        host.start();
        host.winsock().closesocket(host.socket(entry));
        upcalls = base.upcalls();
    }

    @AfterEach
    void close() {
        host.close();
    }

    @Test
    void thePathIsTheOneOfTheInstallation() throws Exception {
        start();
        assertThat(upcalls.wpuGetProviderPath(entry.providerId())).isEqualTo("builtin:base");
    }

    @Test
    void referencesToTheEnvironmentAreNotExpanded() throws Exception {
        UUID id = UUID.randomUUID();
        String path = "%SystemRoot%\\layers\\%NAME%.jar";
        host.catalog().wscInstallProvider(id, path, List.of(FakeHost.udp()), Map.of());
        host.configure(builder -> builder.environment(name -> "expanded"));
        start();
        assertThat(upcalls.wpuGetProviderPath(id)).isEqualTo(path);
    }

    @Test
    void hiddenEntriesAndChainsHaveThePathOfTheirLayer() throws Exception {
        InstalledChains layer = host.layer(FakeModule.nonIfsLayer("layer"), 0, entry);
        start();
        UUID hidden = host.catalog().wscEnumProtocols().stream()
                .filter(info -> info.catalogEntryId() == layer.hiddenEntryId())
                .findFirst().orElseThrow().providerId();
        UUID chain = layer.chains().getFirst().providerId();
        assertThat(chain).isNotEqualTo(hidden);
        assertThat(upcalls.wpuGetProviderPath(hidden)).isEqualTo("builtin:layer");
        assertThat(upcalls.wpuGetProviderPath(chain)).isEqualTo("builtin:layer");
    }

    @Test
    void anUnknownGuidAnswersInvalid() throws Exception {
        start();
        assertFails(WSAEINVAL, () -> upcalls.wpuGetProviderPath(UUID.randomUUID()));
        assertFails(WSAEINVAL, () -> upcalls.wpuGetProviderPath(UUID.randomUUID(), CharBuffer.allocate(300)));
    }

    @Test
    void nullAnswersFault() throws Exception {
        start();
        assertFails(WSAEFAULT, () -> upcalls.wpuGetProviderPath(null));
    }

    @Test
    void aBufferGetsThePathWithItsNul() throws Exception {
        start();
        CharBuffer buffer = CharBuffer.allocate(13);
        assertThat(upcalls.wpuGetProviderPath(entry.providerId(), buffer)).isEqualTo(13);
        assertThat(buffer.flip().toString()).isEqualTo("builtin:base\0");
    }

    @Test
    void aMissingBufferAnswersFaultAndTellsTheLengthWithTheNul() throws Exception {
        start();
        assertTooSmall(null);
    }

    @Test
    void aBufferThatIsTooSmallAnswersFaultTellsTheLengthAndIsNotWritten() throws Exception {
        start();
        CharBuffer buffer = CharBuffer.allocate(12);
        assertTooSmall(buffer);
        assertThat(buffer.position()).isZero();
        assertThat(buffer.array()).containsOnly('\0');
    }

    private void assertTooSmall(CharBuffer buffer) {
        BufferTooSmallException failure = catchThrowableOfType(BufferTooSmallException.class,
                () -> upcalls.wpuGetProviderPath(entry.providerId(), buffer));
        assertThat(failure.is(WSAEFAULT)).isTrue();
        assertThat(failure.needed()).isEqualTo("builtin:base".length() + 1);
    }
}
