package io.eniipamd.simulator.fault;

import io.eniipamd.simulator.model.CidrBlock;
import io.eniipamd.simulator.model.Ipv4;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What is to go wrong: rules by action, each for a number of calls or for a share of them. Every
 * rule that matches a call is applied to it, in the order in which the rules came.
 */
public final class Faults {
  /** As an action of a rule: every call. */
  public static final String ANY = "*";

  /** As an action of a rule: every call of a changing action. */
  public static final String CHANGING = "changing";

  private static final long UNLIMITED = Long.MAX_VALUE;

  private final Random random;
  private final List<Rule> rules = new ArrayList<>();
  private final Set<String> refusedAddresses = ConcurrentHashMap.newKeySet();
  private final Set<CidrBlock> exhausted = ConcurrentHashMap.newKeySet();

  private static final class Rule {
    private final String action;
    private final Fault fault;
    private final double probability;
    private long left;

    private Rule(String action, Fault fault, double probability, long left) {
      this.action = action;
      this.fault = fault;
      this.probability = probability;
      this.left = left;
    }

    @Override
    public String toString() {
      return action
          + " "
          + fault
          + (probability < 1 ? " with probability " + probability : "")
          + (left == UNLIMITED ? "" : ", " + left + " left");
    }

    private void meet() {
      if (left != UNLIMITED) {
        left--;
      }
    }

    private boolean matches(String called, boolean changing) {
      return action.equals(called) || action.equals(ANY) || (action.equals(CHANGING) && changing);
    }
  }

  /** No faults; the seed decides those by probability. */
  public Faults(long seed) {
    this.random = new Random(seed);
  }

  /** The next call of an action (or {@link #ANY}, {@link #CHANGING}) meets the fault. */
  public Faults once(String action, Fault fault) {
    return times(1, action, fault);
  }

  /** The next n calls meet the fault. */
  public Faults times(int n, String action, Fault fault) {
    return add(new Rule(action, fault, 1, n));
  }

  /** Every call meets the fault until {@link #clear}. */
  public Faults always(String action, Fault fault) {
    return add(new Rule(action, fault, 1, UNLIMITED));
  }

  /** A share of the calls (0 to 1) meets the fault until {@link #clear}. */
  public Faults withProbability(double share, String action, Fault fault) {
    return add(new Rule(action, fault, share, UNLIMITED));
  }

  /** A share of the calls (0 to 1) meets the fault, n calls at most. */
  public Faults withProbability(double share, int most, String action, Fault fault) {
    return add(new Rule(action, fault, share, most));
  }

  /** Refuses every changing call that names this address with {@code ResourceInUse}. */
  public Faults refuseAddress(String ip) {
    refusedAddresses.add(ip);
    return this;
  }

  /** Ends {@link #refuseAddress}. */
  public Faults acceptAddress(String ip) {
    refusedAddresses.remove(ip);
    return this;
  }

  /**
   * Refuses every call that takes an address of this range with {@code
   * ResourceInsufficient.Subnet}, whatever is free there.
   */
  public Faults exhaust(String cidr) {
    exhausted.add(CidrBlock.of(cidr));
    return this;
  }

  /** Nothing goes wrong any more. */
  public void clear() {
    synchronized (rules) {
      rules.clear();
    }
    refusedAddresses.clear();
    exhausted.clear();
  }

  /** The rules that still wait for calls, each in a line for users. */
  public List<String> describe() {
    List<String> lines = new ArrayList<>();
    synchronized (rules) {
      rules.forEach(r -> lines.add(r.toString()));
    }
    refusedAddresses.stream().sorted().forEach(ip -> lines.add("refuse " + ip));
    exhausted.forEach(range -> lines.add("exhausted " + range));
    return lines;
  }

  /** How many rules still wait for calls. */
  public int waiting() {
    synchronized (rules) {
      return rules.size();
    }
  }

  /** The faults of a call that has come in; each counts as met. */
  public List<Fault> take(String action, boolean changing) {
    List<Fault> due = new ArrayList<>();
    synchronized (rules) {
      for (Rule rule : rules) {
        if (rule.matches(action, changing) && random.nextDouble() < rule.probability) {
          due.add(rule.fault);
          rule.meet();
        }
      }
      rules.removeIf(r -> r.left <= 0);
    }
    return due;
  }

  /** The first of these addresses that is refused on demand, or null. */
  public String firstRefused(Iterable<String> addresses) {
    for (String address : addresses) {
      if (refusedAddresses.contains(address)) {
        return address;
      }
    }
    return null;
  }

  /** The first of these addresses that is of an exhausted range, or null. */
  public String firstExhausted(Iterable<String> addresses) {
    for (String address : addresses) {
      if (exhausted.stream().anyMatch(range -> range.contains(Ipv4.of(address)))) {
        return address;
      }
    }
    return null;
  }

  private Faults add(Rule rule) {
    synchronized (rules) {
      rules.add(rule);
    }
    return this;
  }
}
