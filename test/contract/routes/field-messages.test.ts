import { beforeAll, expect, it } from 'vitest';
import type { Route } from '../../../src/platform/http/index.ts';
import { routes } from '../../../workers/http.ts';
import {
  callRoute,
  createWorld,
  getCredential,
  getSchemaFields,
  missingParams,
  type World,
} from './world.ts';

let world: World;
let token: (route: Route) => string | undefined;
beforeAll(async () => {
  world = await createWorld();
  token = (route) => getCredential(route, world, world.owner);
});

/** Values that are wrong for nearly every field, each for another reason. */
const WRONG = [null, true, -1, 1.5, 1e300, '', 'no such value', 'x'.repeat(300), [], [null], {}, { a: null }];
/** How the schema library words its messages. */
const RAW = /invalid|expected|received|too (small|big)|unrecognized|[<>]=|\bnan\b/i;
/** A message continues the name of its field: `name must have at least 1 character`. */
const SENTENCE = /^(must|is|has|contains|does|cannot|may|needs) /;

const casesWhere = (wanted: (route: Route) => boolean) =>
  routes.filter(wanted).map((route) => [`${route.method.toUpperCase()} ${route.path}`, route] as const);

const messagesIn = (body: { errors?: { pointer: string; message: string }[] }) => body.errors ?? [];

const expectPlainWords = (errors: { pointer: string; message: string }[]) => {
  expect(errors.filter(({ message }) => RAW.test(message) || !SENTENCE.test(message))).toEqual([]);
};

it.each(casesWhere(({ body }) => body !== undefined))(
  '%s: whatever is wrong with a field of the body, the message is a plain sentence',
  async (_name, route) => {
    const example = route.body!.example as Record<string, unknown>;
    const fields = Object.keys(getSchemaFields(route.body!.schema) ?? {});
    const allOf = (value: unknown) => Object.fromEntries(fields.map((field) => [field, value]));
    const nested = Object.entries(example).filter(([, value]) => typeof value === 'object' && value !== null);
    const bodies: unknown[] = [
      {},
      [],
      'text',
      ...WRONG.map(allOf),
      // One level further down: what is wrong in an object or in an item of a list.
      ...nested.flatMap(([name, value]) => {
        const [object = {}] = (Array.isArray(value) ? value : [value]) as (object | undefined)[];
        return WRONG.map((wrong) => {
          const broken = Object.fromEntries(Object.keys(object).map((key) => [key, wrong]));
          return { ...example, [name]: Array.isArray(value) ? [broken] : broken };
        });
      }),
    ];
    for (const body of bodies) {
      const answer = await callRoute(route, world, {
        token: token(route),
        params: missingParams(route, world),
        body,
      });
      if (answer.status === 400) expectPlainWords(messagesIn(answer.body));
    }
  },
);

it.each(casesWhere(({ query }) => query !== undefined))(
  '%s: whatever is wrong with a parameter, the message is a plain sentence, and a parameter stands once',
  async (_name, route) => {
    const send = (query: string) =>
      callRoute(route, world, { token: token(route), params: missingParams(route, world), query });
    for (const field of Object.keys(getSchemaFields(route.query) ?? {})) {
      for (const value of ['', ' ', '0x10', 'no such value', 'x'.repeat(9000)]) {
        const answer = await send(`?${field}=${encodeURIComponent(value)}`);
        if (answer.status === 400) expectPlainWords(messagesIn(answer.body));
      }
      const twice = await send(`?${field}=1&${field}=1`);
      expect(twice.status).toBe(400);
      expect(messagesIn(twice.body)).toEqual([
        { pointer: `#/query/${field}`, message: 'is given more than once' },
      ]);
    }
  },
);

it.each(casesWhere(({ query }) => getSchemaFields(query)?.limit !== undefined))(
  '%s: a number is written in decimal digits',
  async (_name, route) => {
    for (const limit of ['0x10', '1e1', '+5', ' 5', '05', '5.0', '', 'Infinity', '٥']) {
      const answer = await callRoute(route, world, {
        token: token(route),
        params: missingParams(route, world),
        query: `?limit=${encodeURIComponent(limit)}`,
      });
      expect(answer.status).toBe(400);
      const given = messagesIn(answer.body).filter(({ message }) => message !== 'is required');
      expect(given).toEqual([{ pointer: '#/query/limit', message: 'must be a whole number' }]);
    }
  },
);
