package io.eniipamd.arch;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.LineMap;
import com.sun.source.tree.MethodTree;
import com.sun.source.tree.Tree;
import com.sun.source.tree.VariableTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreePathScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import javax.lang.model.element.Modifier;
import javax.tools.ToolProvider;

/**
 * How long the files and methods of a source tree are, and how many parameters its constructors
 * take, as javac's own parser reads them.
 *
 * @param files lines of each file, by its path in the tree
 * @param methods lines of each method and constructor without its Javadoc, by {@code
 *     package.Type#name}; of overloads the longest
 * @param constructors parameters of each constructor, by {@code package.Type}; of several the most.
 *     The components of a record are the parameters of its canonical constructor
 */
record SourceSizes(
    Map<String, Long> files, Map<String, Long> methods, Map<String, Long> constructors) {

  /**
   * Parses every file of a tree.
   *
   * @throws IOException where a file cannot be read
   */
  static SourceSizes of(Path tree) throws IOException {
    List<Path> sources;
    try (Stream<Path> all = Files.walk(tree)) {
      sources = all.filter(file -> file.toString().endsWith(".java")).toList();
    }
    var lengths = new TreeMap<String, Long>();
    for (Path source : sources) {
      try (Stream<String> lines = Files.lines(source)) {
        lengths.put(tree.relativize(source).toString(), lines.count());
      }
    }
    var javac = ToolProvider.getSystemJavaCompiler();
    try (var files = javac.getStandardFileManager(null, null, null)) {
      var units = files.getJavaFileObjectsFromPaths(sources);
      var task = (JavacTask) javac.getTask(null, files, null, null, null, units);
      var measure = new Measure(Trees.instance(task).getSourcePositions());
      for (CompilationUnitTree unit : task.parse()) {
        measure.scan(unit, null);
      }
      return new SourceSizes(lengths, measure.methods, measure.constructors);
    }
  }

  /** The names of those that are larger than a limit. */
  static Set<String> over(long limit, Map<String, Long> sizes) {
    return sizes.entrySet().stream()
        .filter(size -> size.getValue() > limit)
        .map(Map.Entry::getKey)
        .collect(Collectors.toSet());
  }

  private static final class Measure extends TreePathScanner<Void, Void> {

    private final Map<String, Long> methods = new TreeMap<>();
    private final Map<String, Long> constructors = new TreeMap<>();
    private final SourcePositions positions;

    private Measure(SourcePositions positions) {
      this.positions = positions;
    }

    @Override
    public Void visitClass(ClassTree type, Void none) {
      if (type.getKind() == Tree.Kind.RECORD) {
        long components = type.getMembers().stream().filter(Measure::isComponent).count();
        constructors.merge(nameOfType(), components, Math::max);
      }
      return super.visitClass(type, null);
    }

    @Override
    public Void visitMethod(MethodTree method, Void none) {
      methods.merge(nameOfType() + "#" + method.getName(), lines(method), Math::max);
      if (method.getReturnType() == null) {
        constructors.merge(nameOfType(), (long) method.getParameters().size(), Math::max);
      }
      return super.visitMethod(method, null);
    }

    /** The only fields that an instance of a record has are its components. */
    private static boolean isComponent(Tree member) {
      return member instanceof VariableTree field
          && !field.getModifiers().getFlags().contains(Modifier.STATIC);
    }

    private long lines(Tree tree) {
      CompilationUnitTree unit = getCurrentPath().getCompilationUnit();
      LineMap map = unit.getLineMap();
      return map.getLineNumber(positions.getEndPosition(unit, tree))
          - map.getLineNumber(positions.getStartPosition(unit, tree))
          + 1;
    }

    private String nameOfType() {
      var types =
          StreamSupport.stream(getCurrentPath().spliterator(), false)
              .filter(ClassTree.class::isInstance)
              .map(type -> ((ClassTree) type).getSimpleName().toString())
              .toList()
              .reversed();
      return getCurrentPath().getCompilationUnit().getPackageName() + "." + String.join(".", types);
    }
  }
}
