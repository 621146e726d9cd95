package org.sipward.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.sipward.filter.Filter;
import org.sipward.filter.SampleCheck;
import org.sipward.yaml.Place;
import org.sipward.yaml.Problems;

/** The samples that an operator may put beside a filter: {@code NAME.log} beside {@code NAME.yaml}. */
final class SampleFile {
    private static final int MAX_BYTES = 1 << 20;

    private SampleFile() {}

    /** Checks the filter against its samples, if it has some, and notes each line that it reads differently. */
    static void check(Path yaml, Filter filter, Problems problems) {
        Path log = yaml.resolveSibling(filter.name() + ".log");
        if (!Files.isRegularFile(log)) {
            return;
        }
        Place place = Place.whole(log);
        try {
            if (Files.size(log) > MAX_BYTES) {
                problems.warn(place, "", "is too long for samples and is ignored", "cut it down to 1 MB");
                return;
            }
            String text = Files.readString(log, StandardCharsets.ISO_8859_1);
            for (SampleCheck.Problem problem : SampleCheck.check(filter, text)) {
                problems.error(place.key(problem.pattern(), problem.line()), "", problem.what(), problem.mend());
            }
        } catch (IOException e) {
            String fix = "write a comment such as # {\"pattern\":\"NAME\",\"address\":\"203.0.113.7\"} above each line";
            problems.error(place, "", String.valueOf(e.getMessage()), fix);
        }
    }
}
