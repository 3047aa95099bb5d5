package io.eniipamd.simulator;

import io.eniipamd.simulator.action.Catalog;
import io.eniipamd.simulator.fault.CallGate;
import io.eniipamd.simulator.fault.Faults;
import io.eniipamd.simulator.layout.VpcLayout;
import io.eniipamd.simulator.model.Holder;
import io.eniipamd.simulator.model.Ipv4;
import io.eniipamd.simulator.model.ModelSettings;
import io.eniipamd.simulator.model.TaskView;
import io.eniipamd.simulator.model.VpcDiff;
import io.eniipamd.simulator.model.VpcModel;
import io.eniipamd.simulator.model.VpcSnapshot;
import io.eniipamd.simulator.record.Call;
import io.eniipamd.simulator.record.CallRecord;
import io.eniipamd.simulator.wire.ApiServer;
import io.eniipamd.simulator.wire.CallDesk;
import io.eniipamd.simulator.wire.Credentials;
import io.eniipamd.simulator.wire.RateLimits;
import io.eniipamd.simulator.wire.ServerCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.util.List;
import java.util.Optional;

/**
 * A VPC of Tencent Cloud that is simulated by this process: real SDKs talk to its endpoint. Beside
 * the API it can be looked at ({@link #snapshot}, {@link #record}), changed as by other users
 * ({@link #addStranger}, {@link #addInstance}, …) and disturbed ({@link #faults}, {@link
 * #setGate}).
 */
public final class SimulatedVpc implements AutoCloseable {
  private static final String SECRET_ID = "AKIDsimulated0000000000000000000000";
  private static final String SECRET_KEY = "simulated-key-of-no-account-at-all";
  private static final long DEFAULT_SEED = 1;

  private final VpcLayout layout;
  private final VpcModel model;
  private final Credentials credentials = new Credentials();
  private final CallRecord record = new CallRecord();
  private final Faults faults;
  private final CallDesk desk;
  private final ApiServer server;
  private final String scheme;

  private SimulatedVpc(
      VpcLayout layout, int port, Optional<ServerCertificate> certificate, Clock clock, long seed)
      throws IOException {
    this.layout = layout;
    this.model = new VpcModel(layout, clock, seed);
    this.faults = new Faults(seed);
    this.desk =
        new CallDesk(clock, credentials, layout.region(), new Catalog(model), faults, record, seed);
    credentials.add(SECRET_ID, SECRET_KEY);
    this.scheme = certificate.isPresent() ? "https" : "http";
    this.server = ApiServer.start(port, certificate, clock, desk, new ControlDesk(this));
  }

  /** Starts the simulation of a layout on a free port of loopback. */
  public static SimulatedVpc start(VpcLayout layout) {
    return start(layout, 0, Clock.systemUTC(), DEFAULT_SEED);
  }

  /**
   * Starts the simulation of a layout.
   *
   * @param port 0 for a free one
   * @param clock decides when tasks end and whether signatures are fresh
   * @param seed decides the ids and the faults by probability
   */
  public static SimulatedVpc start(VpcLayout layout, int port, Clock clock, long seed) {
    return start(layout, port, Optional.empty(), clock, seed);
  }

  /** Starts the simulation of a layout on a free port of loopback, with HTTPS only. */
  public static SimulatedVpc startEncrypted(VpcLayout layout, ServerCertificate certificate) {
    return start(layout, 0, Optional.of(certificate), Clock.systemUTC(), DEFAULT_SEED);
  }

  private static SimulatedVpc start(
      VpcLayout layout, int port, Optional<ServerCertificate> certificate, Clock clock, long seed) {
    try {
      return new SimulatedVpc(layout, port, certificate, clock, seed);
    } catch (IOException e) {
      throw new UncheckedIOException("starting the simulated VPC on port " + port, e);
    }
  }

  /** Where it listens, like {@code http://127.0.0.1:18090}. */
  public String endpoint() {
    return scheme + "://" + hostAndPort();
  }

  /** The endpoint as the SDKs want it, like {@code 127.0.0.1:18090}. */
  public String hostAndPort() {
    return "127.0.0.1:" + server.port();
  }

  /** The id of a key that it accepts. */
  public String secretId() {
    return SECRET_ID;
  }

  /** The key to {@link #secretId}; it opens nothing but this simulation. */
  public String secretKey() {
    return SECRET_KEY;
  }

  public String region() {
    return layout.region();
  }

  public String vpcId() {
    return layout.vpcId();
  }

  /** What it consisted of at the start. */
  public VpcLayout layout() {
    return layout;
  }

  /** The keys that it accepts. */
  public Credentials credentials() {
    return credentials;
  }

  /** The calls that it has seen. */
  public CallRecord record() {
    return record;
  }

  /** What goes wrong. */
  public Faults faults() {
    return faults;
  }

  /** Limits and open questions that can be set while it runs. */
  public ModelSettings settings() {
    return model.settings();
  }

  /** The limits of requests a second, off at the start. */
  public RateLimits rateLimits() {
    return desk.rateLimits();
  }

  /** Puts a gate into the way of changing calls, in place of the one before. */
  public void setGate(CallGate gate) {
    desk.setGate(gate);
  }

  /** The whole state as values, after a check of every invariant. */
  public VpcSnapshot snapshot() {
    desk.requireSound();
    return model.snapshot();
  }

  /** What is different now from an earlier state: leaked, lost, doubled, moved, changed. */
  public VpcDiff diffSince(VpcSnapshot earlier) {
    return VpcDiff.between(earlier, snapshot());
  }

  /** The holder of an address, if it has one. */
  public Optional<Holder> holderOf(String ip) {
    return model.holderOf(Ipv4.of(ip));
  }

  /** The asynchronous tasks that have not ended, in the order in which they began. */
  public List<TaskView> tasksUnderWay() {
    return model.tasksUnderWay();
  }

  /** The number of asynchronous tasks that have not ended. */
  public int runningTasks() {
    return model.runningTasks();
  }

  /** Lets the tasks that hang by order end well. */
  public void releaseHangingTasks() {
    model.releaseHangingTasks();
  }

  /** Lets another user of the VPC take a free address. */
  public void addStranger(String ip) {
    model.addStranger(ip, "stranger");
  }

  /** Lets another user, of this name, take a free address. */
  public void addStranger(String ip, String name) {
    model.addStranger(ip, name);
  }

  /** Lets the stranger free an address. */
  public void removeStranger(String ip) {
    model.removeStranger(ip);
  }

  /** Adds a subnet. */
  public void addSubnet(VpcLayout.Subnet subnet) {
    model.addSubnet(subnet);
  }

  /** Removes a subnet of which no address is in use. */
  public void removeSubnet(String subnetId) {
    model.removeSubnet(subnetId);
  }

  /** Adds a machine, running, with its primary ENI. */
  public void addInstance(VpcLayout.Instance instance) {
    model.addInstance(instance);
  }

  /** Ends a machine: its primary ENI goes with it, the others stay and are on none. */
  public void removeInstance(String instanceId) {
    model.removeInstance(instanceId);
  }

  /** Sets a machine's state, like {@code RUNNING} or {@code SHUTDOWN}. */
  public void setInstanceState(String instanceId, String state) {
    model.setInstanceState(instanceId, state);
  }

  /** The state as a table for users. */
  public String render() {
    return summary()
        + "\n\n"
        + new VpcTable(snapshot(), model.instances(), tasksUnderWay(), model.now());
  }

  /** A line on what is in the VPC and what has been going on. */
  private String summary() {
    VpcSnapshot now = snapshot();
    List<Call> calls = record.calls();
    return String.format(
        "%s %s in %s: ENIs %d of %d, secondary addresses %d, tasks under way %d, calls %d (not OK:"
            + " %d), faults waiting %d",
        layout.vpcId(),
        layout.cidr(),
        layout.region(),
        now.secondaryEnis().size(),
        settings().enisPerVpc(),
        now.secondaryAddresses().size(),
        runningTasks(),
        record.count(),
        calls.stream().filter(c -> !c.succeeded()).count(),
        faults.describe().size());
  }

  /** Stops answering at once. */
  @Override
  public void close() {
    server.close();
  }

  /** Runs the simulation by itself; {@code --help} tells the flags. */
  public static void main(String[] args) throws IOException, InterruptedException {
    System.exit(new SimulatorProgram(System.out, System.err).run(args));
  }
}
