/**
 * What the cloud has and what the records say, compared. Pure: no clock, no request, no object of
 * the API server.
 */
package io.eniipamd.domain.inventory;
