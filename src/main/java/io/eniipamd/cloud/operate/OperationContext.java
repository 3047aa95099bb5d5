package io.eniipamd.cloud.operate;

import io.eniipamd.cloud.VpcCloud;
import io.eniipamd.cloud.decorate.RequestLimits;
import java.util.random.RandomGenerator;

/**
 * The parts that all operations share.
 *
 * @param cloud the port with limits of requests before it
 * @param afterTurn the port without them, for a call that has already waited for its turn
 * @param limits the limits that {@code cloud} keeps to
 * @param random decides how long pauses are; may be asked by many threads at once
 */
record OperationContext(
    VpcCloud cloud,
    VpcCloud afterTurn,
    RequestLimits limits,
    EniPoller looks,
    RecentWrites recent,
    UnendedChanges unended,
    OperationSettings settings,
    RandomGenerator random) {}
