package org.sipward.cli;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Prints rows for people: columns as wide as their widest cell, headings in capitals. */
final class TextTable {
    private final List<String> columns;
    private final List<List<String>> rows = new ArrayList<>();

    TextTable(String... columns) {
        this.columns = List.of(columns);
    }

    /** Adds a row with the values of the columns' keys. */
    void add(Map<String, ?> row) {
        List<String> cells = new ArrayList<>();
        for (String column : columns) {
            cells.add(Text.value(row.get(column)));
        }
        rows.add(cells);
    }

    void print(PrintStream out) {
        int[] widths = columns.stream().mapToInt(String::length).toArray();
        for (List<String> row : rows) {
            for (int i = 0; i < widths.length; i++) {
                widths[i] = Math.max(widths[i], row.get(i).length());
            }
        }
        printRow(
                out,
                columns.stream().map(column -> column.toUpperCase(Locale.ROOT)).toList(),
                widths);
        rows.forEach(row -> printRow(out, row, widths));
    }

    private static void printRow(PrintStream out, List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            line.append(cells.get(i)).append(" ".repeat(widths[i] - cells.get(i).length() + 2));
        }
        out.println(line.toString().stripTrailing());
    }
}
