import { describe, expect, it } from 'vitest';
import { ACTIVITIES, type Activity } from './activities.ts';
import { CHANGES } from './changes.ts';
import { ACTIVITY_NAMES, CHANGE_NAMES, renderPairs } from './render.ts';
import { createScene } from './scene.ts';
import { OPEN, PAIRS } from './table.ts';

describe('the table of pairs', () => {
  it('states every pair, or says what is open about it', () => {
    const missing = CHANGE_NAMES.flatMap((change) =>
      ACTIVITY_NAMES.filter(
        (activity) => PAIRS[change][activity] === undefined && OPEN[change]?.[activity] === undefined,
      ).map((activity) => `${change} × ${activity}`),
    );
    expect(missing).toEqual([]);
  });

  it('is the one in the documentation', async () => {
    await expect(renderPairs()).toMatchFileSnapshot('__snapshots__/pairs.md');
  });
});

describe.each(CHANGE_NAMES)('%s', (name) => {
  const { apply, subject } = CHANGES[name];
  const stated = ACTIVITY_NAMES.flatMap((activity) => {
    const cell = PAIRS[name][activity];
    const isOpen = OPEN[name]?.[activity] !== undefined;
    return cell && cell.outcome !== null && !isOpen ? [{ activity, ...cell, outcome: cell.outcome }] : [];
  });

  it.each(stated)('while $activity: $outcome, because $reason', async ({ activity, outcome }) => {
    const { begin, lobby }: Activity = ACTIVITIES[activity];
    const scene = await createScene(subject, lobby === true);
    const see = await begin(scene);
    await apply(scene);
    await scene.app.drain();
    expect(await see()).toBe(outcome);
  });
});
