import { expect, it } from 'vitest';
import { HELP, readArguments } from '../../workers/local/arguments.ts';

it.each([
  ['no option', [], {}, { fresh: false, help: false }],
  ['--fresh', ['--fresh'], {}, { fresh: true, help: false }],
  ['--fresh that npm took for its own', [], { npm_config_fresh: 'true' }, { fresh: true, help: false }],
  ['--help', ['--help'], {}, { fresh: false, help: true }],
] as const)('npm start understands %s', (_what, args, env, expected) => {
  expect(readArguments(args, env)).toEqual(expected);
});

it('npm start refuses an option that it does not know', () => {
  expect(() => readArguments(['--frehs'], {})).toThrow(
    "Unknown option '--frehs'; npm start -- --help lists all options",
  );
});

it('npm start lists each of its options', () => {
  for (const option of ['--fresh', 'PORT', 'AURALINK_DIR']) expect(HELP).toContain(option);
});

it('npm start says how many ports it takes', () => {
  expect(HELP).toContain('the first of 13 (8787)');
});
