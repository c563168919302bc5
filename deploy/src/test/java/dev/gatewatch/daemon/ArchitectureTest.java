package dev.gatewatch.daemon;

import static org.assertj.core.api.Assertions.assertThat;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import dev.gatewatch.engine.ProbesSection;
import java.util.List;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The directions of docs/architecture.md. */
class ArchitectureTest {
    private static final JavaClasses ALL = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .withImportOption(location -> !location.contains("-tests.jar") && !location.contains("monitor-core/target/test-classes"))
            .importPackages("dev.gatewatch");

    @Test
    void packagesHaveNoCycles() {
        slices().matching("dev.gatewatch.(**)").should().beFreeOfCycles().check(ALL);
    }

    @Test
    void monitorCoreKnowsNoOtherModule() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "..probe..", "..config..", "..engine..", "..store..", "..diagnosis..", "..metrics..", "..web..", "..view..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "dev.gatewatch.probes..",
                        "dev.gatewatch.alerting..",
                        "dev.gatewatch.daemon..",
                        "dev.gatewatch.cli..",
                        "dev.gatewatch.sandbox..")
                .check(ALL);
    }

    @Test
    void probesAndAlertingDoNotKnowEachOther() {
        noClasses()
                .that()
                .resideInAPackage("dev.gatewatch.probes..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.gatewatch.alerting..", "dev.gatewatch.engine..", "dev.gatewatch.store..", "dev.gatewatch.web..")
                .check(ALL);
        noClasses()
                .that()
                .resideInAPackage("dev.gatewatch.alerting..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.gatewatch.probes..", "dev.gatewatch.web..", "dev.gatewatch.metrics..")
                .check(ALL);
    }

    @Test
    void probeTypesDoNotKnowEachOther() {
        List<String> packages = ProbesSection.installedTypes().stream()
                .map(type -> type.getClass().getPackageName())
                .toList();
        assertThat(packages).hasSizeGreaterThan(15).doesNotHaveDuplicates();
        for (String own : packages) {
            noClasses()
                    .that()
                    .resideInAPackage(own)
                    .should()
                    .dependOnClassesThat()
                    .resideInAnyPackage(
                            packages.stream().filter(other -> !other.equals(own)).toArray(String[]::new))
                    .check(ALL);
        }
    }

    @Test
    void channelTypesKnowOnlyTheSpi() {
        noClasses()
                .that()
                .resideInAPackage("dev.gatewatch.alerting.channel..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.gatewatch.alerting.delivery..", "dev.gatewatch.alerting.alert..", "dev.gatewatch.alerting.rule..")
                .check(ALL);
    }

    @Test
    void theSandboxDoesNotKnowTheDaemon() {
        noClasses()
                .that()
                .resideInAPackage("dev.gatewatch.sandbox..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("dev.gatewatch.daemon..", "dev.gatewatch.cli..", "dev.gatewatch.engine..", "dev.gatewatch.probes..")
                .check(ALL);
    }

    @Test
    void everyPackageSaysWhatIsNull() {
        classes()
                .that()
                .haveSimpleName("package-info")
                .should()
                .beAnnotatedWith(org.jspecify.annotations.NullMarked.class)
                .check(ALL);
    }
}
