package dev.gatewatch;

import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** Which package of monitor-core may know which; the directions between the modules are tested in {@code deploy}. */
final class ArchitectureTest {
    private static final JavaClasses CLASSES = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("dev.gatewatch");

    @Test
    void packagesKnowOnlyWhatIsBelowThem() {
        layeredArchitecture()
                .consideringOnlyDependenciesInLayers()
                .layer("config")
                .definedBy("dev.gatewatch.config..")
                .layer("baseline")
                .definedBy("dev.gatewatch.baseline") // what learns live uses the engine
                .layer("probe")
                .definedBy("dev.gatewatch.probe..")
                .layer("view")
                .definedBy("dev.gatewatch.view..")
                .layer("store")
                .definedBy("dev.gatewatch.store..")
                .layer("engine")
                .definedBy("dev.gatewatch.engine..")
                .layer("diagnosis")
                .definedBy("dev.gatewatch.diagnosis..")
                .layer("metrics")
                .definedBy("dev.gatewatch.metrics..")
                .layer("web")
                .definedBy("dev.gatewatch.web..")
                .whereLayer("config")
                .mayNotAccessAnyLayer()
                .whereLayer("baseline")
                .mayNotAccessAnyLayer()
                .whereLayer("probe")
                .mayOnlyAccessLayers("config")
                .whereLayer("view")
                .mayOnlyAccessLayers("probe")
                .whereLayer("store")
                .mayOnlyAccessLayers("probe", "config")
                .whereLayer("engine")
                .mayOnlyAccessLayers("store", "probe", "view", "config")
                .whereLayer("diagnosis")
                .mayOnlyAccessLayers("probe", "config")
                // counts what the engine tells
                .whereLayer("metrics")
                .mayOnlyAccessLayers("engine", "view", "store", "probe", "config")
                .whereLayer("web")
                .mayOnlyAccessLayers("metrics", "view", "store", "probe", "config")
                .check(CLASSES);
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.gatewatch.(*)..").should().beFreeOfCycles().check(CLASSES);
    }
}
