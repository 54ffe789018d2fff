package org.ws2j.bench.program;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.ws2j.bench.measure.Allocation;
import org.ws2j.bench.measure.Interval;
import org.ws2j.bench.measure.Plan;
import org.ws2j.bench.measure.Side;

/**
 * Does a {@link Load}. To {@code run N} it answers the nanoseconds of so many operations, to {@code allocate full} or
 * {@code allocate quick} the bytes of one: the interval's low end, the median, the high end.
 */
public final class LoadProgram {
    private LoadProgram() {}

    /** Needs the name of the load. */
    public static void main(String[] arguments) throws Exception {
        Load load = Load.valueOf(arguments[0]);
        try (Side side = load.side();
                BufferedReader commands = new BufferedReader(
                        new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            for (String line = commands.readLine(); line != null; line = commands.readLine()) {
                System.out.println(answer(load, side, line.split(" ", 2)));
            }
        }
    }

    private static String answer(Load load, Side side, String[] words) throws Exception {
        return words[0].equals("run")
                ? Long.toString(side.time(Integer.parseInt(words[1])))
                : allocated(load, words[1].equals("quick") ? Plan.QUICK : Plan.FULL);
    }

    /** Of one connection, whose making is another matter. */
    private static String allocated(Load load, Plan plan) throws Exception {
        try (Side connection = load.open()) {
            Interval bytes = new Allocation(plan).of(connection);
            return bytes.low() + " " + bytes.median() + " " + bytes.high();
        }
    }
}
