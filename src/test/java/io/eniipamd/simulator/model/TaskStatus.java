package io.eniipamd.simulator.model;

/** The documented values of {@code DescribeVpcTaskResult.Status}. */
public enum TaskStatus {
  RUNNING,
  SUCCESS,
  FAILED
}
