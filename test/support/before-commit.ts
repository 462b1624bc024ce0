import { vi } from 'vitest';
import type { Person, TestApp } from './app.ts';

/** Does something else between what the next commit of a person was decided on and that commit. */
export function beforeNextCommit(
  { services: { database } }: TestApp,
  { userId }: Pick<Person, 'userId'>,
  work: () => Promise<unknown>,
): void {
  type Commit = typeof database.commit;
  const commit = database.commit.bind(database);
  const spy = vi.spyOn(database, 'commit').mockImplementation((async (...request: Parameters<Commit>) => {
    const [scope] = request;
    // What follows earlier commits may be under way.
    if (!('userId' in scope) || scope.userId !== userId) return commit(...request);
    spy.mockRestore();
    await work();
    return commit(...request);
  }) as Commit);
}
