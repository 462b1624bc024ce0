import { describe, expect, it } from 'vitest';
import { selectTests } from './select-tests.ts';

const sources = new Map([
  ['src/rooms/polls/open-poll.ts', `import { requireModerator } from '../access/index.ts';`],
  ['src/rooms/polls/polls.tables.ts', `export const polls = pgTable('polls', {});`],
  ['src/rooms/access/index.ts', `export * from './require-moderator.ts';`],
  ['src/rooms/access/require-moderator.ts', ''],
  ['src/rooms/access/room-shows.sql', 'create function room_shows(id text) returns boolean'],
  ['src/people/ringing/start-ring.ts', `import { openPoll } from '../../rooms/polls/index.ts';`],
  ['src/people/contacts/contacts.sql', 'select room_shows(id) from rooms'],
  ['src/messaging/chat/send-message.ts', ''],
  ['src/messaging/chat/adapter/send.ts', ''],
]);

const tests = new Map([
  ['test/rooms/polls/polls.test.ts', `import { world } from './world.ts';`],
  ['test/rooms/polls/world.ts', `import { helper } from '../helper.ts';`],
  ['test/rooms/helper.ts', ''],
  ['test/rooms/access/access.test.ts', ''],
  ['test/people/ringing/ringing.workers.test.ts', ''],
  ['test/people/contacts/contacts.test.ts', ''],
  ['test/messaging/chat/chat.test.ts', `import { openPoll } from '../../../src/rooms/polls/open-poll.ts';`],
  ['test/local/launcher.test.ts', ''],
  ['test/contract/tree.test.ts', ''],
  ['test/contract/routes/fuzz.test.ts', ''],
  ['test/e2e/tour.test.ts', `import { helper } from '../rooms/helper.ts';`],
]);

const ALWAYS = 'test/contract/tree.test.ts';
const select = (...changed: string[]) => selectTests(changed, sources, tests);

describe('a change calls for', () => {
  it('the tests of its module, of the modules that use it directly, and those that import it', () => {
    expect(select('src/rooms/polls/open-poll.ts')).toEqual([
      'test/rooms/polls/polls.test.ts',
      'test/people/ringing/ringing.workers.test.ts',
      'test/messaging/chat/chat.test.ts',
      ALWAYS,
    ]);
  });

  it('of SQL, also the tests of modules that call its function, and the generated suites', () => {
    expect(select('src/rooms/access/room-shows.sql')).toEqual([
      'test/rooms/polls/polls.test.ts',
      'test/rooms/access/access.test.ts',
      'test/people/contacts/contacts.test.ts',
      ALWAYS,
      'test/contract/routes/fuzz.test.ts',
    ]);
  });

  it('of an adapter in the folder of its port, the tests of the port', () => {
    expect(select('src/messaging/chat/adapter/send.ts')).toEqual([
      'test/messaging/chat/chat.test.ts',
      ALWAYS,
    ]);
  });

  it('of a migration, the generated suites', () => {
    expect(select('migrations/0042_polls.sql')).toEqual([ALWAYS, 'test/contract/routes/fuzz.test.ts']);
  });

  it('of a helper, the tests that import it through others, except end-to-end tests', () => {
    expect(select('test/rooms/helper.ts')).toEqual(['test/rooms/polls/polls.test.ts', ALWAYS]);
  });

  it('of a test, that test alone', () => {
    expect(select('test/messaging/chat/chat.test.ts')).toEqual(['test/messaging/chat/chat.test.ts', ALWAYS]);
  });

  it('of the launcher, its tests', () => {
    expect(select('workers/local/start.ts')).toEqual(['test/local/launcher.test.ts', ALWAYS]);
  });

  it.each(['src/kernel/core/ids.ts', 'src/platform/http/app.ts', 'test/support/app.ts', 'package.json'])(
    'all tests when everything is built on it: %s',
    (path) => expect(select(path)).toBe('all'),
  );
});
