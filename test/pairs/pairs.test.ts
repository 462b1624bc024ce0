import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ACTIVITIES, type Activity, type ActivityName } from './activities.ts';
import { CHANGES } from './changes.ts';
import { ACTIVITY_NAMES, CHANGE_NAMES, renderPairs } from './render.ts';
import { createScene, createStage, createWorld, type Scene, type World } from './scene.ts';
import { PAIRS } from './table.ts';

describe('the table of pairs', () => {
  it('states every pair', () => {
    const missing = CHANGE_NAMES.flatMap((change) =>
      ACTIVITY_NAMES.filter((activity) => PAIRS[change][activity] === undefined).map(
        (activity) => `${change} × ${activity}`,
      ),
    );
    expect(missing).toEqual([]);
  });

  it('is the one in the documentation', async () => {
    await expect(renderPairs()).toMatchFileSnapshot('__snapshots__/pairs.md');
  });
});

let world: World;

beforeAll(() => {
  world = createWorld();
});

describe.each(CHANGE_NAMES)('%s', (name) => {
  const { apply, subject } = CHANGES[name];
  const stated = ACTIVITY_NAMES.flatMap((activity) => {
    const cell = PAIRS[name][activity];
    return cell && cell.outcome !== null ? [{ activity, ...cell, outcome: cell.outcome }] : [];
  });
  const isOf = (lobby: boolean, { lobby: takesLobby }: Activity) => (takesLobby === true) === lobby;
  /** What each activity came to, or how seeing it failed: seen in order, because some move the clock of their stage. */
  const outcomes = new Map<ActivityName, string | Error>();

  const undoings: (void | (() => void))[] = [];
  // A breaker that opened stays open for all who share it.
  const ownWorld = name === 'clusterAway' ? createWorld() : undefined;

  beforeAll(async () => {
    for (const lobby of [false, true]) {
      const activities = stated.filter(({ activity }) => isOf(lobby, ACTIVITIES[activity]));
      if (activities.length === 0) continue;
      const stage = await createStage(ownWorld ?? world, lobby);
      const scenes: Scene[] = [];
      const seeOutcome = new Map<ActivityName, () => Promise<string>>();
      for (const { activity } of activities) {
        const scene = await createScene(stage, subject);
        seeOutcome.set(activity, await ACTIVITIES[activity].begin(scene));
        scenes.push(scene);
      }
      stage.app.clock.advanceSeconds(1);
      undoings.push(await apply(scenes));
      await stage.app.drain();
      for (const [activity, see] of seeOutcome)
        outcomes.set(activity, await see().catch((error: Error) => error));
    }
  });

  afterAll(() => undoings.toReversed().forEach((undo) => undo?.()));

  it.each(stated)('while $activity: $outcome, because $reason', ({ activity, outcome }) => {
    expect(outcomes.get(activity)).toBe(outcome);
  });
});
