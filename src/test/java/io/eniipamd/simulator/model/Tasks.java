package io.eniipamd.simulator.model;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;
import java.util.stream.Stream;

/**
 * The asynchronous tasks. They end by the clock, when a caller reads the state: {@link #settle}
 * brings about all that was due by then, in order. Guarded by the model's lock.
 */
final class Tasks {
  /** Results of older tasks are forgotten, so that a long run does not fill the memory. */
  private static final int KEPT = 20_000;

  private final Map<String, Task> byId = new LinkedHashMap<>();
  private final PriorityQueue<Task> running =
      new PriorityQueue<>(Comparator.comparing(Task::due).thenComparingLong(t -> t.number));
  private final List<Task> hanging = new ArrayList<>();
  private long started;

  private static final class Task {
    private final long number;
    private final TaskView view;
    private final Runnable done;
    private final Runnable undone;
    private TaskStatus status = TaskStatus.RUNNING;

    private Task(long number, TaskView view, Runnable done, Runnable undone) {
      this.number = number;
      this.view = view;
      this.done = done;
      this.undone = undone;
    }

    private Instant due() {
      return view.due();
    }
  }

  /**
   * Starts a task.
   *
   * @param done what happens at its end
   * @param undone what happens instead when it fails
   */
  void start(TaskView view, Runnable done, Runnable undone) {
    Task task = new Task(started++, view, done, undone);
    byId.put(view.requestId(), task);
    if (byId.size() > KEPT) {
      byId.remove(byId.keySet().iterator().next());
    }
    if (view.fate() == TaskFate.HANGS) {
      hanging.add(task);
    } else {
      running.add(task);
    }
  }

  /** Makes a task known by a second id, that of a repeated request. */
  void alias(String otherId, String taskId) {
    Task task = byId.get(taskId);
    if (task != null) {
      byId.put(otherId, task);
    }
  }

  /** Ends what is due. */
  void settle(Instant now) {
    while (!running.isEmpty() && !running.peek().due().isAfter(now)) {
      end(running.poll());
    }
  }

  /** Lets the hanging tasks end well, now. */
  void releaseHanging() {
    List<Task> all = List.copyOf(hanging);
    hanging.clear();
    all.forEach(Tasks::end);
  }

  Optional<TaskStatus> status(String id) {
    return Optional.ofNullable(byId.get(id)).map(t -> t.status);
  }

  /** The tasks that have not ended, in the order in which they began. */
  List<TaskView> underWay() {
    return Stream.concat(running.stream(), hanging.stream())
        .sorted(Comparator.comparingLong(t -> t.number))
        .map(t -> t.view)
        .toList();
  }

  int runningCount() {
    return running.size() + hanging.size();
  }

  private static void end(Task task) {
    if (task.view.fate() == TaskFate.FAILS) {
      task.undone.run();
      task.status = TaskStatus.FAILED;
    } else {
      task.done.run();
      task.status = TaskStatus.SUCCESS;
    }
  }
}
