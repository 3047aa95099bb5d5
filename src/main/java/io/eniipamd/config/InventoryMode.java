package io.eniipamd.config;

/** What the operator does about differences between the cloud and the records. */
public enum InventoryMode {
  /** It repairs what it can repair without harm. */
  REPAIR,
  /** It only reports them. */
  REPORT
}
