/**
 * `npm run test:changed [-- <options of Vitest>]`: runs the tests that the difference from the branch `main` calls for,
 * commits and uncommitted files together.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readSources } from '../contract/arrows/scan.ts';
import { selectTests } from './select-tests.ts';

const git = (...args: string[]) =>
  execFileSync('git', args, { encoding: 'utf8' })
    .split('\n')
    .filter((line) => line !== '');

/** Every path that differs from where this branch left `main`, deleted ones and files that Git does not know included. */
function listChanges(): string[] {
  const [base = 'HEAD'] = git('merge-base', 'HEAD', 'main');
  const known = git('diff', '--name-only', '--no-renames', base);
  return [...new Set([...known, ...git('ls-files', '--others', '--exclude-standard')])];
}

function readTests(): Map<string, string> {
  const names = readdirSync('test', { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.ts'),
  );
  return new Map(names.map((name) => [join('test', name), readFileSync(join('test', name), 'utf8')]));
}

function main(): number {
  const tests = readTests();
  const changed = listChanges();
  if (changed.length === 0) {
    console.log('nothing differs from main');
    return 0;
  }
  const selected = selectTests(changed, readSources(), tests);
  const total = [...tests.keys()].filter((path) => path.endsWith('.test.ts')).length;
  console.log(
    selected === 'all'
      ? 'what everything is built on has changed: all tests but the end-to-end ones'
      : `${selected.length} of ${total} files of tests; .ci/run runs the others`,
  );
  const files = selected === 'all' ? [] : selected;
  const args = [
    'vitest',
    'run',
    '--project',
    'node',
    '--project',
    'workerd',
    ...files,
    ...process.argv.slice(2),
  ];
  return spawnSync('npx', args, { stdio: 'inherit' }).status ?? 1;
}

process.exitCode = main();
