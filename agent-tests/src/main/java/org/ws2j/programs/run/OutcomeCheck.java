package org.ws2j.programs.run;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** Whether a program went as it should. */
public final class OutcomeCheck {
    /** The lines of the report. Whatever else the agent says here is a complaint of its own. */
    private static final Pattern REPORT = Pattern.compile("ws2: (report:|unlayered|native:|bypassed:| ).*");

    private OutcomeCheck() {}

    /**
     * Looks at a program that ran on the JDK alone.
     *
     * @param outcome what has come of it
     * @return what there is to complain of; nothing if all is well
     */
    public static List<String> ofPlain(Outcome outcome) {
        List<String> complaints = new ArrayList<>();
        if (outcome.exitCode() != 0 || outcome.output().isEmpty() || !outcome.output().getLast().equals("OK")) {
            complaints.add("exit code " + outcome.exitCode());
        }
        outcome.errors().forEach(line -> complaints.add("on the standard error: " + line));
        return complaints;
    }

    /**
     * Looks at a program that ran under the agent.
     *
     * @param program the program
     * @param chain what its sockets went through
     * @param folder where it worked
     * @param plain what has come of it on the JDK alone
     * @param outcome what has come of it now
     * @return what there is to complain of; nothing if all is well
     */
    public static List<String> ofLayered(UnmodifiedProgram program, Chain chain, Path folder, Outcome plain,
            Outcome outcome) {
        List<String> ofAgent = outcome.errors().stream().filter(OutcomeCheck::isOfReport).toList();
        List<String> others = outcome.errors().stream().filter(line -> !isOfReport(line)).toList();
        List<String> complaints = new ArrayList<>(ofPlain(new Outcome(outcome.exitCode(), outcome.output(), others)));
        if (outcome.exitCode() != 0) {
            return complaints; // The rest follows from that.
        }
        if (!outcome.output().equals(plain.output())) {
            complaints.add("it printed other lines than on the JDK alone: " + outcome.output());
        }
        Report report = Report.read(ofAgent);
        complaints.addAll(report.complaints(program));
        if (chain.isTraced()) {
            complaints.addAll(TraceCheck.complaints(program, chain.trace(folder), report));
        }
        return complaints;
    }

    private static boolean isOfReport(String line) {
        return REPORT.matcher(line).matches();
    }
}
