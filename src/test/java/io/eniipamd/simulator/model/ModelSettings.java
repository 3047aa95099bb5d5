package io.eniipamd.simulator.model;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import java.util.function.Consumer;

/**
 * What can be set while the simulation runs. Some are questions that the cloud's documents leave
 * open, where the simulation can be told to do either.
 */
public final class ModelSettings {
  private volatile int enisPerVpc;
  private volatile int addressesPerUnattachedEni = 30;
  private volatile int reservedAddressQuota = 1_000;
  private volatile boolean assignTakesReserved = true;
  private volatile boolean unknownIdsRefused;
  private volatile boolean tokensWaitForTasks;
  private volatile Set<String> missingSecurityGroups = Set.of();
  private volatile Duration readsBehind = Duration.ZERO;
  private volatile Duration tagsBehind = Duration.ZERO;
  private volatile Instant tagsBehindSince = Instant.MAX;
  private volatile Duration usedBehind = Duration.ZERO;
  private volatile Duration shortestTask = Duration.ZERO;

  private final Clock clock;
  private final Consumer<Boolean> rememberPast;
  private final Consumer<Boolean> rememberHolders;
  private final Consumer<Duration> freezeReads;

  ModelSettings(
      int enisPerVpc,
      Clock clock,
      Consumer<Boolean> rememberPast,
      Consumer<Boolean> rememberHolders,
      Consumer<Duration> freezeReads) {
    this.enisPerVpc = enisPerVpc;
    this.clock = clock;
    this.rememberPast = rememberPast;
    this.rememberHolders = rememberHolders;
    this.freezeReads = freezeReads;
  }

  /** Whether a listing by ids is refused over one that does not exist; else it is left out. */
  public boolean unknownIdsRefused() {
    return unknownIdsRefused;
  }

  /** Whether listings of ENIs and machines are refused over an id that does not exist. */
  public void setUnknownIdsRefused(boolean refused) {
    unknownIdsRefused = refused;
  }

  /** Whether a token that is used again is refused while the task of its first use runs. */
  public boolean tokensWaitForTasks() {
    return tokensWaitForTasks;
  }

  /**
   * Whether a token that is used again is refused ({@code IdempotentProcessing}) while the task of
   * its first use runs; else it gets the first answer.
   */
  public void setTokensWaitForTasks(boolean wait) {
    tokensWaitForTasks = wait;
  }

  /** By how much looks at ENIs are behind; zero: not at all. */
  public Duration readsBehind() {
    return readsBehind;
  }

  /**
   * Lets looks at ENIs ({@code DescribeNetworkInterfaces}) show the state of some time ago, at the
   * furthest that of this call; zero ends it.
   */
  public void setReadsBehind(Duration by) {
    rememberPast.accept(!by.isZero());
    readsBehind = by;
  }

  /** For how long looks do not show the tags of a new ENI, nor find it by them. */
  public Duration tagsBehind() {
    return tagsBehind;
  }

  /** Whether looks show the tags of an ENI that was made at a moment. */
  public boolean tagsShown(Instant madeAt) {
    return madeAt.isBefore(tagsBehindSince) || !clock.instant().isBefore(madeAt.plus(tagsBehind));
  }

  /**
   * Lets looks show the tags of an ENI that is made after this call, and find it by them, so long
   * after its creation.
   */
  public void setTagsBehind(Duration by) {
    tagsBehindSince = clock.instant();
    tagsBehind = by;
  }

  /** By how much the lists of used addresses are behind; zero: not at all. */
  public Duration usedBehind() {
    return usedBehind;
  }

  /**
   * Lets the lists of used addresses ({@code DescribeVpcPrivateIpAddresses}, {@code
   * DescribeUsedIpAddress}) show the state of some time ago, at the furthest that of this call;
   * zero ends it.
   */
  public void setUsedBehind(Duration by) {
    rememberHolders.accept(!by.isZero());
    usedBehind = by;
  }

  /**
   * Lets looks at ENIs show the state of now for some time, whatever happens meanwhile; zero ends
   * it.
   */
  public void freezeReads(Duration time) {
    freezeReads.accept(time);
  }

  /** How long each task takes at least. */
  public Duration shortestTask() {
    return shortestTask;
  }

  /** Lets each task that begins from now on take so long at least; zero: as the layout says. */
  public void setShortestTask(Duration time) {
    shortestTask = time;
  }

  /** Security groups that do not exist; all others do. */
  public Set<String> missingSecurityGroups() {
    return missingSecurityGroups;
  }

  /** Says which security groups do not exist: what names one of them is refused from now on. */
  public void setMissingSecurityGroups(Collection<String> groups) {
    missingSecurityGroups = Set.copyOf(groups);
  }

  /** How many secondary ENIs the VPC may have. */
  public int enisPerVpc() {
    return enisPerVpc;
  }

  /** Raises or lowers the number of secondary ENIs that the VPC may have. */
  public void setEnisPerVpc(int limit) {
    enisPerVpc = limit;
  }

  /** How many addresses an ENI may have while it is on no machine. */
  public int addressesPerUnattachedEni() {
    return addressesPerUnattachedEni;
  }

  /** Sets how many addresses an ENI may have while it is on no machine. */
  public void setAddressesPerUnattachedEni(int limit) {
    addressesPerUnattachedEni = limit;
  }

  /** How many reserved addresses the VPC may have. */
  public int reservedAddressQuota() {
    return reservedAddressQuota;
  }

  /** Sets how many reserved addresses the VPC may have. */
  public void setReservedAddressQuota(int quota) {
    reservedAddressQuota = quota;
  }

  /** Whether assigning by name takes a reserved address; else it is refused as in use. */
  public boolean assignTakesReserved() {
    return assignTakesReserved;
  }

  /** Whether assigning by name takes a reserved address; the documents do not say. */
  public void setAssignTakesReserved(boolean takes) {
    assignTakesReserved = takes;
  }
}
