package io.eniipamd.cloud.faults;

/** How the cloud of a case is, beside the fault that it meets. */
enum Setting {
  /** Reads of ENIs, of their tags and of used addresses show the state of a moment ago. */
  BEHIND("behind") {
    @Override
    void apply(Ground ground) {
      ground.vpc().settings().setReadsBehind(Ground.BEHIND);
      ground.vpc().settings().setTagsBehind(Ground.BEHIND);
      ground.vpc().settings().setUsedBehind(Ground.BEHIND);
    }
  },

  /** Each task takes longer than any caller waits for its end. */
  LONG_TASKS("long tasks") {
    @Override
    void apply(Ground ground) {
      ground.vpc().settings().setShortestTask(Ground.LONG_TASK);
    }
  },

  /** The endpoint speaks HTTPS. */
  ENCRYPTED("over HTTPS"),

  /** The endpoint's name has two addresses, and the first one does not answer. */
  DEAD_ADDRESS("a dead address first");

  private final String text;

  Setting(String text) {
    this.text = text;
  }

  /** Lets the cloud be so from now on, where it was not so from the start. */
  void apply(Ground ground) {}

  @Override
  public String toString() {
    return text;
  }
}
