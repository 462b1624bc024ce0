/** A sweep's work that is given up after a number of attempts. */
export interface BoundedWork {
  /** Those made before. */
  attempts: number;
  maxAttempts: number;
  /** Counts an attempt, before it is made: one that takes the isolate with it counts too. */
  count(): Promise<void>;
  run(): Promise<void>;
  /** Records that no further attempt is made. */
  giveUp(): Promise<void>;
}

/** Makes one attempt, or gives up when there is none left. @throws what `run` throws, also when it was the last attempt */
export async function attempt({ attempts, maxAttempts, count, run, giveUp }: BoundedWork): Promise<void> {
  if (attempts >= maxAttempts) return giveUp();
  await count();
  try {
    await run();
  } catch (error) {
    if (attempts + 1 >= maxAttempts) await giveUp();
    throw error;
  }
}
