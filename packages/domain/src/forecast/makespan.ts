/** One instance as a schedule sees it. */
export interface Job {
  /** Indices of the jobs that must be over before it begins. */
  readonly after: readonly number[];
}

export interface Slots {
  readonly concurrency: number;
  readonly startupDelayMs: number;
}

/**
 * How long a run lasts in which each job takes so long: as the conductor starts them, in their order as soon as what they need
 * is over, at most so many at once, a delay between starts. A job with an undefined duration is passed over.
 */
export function makespan(jobs: readonly Job[], durations: readonly (number | undefined)[], slots: Slots): number {
  const dependents = jobs.map((): number[] => []);
  for (const [at, { after }] of jobs.entries()) for (const need of after) dependents[need]?.push(at);
  const missing = jobs.map(({ after }) => after.length);
  const ready = jobs.flatMap(({ after }, at) => (after.length === 0 ? [at] : []));
  const running: Running[] = [];
  let now = 0;
  let nextStart = 0;
  const finish = (job: number): void => {
    for (const dependent of dependents[job] ?? []) {
      missing[dependent] = (missing[dependent] ?? 0) - 1;
      if (missing[dependent] === 0) insert(ready, dependent, (each) => each);
    }
  };
  for (;;) {
    const [job] = ready;
    const duration = job === undefined ? undefined : durations[job];
    if (job !== undefined && duration === undefined) {
      ready.shift();
      finish(job);
    } else if (job !== undefined && duration !== undefined && running.length < slots.concurrency) {
      ready.shift();
      now = Math.max(now, nextStart);
      nextStart = now + slots.startupDelayMs;
      insert(running, { job, until: now + duration }, ({ until }) => until);
    } else {
      const ended = running.shift();
      if (ended === undefined) return now;
      now = Math.max(now, ended.until);
      finish(ended.job);
    }
  }
}

interface Running {
  readonly job: number;
  readonly until: number;
}

/** Keeps `sorted` in order. */
function insert<Item>(sorted: Item[], item: Item, rank: (item: Item) => number): void {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    const other = sorted[middle];
    if (other !== undefined && rank(other) <= rank(item)) low = middle + 1;
    else high = middle;
  }
  sorted.splice(low, 0, item);
}
