/** HTTP as all probe types speak it: one conversation a run, every phase timed, every failure named. */
@NullMarked
package dev.gatewatch.probes.httpclient;

import org.jspecify.annotations.NullMarked;
