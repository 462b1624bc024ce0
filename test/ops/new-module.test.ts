import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { createModule } from '../../workers/ops/new-module.ts';
import { findViolations, formatViolation } from '../contract/arrows/find-violations.ts';
import { readSources } from '../contract/arrows/scan.ts';
import { findBannedWords, formatWordUse } from '../contract/words/find-banned-words.ts';

const copy = mkdtempSync(join(tmpdir(), 'new-module-'));
afterAll(() => rmSync(copy, { recursive: true }));

for (const path of ['src', 'README.md', 'tsconfig.json', '.oxlintrc.json', 'worker-configuration.d.ts'])
  cpSync(path, join(copy, path), { recursive: true });
symlinkSync(resolve('node_modules'), join(copy, 'node_modules'));

// The rest of the product is checked by `npm run check:types`: here only what is new.
for (const file of readdirSync(join(copy, 'src'), { recursive: true, encoding: 'utf8' }))
  if (file.endsWith('.ts')) {
    const path = join(copy, 'src', file);
    writeFileSync(path, `// @ts-nocheck\n${readFileSync(path, 'utf8')}`);
  }

const { written, changed, prefix } = createModule(['module', 'rooms/call-notes'], copy);
const paths = [...written, ...changed];
const read = (path: string) => readFileSync(join(copy, path), 'utf8');
const run = (program: string, ...args: string[]) => {
  const { status, stdout } = spawnSync(resolve('node_modules/.bin', program), args, {
    cwd: copy,
    encoding: 'utf8',
  });
  return { status, stdout };
};

describe('a new module', () => {
  it('has the files of the pattern and a test', () => {
    expect(written.map((path) => path.split('/').at(-1)!).toSorted()).toEqual([
      'README.md',
      'call-notes.errors.ts',
      'call-notes.events.ts',
      'call-notes.present.ts',
      'call-notes.queries.ts',
      'call-notes.routes.ts',
      'call-notes.rules.ts',
      'call-notes.schemas.ts',
      'call-notes.tables.ts',
      'call-notes.test.ts',
      'create-call-note.ts',
      'index.ts',
      'module.ts',
    ]);
  });

  it('type-checks', () => {
    const files = written.filter((path) => /^src.*\.ts$/.test(path));
    const compilerOptions = { incremental: false, tsBuildInfoFile: null };
    const config = {
      extends: './tsconfig.json',
      compilerOptions,
      include: ['worker-configuration.d.ts'],
      files,
    };
    writeFileSync(join(copy, 'tsconfig.new.json'), JSON.stringify(config));
    expect(run('tsc', '-p', 'tsconfig.new.json')).toEqual({ status: 0, stdout: '' });
  });

  it('passes the lint rules', () => {
    expect(run('oxlint', '--deny-warnings', ...written.filter((path) => path.endsWith('.ts')))).toMatchObject(
      {
        status: 0,
      },
    );
  });

  it('passes the rules of imports, tables and commits', () => {
    const sources = readSources();
    for (const path of paths.filter((each) => /^src.*\.ts$/.test(each))) sources.set(path, read(path));
    expect(findViolations(sources).map(formatViolation)).toEqual([]);
  });

  it('uses the words of the glossary', () => {
    expect(written.flatMap((path) => findBannedWords(path, read(path))).map(formatWordUse)).toEqual([]);
  });

  it('is in the index of its domain, in the table of modules and among the kinds of ids', () => {
    expect(read('src/rooms/index.ts')).toMatch(/ {2}callNotesModule,\n\];\n$/);
    const kinds = read('src/kernel/core/ids.ts');
    expect(kinds).toContain("\n  callNote: 'calln',\n");
    const names = [...kinds.matchAll(/^ {2}(\w+): '\w+',$/gm)].map(([, kind]) => kind!);
    expect(names).toEqual(names.toSorted());
    expect(prefix).toBe('calln');
    expect(read('README.md')).toContain(
      '\n| [rooms/call-notes](src/rooms/call-notes/README.md) | call notes of an organization |\n',
    );
    expect(changed.toSorted()).toEqual(['README.md', 'src/kernel/core/ids.ts', 'src/rooms/index.ts']);
  });

  it('has one failing test, which says what to do next', () => {
    const test = read('test/rooms/call-notes/call-notes.test.ts');
    expect(test.match(/expect\.fail\(/g)).toHaveLength(1);
    expect(test).toContain('State the rule in src/rooms/call-notes/README.md');
  });
});

describe('a new module is refused', () => {
  it.each([
    [[], 'write `npm run new -- module <domain>/<name>`'],
    [['verb', 'rooms/notes'], 'write `npm run new -- module <domain>/<name>`'],
    [['module', 'notes'], 'write `npm run new -- module <domain>/<name>`'],
    [['module', 'rooms/notes/more'], 'write `npm run new -- module <domain>/<name>`'],
    [['module', 'rooms/Notes'], '"Notes" is no name of a module: use lower-case words joined by hyphens'],
    [['module', 'rooms/no_tes'], '"no_tes" is no name of a module'],
    [['module', 'rooms/note'], '"note" is no plural'],
    [['module', 'rooms/polls'], 'src/rooms/polls exists already'],
    [['module', 'halls/notes'], 'there is no domain "halls"; src/README.md lists the domains'],
    [['module', '../notes'], 'there is no domain ".."'],
    [['module', 'kernel/notes'], 'a module of kernel has no rows of organizations'],
    [['module', 'rooms/users'], 'has a kind or prefix of the name "user" already'],
  ])('for the arguments %j', (args, message) => {
    expect(() => createModule(args, copy)).toThrow(message);
    expect(existsSync(join(copy, 'src/rooms/users'))).toBe(false);
  });
});
