/**
 * The API's actions by resource: parameters checked, an effect or a look asked of the model, the
 * answer written in the API's words. No HTTP may enter.
 */
package io.eniipamd.simulator.action;
