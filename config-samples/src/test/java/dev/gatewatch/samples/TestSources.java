package dev.gatewatch.samples;

import com.sun.source.tree.AnnotationTree;
import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MemberSelectTree;
import com.sun.source.tree.MethodInvocationTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.TreeScanner;
import dev.gatewatch.probe.Cause;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.ToolProvider;

/**
 * What the sources of all modules say of causes, read by the compiler's own parser: text in comments or strings does not count.
 */
final class TestSources {
    private static final Path ROOT = Path.of("..");
    private static final Set<String> TESTS = Set.of("Test", "ParameterizedTest", "TestFactory");
    private static final Set<String> GROUPS = Set.of("EnumSet.of", "Set.of", "List.of");

    /** By {@code Class#method}: the causes that the test names. Overloads count together. */
    private final Map<String, Set<Cause>> tests = new HashMap<>();

    private final Set<Cause> given = EnumSet.noneOf(Cause.class);

    private TestSources() {}

    /** Of all modules. */
    static TestSources read() throws IOException {
        var sources = new TestSources();
        JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
        try (var files = compiler.getStandardFileManager(null, null, null)) {
            for (String kind : List.of("main", "test")) {
                var task = (JavacTask) compiler.getTask(
                        null, files, _ -> {}, List.of("-proc:none"), null, files.getJavaFileObjectsFromPaths(javaFiles(kind)));
                for (CompilationUnitTree unit : task.parse()) {
                    unit.accept(kind.equals("main") ? sources.new Givers() : sources.new Tests(), null);
                }
            }
        }
        return sources;
    }

    /** Whether there is such a test, as {@code Class#method}. */
    boolean has(String test) {
        return tests.containsKey(test);
    }

    /** The causes that a test, or the table that it is fed from, names; none if there is no such test. */
    Set<Cause> named(String test) {
        return tests.getOrDefault(test, Set.of());
    }

    /** The causes that the code gives: those that it names otherwise than as one of a group. */
    Set<Cause> given() {
        return given;
    }

    private static List<Path> javaFiles(String kind) throws IOException {
        var found = new ArrayList<Path>();
        try (Stream<Path> modules = Files.list(ROOT)) {
            for (Path module : modules.filter(m -> Files.exists(m.resolve("pom.xml"))).toList()) {
                Path folder = module.resolve("src").resolve(kind).resolve("java");
                if (Files.isDirectory(folder)) {
                    try (Stream<Path> files = Files.walk(folder)) {
                        files.filter(f -> f.toString().endsWith(".java")).forEach(found::add);
                    }
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        return found;
    }

    private static void add(Set<Cause> causes, MemberSelectTree tree) {
        if (tree.getExpression().toString().equals("Cause")) {
            Stream.of(Cause.values())
                    .filter(c -> tree.getIdentifier().contentEquals(c.name()))
                    .forEach(causes::add);
        }
    }

    private final class Givers extends TreeScanner<Void, Void> {
        @Override
        public Void visitMethodInvocation(MethodInvocationTree tree, Void nothing) {
            return GROUPS.contains(tree.getMethodSelect().toString()) ? null : super.visitMethodInvocation(tree, nothing);
        }

        @Override
        public Void visitMemberSelect(MemberSelectTree tree, Void nothing) {
            add(given, tree);
            return super.visitMemberSelect(tree, nothing);
        }
    }

    private final class Tests extends TreeScanner<Void, Void> {
        @Override
        public Void visitClass(ClassTree tree, Void nothing) {
            var tables = new HashSet<String>();
            tree.getMembers().forEach(member -> member.accept(new Tables(tables), null));
            for (var member : tree.getMembers()) {
                if (member instanceof MethodTree method && (isTest(method) || tables.contains(method.getName().toString()))) {
                    Set<Cause> causes = tests.computeIfAbsent(
                            tree.getSimpleName() + "#" + method.getName(), _ -> EnumSet.noneOf(Cause.class));
                    method.accept(new Named(causes), null);
                }
            }
            return super.visitClass(tree, nothing);
        }

        private static boolean isTest(MethodTree method) {
            return method.getModifiers().getAnnotations().stream()
                    .anyMatch(a -> TESTS.contains(a.getAnnotationType().toString()));
        }
    }

    /** The methods that feed parameterized tests. */
    private static final class Tables extends TreeScanner<Void, Void> {
        private final Set<String> names;

        private Tables(Set<String> names) {
            this.names = names;
        }

        @Override
        public Void visitAnnotation(AnnotationTree tree, Void nothing) {
            if (tree.getAnnotationType().toString().equals("MethodSource")) {
                tree.getArguments().forEach(a -> names.add(a.toString().replaceAll(".*\"(.*)\".*", "$1")));
            }
            return null;
        }
    }

    private static final class Named extends TreeScanner<Void, Void> {
        private final Set<Cause> causes;

        private Named(Set<Cause> causes) {
            this.causes = causes;
        }

        @Override
        public Void visitMemberSelect(MemberSelectTree tree, Void nothing) {
            add(causes, tree);
            return super.visitMemberSelect(tree, nothing);
        }
    }
}
