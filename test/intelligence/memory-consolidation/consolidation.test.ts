import { beforeEach, describe, expect, it } from 'vitest';
import { sweepConsolidations } from '../../../src/intelligence/memory-consolidation/consolidate-memories.ts';
import { ownerSql } from '../../contract/sql.ts';
import { createTestApp, type Person, type TestApp } from '../../support/app.ts';
import { listTexts, recallTexts, storeTexts, switchMemory } from '../../support/memories.ts';
import { withFreshToken } from '../../support/tokens.ts';

const DAY = 86_400;
let app: TestApp;
let owner: Person;

beforeEach(async () => {
  app = createTestApp();
  owner = await app.person();
});

const settingsPath = (scope: string) => `/api/v1/ai/memory/consolidation/${scope}`;
const DEFAULTS = { mergeSame: true, mostMemories: null, forgetUnusedDays: null };
const change = ({ token }: Person, scope: string, body: object) =>
  app.send('PUT', settingsPath(scope), { token, body: { ...DEFAULTS, ...body } });

/** Lets what is due be looked at. */
async function consolidate(): Promise<void> {
  await app.drain();
  expect(await sweepConsolidations(app.services)).toMatchObject({ failed: 0 });
}

async function passDays(days: number): Promise<void> {
  app.clock.advanceSeconds(days * DAY);
  owner = await withFreshToken(app, owner);
}

describe('settings', () => {
  it('merge what is the same and forget nothing, until somebody decides otherwise', async () => {
    const { token } = owner;
    expect(await app.send('GET', settingsPath('organization'), { token })).toMatchObject({
      body: { ...DEFAULTS, updatedAt: null },
    });
    const changed = await change(owner, 'organization', { mostMemories: 5 });
    expect(changed).toMatchObject({ status: 200, body: { mostMemories: 5 } });
    const stale = { token, body: DEFAULTS, headers: { 'if-match': '"0"' } };
    expect(await app.send('PUT', settingsPath('organization'), stale)).toMatchObject({ status: 412 });
  });

  it('of a person are theirs, and those of the organization of those who manage memories', async () => {
    const member = await app.person({ role: 'member', organizationId: owner.organizationId });
    expect(await change(member, 'person', { mostMemories: 1 })).toMatchObject({ status: 200 });
    expect(await change(member, 'organization', {})).toMatchObject({ status: 403 });
    expect(await app.send('GET', settingsPath('person'), { token: owner.token })).toMatchObject({
      body: { mostMemories: null },
    });
    const scope = { role: 'app', organizationId: owner.organizationId, userId: owner.userId } as const;
    const [{ rows }] = await app.services.database.read(scope, (q) => [
      q.execute('select 1 from memory_consolidation_settings'),
    ]);
    expect(rows).toEqual([]);
  });
});

describe('of more memories than wanted', () => {
  it('those go that were not recalled or changed for longest, in each room by itself', async () => {
    const room = await app.send('POST', '/api/v1/rooms', { token: owner.token, body: { name: 'Room' } });
    const where = { scope: 'room', roomId: room.body.id };
    for (const text of ['one', 'two', 'three']) {
      await storeTexts(app, owner, [text]);
      await storeTexts(app, owner, [`room ${text}`], where);
      app.clock.advanceSeconds(7_200);
      owner = await withFreshToken(app, owner);
    }
    expect(await recallTexts(app, owner, 'one')).toContain('one');
    await change(owner, 'organization', { mostMemories: 2 });
    await consolidate();
    expect((await listTexts(app, owner)).toSorted()).toEqual(['one', 'room one', 'room three', 'three']);
  });

  it('those of the author who has most go first: somebody who stores many forgets none of others', async () => {
    await storeTexts(app, owner, ['ours', 'ours, too']);
    app.clock.advanceSeconds(7_200);
    owner = await withFreshToken(app, owner);
    const member = await app.person({ role: 'admin', organizationId: owner.organizationId });
    await storeTexts(app, member, ['one', 'two', 'three', 'four']);
    await change(owner, 'organization', { mostMemories: 4 });
    await consolidate();
    const left = await listTexts(app, owner);
    expect(left).toHaveLength(4);
    expect(left).toEqual(expect.arrayContaining(['ours', 'ours, too']));
  });

  it('what was derived and is recalled keeps what it was derived from', async () => {
    const [parent] = await storeTexts(app, owner, ['parent']);
    await passDays(1);
    const source = { kind: 'memory', ids: [parent!.id] };
    await storeTexts(app, owner, ['child'], { scope: 'organization', source });
    await storeTexts(app, owner, ['other']);
    await passDays(1);
    await recallTexts(app, owner, 'child');
    await change(owner, 'organization', { mostMemories: 2 });
    await consolidate();
    expect((await listTexts(app, owner)).toSorted()).toEqual(['child', 'parent']);
  });
});

it('what is unused for long is forgotten when its time has come, without another change', async () => {
  await storeTexts(app, owner, ['used', 'unused']);
  await change(owner, 'organization', { forgetUnusedDays: 10 });
  await consolidate();
  await passDays(6);
  await recallTexts(app, owner, 'used');
  await passDays(5);
  await consolidate();
  expect(await listTexts(app, owner)).toEqual(['used']);
});

it('of a person who has their memory off nothing is forgotten, whatever the organization wants', async () => {
  await switchMemory(app, owner, true);
  await storeTexts(app, owner, ['mine', 'mine, too'], { scope: 'person' });
  await change(owner, 'organization', { mostMemories: 1 });
  await change(owner, 'person', { mostMemories: 1 });
  await switchMemory(app, owner, false);
  await consolidate();
  expect(await listTexts(app, owner)).toHaveLength(2);
  const own = await ownerSql('select 1 from memory_consolidations where user_id = $1', [owner.userId]);
  expect(own).toEqual([]);
});

it('a space is looked at once it is quiet, and not again without a change', async () => {
  await storeTexts(app, owner, ['tea', 'Tea!']);
  await consolidate();
  expect(await listTexts(app, owner)).toHaveLength(2);
  app.clock.advanceSeconds(301);
  owner = await withFreshToken(app, owner);
  await consolidate();
  expect(await listTexts(app, owner)).toHaveLength(1);
  const { organizationId } = owner;
  expect(
    await ownerSql('select 1 from memory_consolidations where organization_id = $1', [organizationId]),
  ).toEqual([]);
});
