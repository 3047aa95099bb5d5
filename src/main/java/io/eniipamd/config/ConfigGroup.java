package io.eniipamd.config;

/** What the keys of the configuration are listed under, in the help and on the page. */
public enum ConfigGroup {
  CLOUD("The cloud"),
  RELEASE("Release of fixed IPs"),
  NODE("Nodes and their ENIs"),
  WEBHOOK("The webhook for new Pods"),
  LEADER("Replicas and leader election"),
  LOG("The log");

  private final String title;

  ConfigGroup(String title) {
    this.title = title;
  }

  /** The heading, for users. */
  public String title() {
    return title;
  }
}
