package dev.gatewatch.probes.blackbox;

import dev.gatewatch.config.Key;
import dev.gatewatch.config.Section;
import dev.gatewatch.config.SectionType;
import dev.gatewatch.config.Types;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/** The {@code tls_config} section, as the keys of our {@code tls} section. */
final class TlsConfig {
    private static final Key<Boolean> INSECURE =
            Key.withDefault("insecure_skip_verify", GoTypes.bool(), false, "false", "Whether to go on whatever the chain.");
    private static final Key<String> CA_FILE = Key.optional("ca_file", Types.text(), "Authorities to trust.");
    private static final Key<String> CERT_FILE = Key.optional("cert_file", Types.text(), "Client certificate.");
    private static final Key<String> KEY_FILE = Key.optional("key_file", Types.text(), "Its key.");
    private static final Key<String> CA = Key.optional("ca", Types.text(), "Authorities to trust, in place.");
    private static final Key<String> CERT = Key.optional("cert", Types.text(), "Client certificate, in place.");
    private static final Key<String> KEY = Key.optional("key", Types.text(), "Its key, in place.");
    private static final Key<String> SERVER_NAME = Key.optional("server_name", Types.text(), "Name to ask for.");
    private static final Key<String> MIN_VERSION = Key.optional("min_version", version(), "Oldest version.");
    private static final Key<String> MAX_VERSION = Key.optional("max_version", version(), "Newest version.");

    static final SectionType<SequencedMap<String, Object>> TYPE = SectionType.of(
            "tls_config",
            List.of(
                    INSECURE, CA_FILE, CERT_FILE, KEY_FILE, CA, CERT, KEY, SERVER_NAME, MIN_VERSION, MAX_VERSION),
            TlsConfig::read);

    private TlsConfig() {}

    private static dev.gatewatch.config.ValueType<String> version() {
        return Types.text("TLS10, TLS11, TLS12 or TLS13", "TLS1[0-3]");
    }

    private static SequencedMap<String, Object> read(Section section) {
        for (Key<String> inPlace : List.of(CA, CERT, KEY)) {
            if (section.has(inPlace)) {
                section.problem(
                        inPlace,
                        "certificates and keys within the file are not supported; write them to a file and name it in "
                                + inPlace.name() + "_file");
            }
        }
        var tls = new LinkedHashMap<String, Object>();
        if (section.get(INSECURE)) {
            tls.put("insecure", true);
        }
        section.find(CA_FILE).filter(file -> !file.isEmpty()).ifPresent(file -> tls.put("trust", file));
        section.find(CERT_FILE).filter(file -> !file.isEmpty()).ifPresent(file -> tls.put("cert", file));
        section.find(KEY_FILE).filter(file -> !file.isEmpty()).ifPresent(file -> tls.put("key", file));
        section.find(SERVER_NAME).filter(name -> !name.isEmpty()).ifPresent(name -> tls.put("server_name", name));
        // the Java runtime has switched the older versions off: what is left of what was asked for is offered
        section.find(MIN_VERSION).filter("TLS13"::equals).ifPresent(version -> tls.put("min_version", version));
        section.find(MAX_VERSION).ifPresent(version -> {
            switch (version) {
                case "TLS13" -> {}
                case "TLS12" -> tls.put("max_version", version);
                default -> section.problem(MAX_VERSION, "versions older than TLS12 are not spoken; tls_policy probes look for them");
            }
        });
        return tls;
    }
}
