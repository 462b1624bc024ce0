import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Database } from '../../../src/kernel/db/index.ts';
import { sweepRuns } from '../../../src/intelligence/team-runs/advance-run.ts';
import { ownerSql } from '../../contract/sql.ts';
import type { Person, TestApp } from '../../support/app.ts';
import type { AiStandIn } from '../../support/ai/stand-in.ts';
import { createAppWithStandIn } from '../../support/ai/stand-in-app.ts';
import { createTeam, startRun } from '../../support/teams.ts';

let app: TestApp;
let standIn: AiStandIn;
let owner: Person;
let database: Database;

beforeAll(async () => {
  ({ app, standIn } = await createAppWithStandIn());
  ({ database } = app.services);
});
afterAll(() => standIn.stop());
afterEach(() => {
  database.commit = commit;
});
beforeEach(async () => {
  commit ??= database.commit;
  standIn.next.length = 0;
  standIn.requests.length = 0;
  owner = await app.person({ plan: 'pro' });
});
let commit: Database['commit'];

class Killed extends Error {}

/** The process dies at a commit, counted from 1: before it, or right after it. @returns how many there were */
function killAt(nth: number, when: 'before' | 'after'): () => number {
  let count = 0;
  database.commit = async (scope, build) => {
    count++;
    if (count === nth && when === 'before') throw new Killed();
    await commit(scope, build);
    if (count === nth && when === 'after') throw new Killed();
  };
  return () => count;
}

const answerNext = (...texts: string[]) =>
  texts.forEach((text) =>
    standIn.next.push({ answer: { pieces: [text], usage: { input_tokens: 12, output_tokens: 9 } } }),
  );
const stateOf = async (runId: string) =>
  (
    await ownerSql<{ state: string; result: string }>('select state, result from team_runs where id = $1', [
      runId,
    ])
  )[0]!;

/** Time passes, alarms ring, deliveries come again, and the sweep runs, until the run has ended. */
async function recover(runId: string): Promise<void> {
  await expect
    .poll(
      async () => {
        await app.generations.whenAnswered();
        app.clock.advanceSeconds(20);
        await app.generations.ring();
        await app.drain();
        await sweepRuns(app.services);
        return (await stateOf(runId)).state;
      },
      { timeout: 30_000 },
    )
    .not.toBe('running');
}

describe('a run whose process is killed', () => {
  // Two turns are: begun, ended in the generation, settled; then the run ends.
  const COMMITS = 7;

  it.each(
    Array.from(
      { length: COMMITS },
      (_, index) =>
        [
          [index + 1, 'before'],
          [index + 1, 'after'],
        ] as const,
    ).flat(),
  )('at commit %i, %s it, continues, and asks for no answer twice', async (nth, when) => {
    const { teamId } = await createTeam(app, owner);
    answerNext('A draft.', 'The end.');
    const runId = await startRun(app, owner, teamId);
    const counted = killAt(nth, when);
    await recover(runId);
    expect(counted()).toBeGreaterThanOrEqual(COMMITS);
    expect(await stateOf(runId)).toEqual({ state: 'completed', result: 'The end.' });
    expect(standIn.requests).toHaveLength(2);
    const turns = await ownerSql(
      'select position, state, text from team_turns where run_id = $1 order by position',
      [runId],
    );
    expect(turns).toEqual([
      { position: 1, state: 'complete', text: 'A draft.' },
      { position: 2, state: 'complete', text: 'The end.' },
    ]);
  });

  it('with the live object that answers, asks again for that turn', async () => {
    const { teamId } = await createTeam(app, owner);
    let open!: () => void;
    standIn.gate = new Promise((resolve) => (open = resolve));
    standIn.next.push({});
    answerNext('A draft.', 'The end.');
    const runId = await startRun(app, owner, teamId);
    await app.drain();
    await expect.poll(() => standIn.open).toBe(1);
    app.generations.evict();
    standIn.gate = undefined;
    await recover(runId);
    open();
    expect(await stateOf(runId)).toEqual({ state: 'completed', result: 'The end.' });
    const turns = await ownerSql(
      'select position, attempts, text from team_turns where run_id = $1 order by position',
      [runId],
    );
    expect(turns).toEqual([
      { position: 1, attempts: 2, text: 'A draft.' },
      { position: 2, attempts: 1, text: 'The end.' },
    ]);
  });
});

describe('a provider that fails', () => {
  const overloaded = { fault: { kind: 'status', status: 529, type: 'overloaded_error' } } as const;

  it('is asked again after a while, and counts as one turn', async () => {
    const { teamId } = await createTeam(app, owner);
    standIn.next.push(overloaded);
    answerNext('A draft.', 'The end.');
    const runId = await startRun(app, owner, teamId);
    await recover(runId);
    expect(await stateOf(runId)).toEqual({ state: 'completed', result: 'The end.' });
    expect(standIn.requests.length).toBeGreaterThanOrEqual(3);
  });

  it('for good ends the run, which says why', async () => {
    const { teamId } = await createTeam(app, owner);
    standIn.next.push(...Array.from({ length: 20 }, () => overloaded));
    const runId = await startRun(app, owner, teamId);
    await recover(runId);
    const [run] = await ownerSql('select state, reason from team_runs where id = $1', [runId]);
    expect(run).toEqual({ state: 'failed', reason: 'turn_failed' });
    const [turn] = await ownerSql('select attempts, failure from team_turns where run_id = $1', [runId]);
    expect(turn).toEqual({ attempts: 3, failure: 'overloaded' });
  });
});
