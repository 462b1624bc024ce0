import { beforeAll, expect, it } from 'vitest';
import { routes } from '../../../workers/http.ts';
import { randomFrom } from '../../support/random.ts';
import {
  callRoute,
  createWorld,
  getCredential,
  getSchemaFields,
  missingParams,
  type World,
} from './world.ts';

const SEED = 20_260_105;
const ROUNDS = 25;

const HOSTILE_TEXTS = [
  '',
  ' ',
  '\u0000',
  '\ud800',
  "'; drop table users; --",
  '${7*7}',
  '../../etc/passwd',
  '<script>',
  'a'.repeat(5000),
  '2026-13-45T99:99:99Z',
  'org_00000000000000000000000000',
  '__proto__',
  '😀'.repeat(50),
  '1e999',
  'NaN',
  'null',
];
const NUMBERS = [0, -0, -1, 1.5, 1e308, -1e308, 2 ** 31, 2 ** 53, 2 ** 63, Number.MIN_VALUE];

function createJunk(random: () => number) {
  const pick = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const value = (depth: number): unknown => {
    const kind = Math.floor(random() * (depth > 2 ? 5 : 7));
    if (kind === 0) return null;
    if (kind === 1) return random() < 0.5;
    if (kind === 2) return pick(NUMBERS);
    if (kind <= 4) return pick(HOSTILE_TEXTS);
    const size = Math.floor(random() * 4);
    if (kind === 5) return Array.from({ length: size }, () => value(depth + 1));
    return Object.fromEntries(Array.from({ length: size }, () => [pick(HOSTILE_TEXTS), value(depth + 1)]));
  };
  const deep = '«deep»';
  /** Sometimes anything, mostly the contract's example with some fields replaced by junk. */
  const body = (example: Record<string, unknown>, fields: readonly string[]): unknown => {
    if (random() < 0.2) return value(0);
    if (random() < 0.1) return fields.length === 0 ? deep : { ...example, [pick(fields)]: deep };
    const names = [...fields, ...(random() < 0.2 ? [pick(HOSTILE_TEXTS)] : [])];
    const replaced = names.filter(() => random() < 0.4).map((name) => [name, value(1)] as const);
    return { ...example, ...Object.fromEntries(replaced) };
  };
  /** The JSON of such a body, with nesting in place of its sign that no recursive reader would survive. */
  const json = (example: Record<string, unknown>, fields: readonly string[]): string =>
    JSON.stringify(body(example, fields)).replace('"«deep»"', `${'['.repeat(20_000)}${']'.repeat(20_000)}`);
  return { json, text: () => pick(HOSTILE_TEXTS) };
}

let world: World;

beforeAll(async () => {
  world = await createWorld();
});

const withBody = routes
  .filter(({ body }) => body !== undefined)
  .map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const);

it.each(withBody)(
  '%s: whatever JSON comes, the answer is a success or a problem, never a defect',
  async (_name, route) => {
    const junk = createJunk(randomFrom(SEED));
    const fields = Object.keys(getSchemaFields(route.body!.schema) ?? {});
    const token = getCredential(route, world, await world.app.person());
    for (let round = 0; round < ROUNDS; round++) {
      const raw = junk.json(route.body!.example as Record<string, unknown>, fields);
      const answer = await callRoute(route, world, { token, params: missingParams(route, world), raw });
      const details = JSON.stringify({
        round,
        raw: raw.slice(0, 1000),
        status: answer.status,
        answer: answer.body,
      }).slice(0, 2000);
      expect(answer.status, details).toBeLessThan(500);
      if (answer.status < 400) continue;
      expect(answer.headers.get('content-type'), details).toBe('application/problem+json');
      expect(answer.body, details).toMatchObject({
        status: answer.status,
        requestId: expect.any(String),
        code: expect.any(String),
      });
    }
  },
);

it.each(
  routes
    .filter(({ query }) => query !== undefined)
    .map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const),
)('%s: whatever query comes, the answer is a success or a problem, never a defect', async (_name, route) => {
  const junk = createJunk(randomFrom(SEED));
  const token = getCredential(route, world, await world.app.person());
  for (let round = 0; round < ROUNDS; round++)
    for (const field of Object.keys(getSchemaFields(route.query) ?? {})) {
      const query = `?${field}=${encodeURIComponent(junk.text().toWellFormed())}`;
      const answer = await callRoute(route, world, { token, params: missingParams(route, world), query });
      expect(answer.status, query.slice(0, 200)).toBeLessThan(500);
    }
});
