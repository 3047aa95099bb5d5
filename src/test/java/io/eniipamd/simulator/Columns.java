package io.eniipamd.simulator;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** Lines of cells, each column as wide as its widest cell. The last column may be of any width. */
final class Columns {
  private static final String GAP = "  ";

  private final List<List<String>> rows = new ArrayList<>();

  Columns row(String... cells) {
    rows.add(List.of(cells));
    return this;
  }

  @Override
  public String toString() {
    int[] widths =
        IntStream.range(0, rows.stream().mapToInt(List::size).max().orElse(0))
            .map(this::width)
            .toArray();
    StringBuilder out = new StringBuilder();
    for (List<String> row : rows) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < row.size(); i++) {
        boolean last = i == row.size() - 1;
        line.append(row.get(i)).append(last ? "" : " ".repeat(widths[i] - row.get(i).length()));
        line.append(last ? "" : GAP);
      }
      out.append(line.toString().stripTrailing()).append('\n');
    }
    return out.toString();
  }

  /** The width of a column; what is last in its row does not count. */
  private int width(int column) {
    return rows.stream()
        .filter(r -> r.size() > column + 1)
        .mapToInt(r -> r.get(column).length())
        .max()
        .orElse(0);
  }
}
