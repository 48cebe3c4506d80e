/**
 * Work in slices, so that the page never waits for us: when a slice is over, the page goes first.
 *
 * In a slice all looking comes before all writing. A look after a write makes the browser lay the page out anew.
 */

const SLICE_MS = 8;

/**
 * @param {object} parts
 * @param {AbortSignal} parts.signal
 * @param {() => number} parts.now milliseconds
 * @param {(work: () => void) => void} parts.later
 * @param {(work: () => void) => void} [parts.writing] does all the writing of a slice
 */
export function makeSlices({ signal, now, later, writing = (work) => work() }) {
  /** @type {(() => void)[]} */
  let jobs = [];
  /** @type {(() => void)[]} */
  const writes = [];
  let isPlanned = false;

  function work() {
    isPlanned = false;
    const end = now() + SLICE_MS;
    let done = 0;
    while (done < jobs.length && !signal.aborted) {
      jobs[done]?.();
      done += 1;
      if (now() >= end) break;
    }
    jobs = signal.aborted ? [] : jobs.slice(done);
    const due = writes.splice(0);
    if (due.length > 0) writing(() => due.forEach((write) => signal.aborted || write()));
    plan();
  }

  function plan() {
    if (isPlanned || jobs.length === 0) return;
    isPlanned = true;
    later(work);
  }

  return {
    /** @param {() => void} job short by itself */
    add(job) {
      if (signal.aborted) return;
      jobs.push(job);
      plan();
    },

    /** @param {() => void} write done at the end of the slice that is at work; short by itself */
    write(write) {
      writes.push(write);
    },
  };
}
