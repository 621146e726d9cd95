package org.sipward.fail2ban;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.sipward.file.SmallFile;
import org.sipward.file.SmallFileException;

/**
 * One file of fail2ban's, read by the rules of Python's configparser: keys in lower case, values that continue on
 * indented lines, comments after {@code #} or {@code ;} at the start of a line, or after {@code " ;"} within a line.
 *
 * @param sections keys and values by section, in the order of the file; the last of two equal keys counts
 */
record IniFile(Map<String, Map<String, Option>> sections) {
    private static final int MAX_VALUE = 1 << 16;
    private static final Pattern SECTION = Pattern.compile("\\[([^\\]]{1,200})\\]");
    private static final Pattern KEY = Pattern.compile("([^=:]{1,200}?)\\s*[=:]\\s*(.*)", Pattern.DOTALL);

    /**
     * Reads the file.
     *
     * @throws IOException naming the place, if the file cannot be read or is not an INI file
     */
    static IniFile read(Path file) throws IOException {
        try {
            return parse(file, new String(SmallFile.read(file, SmallFile.MAX_TEXT), StandardCharsets.UTF_8));
        } catch (SmallFileException e) {
            throw new IOException(file + ": " + e.getMessage(), e);
        }
    }

    static IniFile parse(Path file, String text) throws IOException {
        Map<String, Map<String, Option>> sections = new LinkedHashMap<>();
        Map<String, Option> section = new LinkedHashMap<>();
        boolean inSection = false;
        String key = "";
        int indent = 0;
        int number = 0;
        for (String raw : text.split("\n", -1)) {
            number++;
            String line = withoutComment(raw);
            String value = line.strip();
            if (value.isEmpty()) {
                continue;
            }
            int here = line.length() - line.stripLeading().length();
            Matcher head = SECTION.matcher(value);
            Matcher field = KEY.matcher(value);
            if (!key.isEmpty() && here > indent) {
                Option old = section.getOrDefault(key, new Option("", file, number));
                String joined = old.text().isEmpty() ? value : old.text() + "\n" + value;
                if (joined.length() > MAX_VALUE) {
                    throw new IOException(file + ":" + number + ": the value is longer than 64 Ki characters");
                }
                section.put(key, new Option(joined, file, old.line()));
            } else if (head.lookingAt()) {
                section = sections.computeIfAbsent(head.group(1), any -> new LinkedHashMap<>());
                inSection = true;
                key = "";
            } else if (value.startsWith("[")) {
                throw new IOException(file + ":" + number + ": section header is not closed: missing ]");
            } else if (!inSection) {
                throw new IOException(file + ":" + number + ": is before the first [section]");
            } else if (field.matches()) {
                key = field.group(1).toLowerCase(Locale.ROOT);
                indent = here;
                section.put(key, new Option(field.group(2), file, number));
            } else {
                throw new IOException(file + ":" + number + ": is neither [section] nor KEY = VALUE");
            }
        }
        return new IniFile(sections);
    }

    private static String withoutComment(String raw) {
        String line = raw.replaceAll("[\\r\\x00]", "");
        String text = line.stripLeading();
        if (text.startsWith("#") || text.startsWith(";")) {
            return "";
        }
        for (int i = 1; i < line.length(); i++) {
            if (line.charAt(i) == ';' && Character.isWhitespace(line.charAt(i - 1))) {
                return line.substring(0, i).stripTrailing();
            }
        }
        return line;
    }
}
