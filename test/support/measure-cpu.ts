/** How much of the processors' time something takes in this process: what it lasts where nothing else runs, however busy a machine is. */

/** In milliseconds, of all threads. */
export async function measureCpuMs(act: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await act();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
