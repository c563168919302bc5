/**
 * The test kit that every module shares: time as a value, real sections from maps, the contract of probe types. Hand-written fakes,
 * no mocks.
 */
@NullMarked
package dev.gatewatch.kit;

import org.jspecify.annotations.NullMarked;
