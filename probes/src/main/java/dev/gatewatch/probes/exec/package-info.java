/** {@code type: exec}: any command that speaks as Nagios' and Icinga's plugins do. */
@NullMarked
package dev.gatewatch.probes.exec;

import org.jspecify.annotations.NullMarked;
