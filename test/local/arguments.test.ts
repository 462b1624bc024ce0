import { expect, it } from 'vitest';
import { HELP, readArguments } from '../../workers/local/arguments.ts';
import { derivePorts } from '../../workers/local/ports.ts';

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
  const ports = Object.values(derivePorts(8787));
  expect(HELP).toContain(`the first of ${ports.length} (8787)`);
  expect(Math.max(...ports)).toBe(8787 + ports.length - 1);
});
