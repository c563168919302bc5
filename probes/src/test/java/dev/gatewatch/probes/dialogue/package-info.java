/** Tests of dialogues. */
@org.jspecify.annotations.NullMarked
package dev.gatewatch.probes.dialogue;
