import type { TestApp } from './app.ts';

/** Whether the database has the commit at which the process is killed. */
export const KILLED = ['before', 'after'] as const;

/** Kills the process at its commit with this number, before or after the database has it. */
export function killAt({ services }: TestApp, number: number, when: (typeof KILLED)[number]) {
  const { database } = services;
  const { commit } = database;
  let count = 0;
  database.commit = async (...args: Parameters<typeof commit>) => {
    const isKilled = ++count === number;
    if (isKilled && when === 'before') throw new Error('killed');
    const outcome = await commit.call(database, ...args);
    if (isKilled) throw new Error('killed');
    return outcome;
  };
  return {
    /** Whether it came to that commit. */
    wasKilled: () => count >= number,
    /** From now on commits are as they are. */
    restart: () => {
      database.commit = commit;
    },
  };
}
