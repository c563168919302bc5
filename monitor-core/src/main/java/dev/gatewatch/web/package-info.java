/** What people and programs see over HTTP: the page, the JSON API, health and the scrape of metrics. */
@NullMarked
package dev.gatewatch.web;

import org.jspecify.annotations.NullMarked;
