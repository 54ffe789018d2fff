package org.ws2j.programs.run;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Runs programs through each chain, and prints a table with a row for each: the command {@code ./ws2 programs}. */
public final class ProgramTable {
    private static final int FAILED = 1;
    private static final int WRONG_USE = 2;
    private static final int WIDTH = 18;

    private final ProgramRun runs;
    private final List<String> complaints = new ArrayList<>();

    private ProgramTable(Path agent) {
        runs = new ProgramRun(agent);
    }

    /**
     * The command.
     *
     * @param arguments the agent's jar, and the programs' names; none for all of them
     * @throws IOException if files cannot be written
     * @throws InterruptedException if the thread is interrupted
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        List<String> names = Arrays.asList(arguments).subList(1, arguments.length);
        List<String> known = Arrays.stream(UnmodifiedProgram.values()).map(UnmodifiedProgram::title).toList();
        if (!known.containsAll(names)) {
            System.err.println("ws2: the programs are " + String.join(", ", known));
            System.exit(WRONG_USE);
        }
        ProgramTable table = new ProgramTable(Path.of(arguments[0]));
        table.print(Arrays.stream(UnmodifiedProgram.values())
                .filter(program -> names.isEmpty() || names.contains(program.title()))
                .toList());
        System.exit(table.complaints.isEmpty() ? 0 : FAILED);
    }

    private void print(List<UnmodifiedProgram> programs) throws IOException, InterruptedException {
        String titles = Arrays.stream(Chain.values()).map(chain -> cell(chain.title())).collect(Collectors.joining());
        System.out.println((cell("") + titles).stripTrailing());
        for (UnmodifiedProgram program : programs) {
            System.out.print(cell(program.title()));
            Optional<String> absence = program.server().absence();
            if (absence.isPresent()) {
                System.out.print("skipped: " + absence.get());
            } else {
                printResults(program);
            }
            System.out.println();
        }
        complaints.forEach(System.out::println);
        for (Chain chain : Chain.values()) {
            chain.absence().ifPresent(why -> System.out.println("skipped, " + chain.title() + ": " + why));
        }
    }

    private void printResults(UnmodifiedProgram program) throws IOException, InterruptedException {
        Outcome plain = null;
        for (Chain chain : Chain.values()) {
            if (chain.absence().isPresent()) {
                System.out.print(cell("skipped"));
                continue;
            }
            Path folder = Files.createTempDirectory("program");
            Outcome outcome = runs.run(program, chain, folder);
            plain = plain == null ? outcome : plain;
            List<String> found = chain.hasAgent() ? OutcomeCheck.ofLayered(program, chain, folder, plain, outcome)
                    : OutcomeCheck.ofPlain(outcome);
            found.forEach(each -> complaints.add(program.title() + ", " + chain.title() + ": " + each));
            System.out.print(cell(found.isEmpty() ? "OK" : "failed"));
            System.out.flush();
            ServerProcess.delete(folder);
        }
    }

    private static String cell(String text) {
        return text + " ".repeat(Math.max(1, WIDTH - text.length()));
    }
}
