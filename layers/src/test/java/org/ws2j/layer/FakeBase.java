package org.ws2j.layer;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.ws2j.spi.SocketHandle;
import org.ws2j.spi.TransportProvider;
import org.ws2j.spi.Upcalls;
import org.ws2j.spi.WinsockException;
import org.ws2j.spi.WinsockVersion;
import org.ws2j.spi.WsaError;
import org.ws2j.spi.WsaProtocolInfo;
import org.ws2j.spi.WspData;
import org.ws2j.spi.WspProcTable;
import org.ws2j.spi.WspStartup;

/** A base provider that answers what a test tells it to, and keeps the calls. */
final class FakeBase implements TransportProvider {

    /** A socket of the base. */
    static final class Lower extends SocketHandle {}

    record Call(String function, List<Object> arguments) {
        Object argument(int index) {
            return arguments.get(index);
        }
    }

    final List<Call> calls = Collections.synchronizedList(new ArrayList<>());
    final List<WsaProtocolInfo> starts = Collections.synchronizedList(new ArrayList<>());
    final Map<String, FakeHost.Answer> answers = new HashMap<>();
    WinsockVersion version = WinsockVersion.V2_2;
    boolean hasTable = true;
    WinsockException startFailure;
    int uses;

    FakeBase() {
        answer("wspSocket", (f, a) -> new Lower());
        answer("wspAccept", (f, a) -> new Lower());
        answer("wspCleanup", (f, a) -> {
            uses--;
            return null;
        });
    }

    /** Sets the answer of a function; the arguments are those of the call. */
    void answer(String function, FakeHost.Answer answer) {
        answers.put(function, answer);
    }

    @Override
    public WspStartup wspStartup(WinsockVersion requested, WsaProtocolInfo protocolInfo, Upcalls upcalls)
            throws WinsockException {
        if (startFailure != null) {
            throw startFailure;
        }
        starts.add(protocolInfo);
        uses++;
        WspProcTable table = FakeHost.only(WspProcTable.class, this::called);
        return new WspStartup(new WspData(version, version, "fake"), hasTable ? table : null);
    }

    private Object called(String function, Object... args) throws Throwable {
        Object[] arguments = args == null ? new Object[0] : args;
        calls.add(new Call(function, new ArrayList<>(Arrays.asList(arguments))));
        FakeHost.Answer answer = answers.get(function);
        if (answer == null) {
            throw new WinsockException(WsaError.WSAEOPNOTSUPP, function);
        }
        return answer.to(function, arguments);
    }

    /** {@return the last call of a function} */
    Call last(String function) {
        return calls.stream()
                .filter(c -> c.function().equals(function))
                .reduce((a, b) -> b)
                .orElseThrow(() -> new AssertionError(function + " was not called: " + calls));
    }

    long count(String function) {
        return calls.stream().filter(c -> c.function().equals(function)).count();
    }
}
