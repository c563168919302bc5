/**
 * OAuth 2.0 token clients (RFC 6749, 7523, 7662, 8705): the {@code oauth} section, whose tokens all probes share, and the {@code oauth}
 * probe type, which watches a grant.
 */
@NullMarked
package dev.gatewatch.probes.oauth;

import org.jspecify.annotations.NullMarked;
