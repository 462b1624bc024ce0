import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { BANNED_WORDS } from './words/banned-words.ts';
import { WORD_EXCEPTIONS } from './words/exceptions.ts';
import { findBannedWords, formatWordUse } from './words/find-banned-words.ts';

const TEXT = /\.(ts|md|sql|html|css|json|jsonc|toml|cjs|yml|txt)$|^\.ci\//;
/** Landed migrations cannot change, snapshots are generated, the lock file names packages, the word list holds the words. */
const SKIPPED =
  /^migrations\/|^test\/contract\/__snapshots__\/|(^|\/)package-lock\.json$|^worker-configuration\.d\.ts$|^test\/contract\/words/;

const paths = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((path) => TEXT.test(path) && !SKIPPED.test(path));

const uses = paths.flatMap((path) => {
  try {
    return findBannedWords(path, readFileSync(path, 'utf8'));
  } catch {
    return []; // deleted in the working tree and not yet in the index
  }
});
const isExcepted = ({ path, word }: (typeof uses)[number]) =>
  WORD_EXCEPTIONS.some((exception) => exception.word === word.word && path.startsWith(exception.path));

describe('the words of the project', () => {
  it('are those of the glossary', () => {
    expect(uses.filter((use) => !isExcepted(use)).map(formatWordUse)).toEqual([]);
  });

  it('have only exceptions that are needed, each with a reason', () => {
    const needed = (exception: (typeof WORD_EXCEPTIONS)[number]) =>
      exception.reason.length > 10 &&
      // Checked by language.test.ts.
      (exception.path === 'openapi.json' ||
        uses.some(({ path, word }) => word.word === exception.word && path.startsWith(exception.path)));
    expect(WORD_EXCEPTIONS.filter((exception) => !needed(exception))).toEqual([]);
  });
});

/** Each word as it was once used, with the path of such a file. */
const EXAMPLES: [text: string, word: string, path?: string][] = [
  ['A district holds its modules.', 'district'],
  ['the door of the queue', 'door'],
  ['The effects of a commit run later.', 'effect'],
  ['what a happening carries', 'happening'],
  ['jobs.find(type)', 'job'],
  ['The room is told of it.', 'told'],
  ['which tells the socket', 'told'],
  ['A socket that was not heard of.', 'hear'],
  ['rows behind the wall', 'wall'],
  ['the standing of a guest', 'standing'],
  ['refused like a stranger', 'stranger'],
  ['Runs by the clock.', 'by the clock'],
  ['a letter for each subscriber', 'letter'],
  ['the lane of an organization', 'lane'],
  ['the keeper of the inbox', 'keeper'],
  ['The house sends one mail.', 'house'],
  ['It begins anew.', 'anew'],
  ['The call goes on.', 'go on'],
  ['It has ended by now.', 'by now'],
  ['Whoever asks gets it.', 'whoever'],
  ['Nobody grants more than they have.', 'nobody as the person that a sentence is about'],
  ['null for nobody', 'nobody as the person that a sentence is about'],
  ['a flight for each subscriber', 'flight', 'src/kernel/delivery/a.ts'],
  ['consume-ticket', 'ticket', 'src/kernel/delivery/a.ts'],
  ['the page of a room of code', 'room of code'],
  ['export interface Place {}', 'Place'],
  ['Who waits is shown.', 'who without a noun before it'],
  ['refuses who may not join', 'who without a noun before it'],
  ['a room of which nothing is left', 'of which nothing is left'],
  ['How often it is looked whether the sound is old.', 'it is looked'],
  ['error.code === pollErrors.closed.definition.code', 'definition of a thrown error'],
  ['A key that is refused is waited for.', 'is waited for'],
  ['It has runs looked at.', 'has it looked at'],
  ['/** So long a creation is not repeated. */', 'So long at the start of a comment'],
  ['/** That a voice is in the list. */', 'That at the start of a comment'],
  ['  // Of a policy that was never set it is 0.', 'Of at the start of a comment'],
  ['-- After which a scan is given up.', 'After which at the start of a comment', 'src/media/a.sql'],
];

describe('the word check', () => {
  it.each(EXAMPLES)('finds "%s"', (text, word, path = 'src/rooms/a.ts') => {
    expect(findBannedWords(path, text).map((use) => use.word.word)).toContain(word);
  });

  it('has an example of each word', () => {
    const shown = new Set(EXAMPLES.map(([, word]) => word));
    expect(BANNED_WORDS.filter(({ word }) => !shown.has(word))).toEqual([]);
  });

  it.each([
    ['a comment', '// it was told twice', 'told'],
    ['a name in camel case', 'const toldState = 1;', 'told'],
    ['a name in snake case', "type: 'live_room.told_state'", 'told'],
    ['a name in upper case', 'const MAX_DOORS = 2;', 'door'],
    ['a sentence', 'Who waits is let in.', 'who without a noun before it'],
    ['a clause', 'The command is for who waits.', 'who without a noun before it'],
  ])('finds one in %s', (_where, text, word) => {
    expect(findBannedWords('src/a.ts', text).map((use) => use.word.word)).toEqual([word]);
  });

  it('finds one that is broken over two lines', () => {
    expect(findBannedWords('src/a.ts', ' * It has ended by\n * now.').map(({ line }) => line)).toEqual([2]);
  });

  it('finds one in the name of a file', () => {
    expect(findBannedWords('src/rooms/hearing.ts', '').map(({ line, word }) => [line, word.word])).toEqual([
      [0, 'hear'],
    ]);
  });

  it.each([
    'a dead letter in lower-case letters',
    'select room_door($1)',
    'without side effects',
    'the user who waits, and those who left',
    'a guest, who has no account',
    'the wall-clock time',
    'unsettled, standard, outdoors, whole, tellurium',
    'a user who joined, and who left again',
    'an answer for the user\n * who asked',
    'dead\n * letters',
    'It says who may join.',
    'A call has rooms, participants, a lobby and a link.',
    'const whoAmI = signGuestTicket(room, link);',
    'The text goes on the page.',
    'as long as nobody has connected',
    "visibility: 'nobody'",
    'It is looked up once, and awaited.',
    '// So that a part of a file, which has a size of its own, is read once.',
  ])('permits ordinary English: %s', (text) => {
    expect(findBannedWords('src/a.ts', text)).toEqual([]);
  });

  it('says what to write instead, and where that is explained', () => {
    expect(formatWordUse(findBannedWords('src/a.ts', 'x\nby now')[0]!)).toBe(
      'src/a.ts:2 "by now" (write: already, now; see CONTRIBUTING.md#words): by now',
    );
  });
});
