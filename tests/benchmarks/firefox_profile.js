/**
 * Runs in Firefox's own window: stop the profiler and say what a script has cost.
 *
 * https://searchfox.org/mozilla-central/source/tools/profiler/docs/ and "Gecko profile format"
 *
 * @param {string} script the end of its address
 * @returns {Promise<number[]>} milliseconds of processor time of each run of samples that found the script at work
 */
async (script) => {
  const { Services } = globalThis;
  const profile = await Services.profiler.getProfileDataAsync();
  Services.profiler.StopProfiler();
  const costs = [];
  for (const { threads } of [profile, ...profile.processes]) {
    for (const thread of threads) measure(thread);
  }
  return costs;

  function measure({ samples, stackTable, frameTable, stringTable }) {
    const column = (table, name) => table.schema[name];
    const known = new Map([[null, false]]);
    const isOurs = (stack) => {
      if (known.has(stack)) return known.get(stack);
      const row = stackTable.data[stack];
      const frame = frameTable.data[row[column(stackTable, "frame")]];
      const name = stringTable[frame[column(frameTable, "location")]];
      const answer = name.includes(script) || isOurs(row[column(stackTable, "prefix")] ?? null);
      known.set(stack, answer);
      return answer;
    };
    let wasOurs = false;
    for (const sample of samples.data) {
      const ours = isOurs(sample[column(samples, "stack")] ?? null);
      if (ours && !wasOurs) costs.push(0);
      // In nanoseconds on Linux and in microseconds elsewhere: meta.sampleUnits.
      if (ours) costs[costs.length - 1] += (sample[column(samples, "threadCPUDelta")] ?? 0) / 1e6;
      wasOurs = ours;
    }
  }
}
