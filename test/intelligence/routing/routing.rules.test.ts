import { describe, expect, it } from 'vitest';
import {
  combinePreferences,
  type CallerPreferences,
} from '../../../src/intelligence/ai-preferences/ai-preferences.rules.ts';
import type { AiModel } from '../../../src/intelligence/models/index.ts';
import {
  decideRoute,
  type ModelSpeed,
  type RouteFacts,
} from '../../../src/intelligence/routing/routing.rules.ts';

const model = (id: string, fields: Partial<AiModel> = {}): AiModel => ({
  id,
  provider: 'anthropic',
  contextTokens: 10_000,
  maxOutputTokens: 1_000,
  capabilities: ['tools'],
  endsOn: null,
  ...fields,
});
const A = model('a');
const B = model('b');
const C = model('c');

const preferencesOf = (fields: object = {}, person?: object) => {
  const row = (set: object) => ({
    defaultModel: null,
    policy: null,
    allowedModels: null,
    blockedModels: [],
    mostMicros: null,
    ...set,
  });
  return combinePreferences({
    organization: row(fields),
    person: person && row(person),
  } as unknown as CallerPreferences);
};
const speed = (medianMs: number, measurements = 5): ModelSpeed => ({ medianMs, measurements });

const decide = (fields: Partial<RouteFacts> = {}) =>
  decideRoute({
    policy: 'cheapest',
    named: [],
    catalogue: [A, B, C],
    needs: { capabilities: [], likelyInputTokens: 100, outputTokens: 100 },
    preferences: preferencesOf(),
    keyOwners: new Map([['anthropic', 'platform']]),
    hasPlatformModels: true,
    hasBudget: false,
    mostMicros: new Map([
      ['a', 30n],
      ['b', 10n],
      ['c', 20n],
    ]),
    speeds: new Map(),
    breakers: new Map(),
    today: '2026-11-30',
    hedgeAfterSeconds: null,
    ...fields,
  });
/** The models that are asked in their order, and the reasons of all others. */
const routeOf = (fields: Partial<RouteFacts>) => {
  const { considered } = decide(fields);
  return [
    considered.filter(({ position }) => position !== null).map((each) => each.model.id),
    Object.fromEntries(
      considered.filter(({ position }) => position === null).map((each) => [each.model.id, each.reasons]),
    ),
  ];
};

describe('the cheapest', () => {
  it('comes first, and the others follow by what the answer costs at most', () => {
    expect(routeOf({})).toEqual([['b', 'c', 'a'], {}]);
  });

  it('is never one whose price is not known', () => {
    expect(
      routeOf({
        mostMicros: new Map([
          ['a', 30n],
          ['b', null],
        ]),
      }),
    ).toEqual([['a'], { b: ['price_unknown'], c: ['price_unknown'] }]);
  });

  it('is one of six at most', () => {
    const catalogue = Array.from({ length: 8 }, (_each, at) => model(`m${at}`));
    const mostMicros = new Map(catalogue.map(({ id }, at) => [id, BigInt(at)]));
    expect(routeOf({ catalogue, mostMicros })).toEqual([
      ['m0', 'm1', 'm2', 'm3', 'm4', 'm5'],
      { m6: ['chain_full'], m7: ['chain_full'] },
    ]);
  });
});

describe('a model is passed over', () => {
  it.each([
    [
      'not_able',
      model('x', { capabilities: [] }),
      { needs: { capabilities: ['tools'], likelyInputTokens: 1, outputTokens: 1 } },
    ],
    ['context_too_small', model('x', { contextTokens: 199 }), {}],
    ['output_too_small', model('x', { maxOutputTokens: 99 }), {}],
    ['ended', model('x', { endsOn: '2026-11-30' }), {}],
    ['no_key', A, { keyOwners: new Map() }],
    ['not_in_plan', A, { hasPlatformModels: false }],
    ['breaker_open', A, { breakers: new Map([['a', { state: 'open', untilMs: 1 }]]) }],
    ['not_allowed', A, { preferences: preferencesOf({ blockedModels: ['a'] }) }],
    ['not_allowed', A, { preferences: preferencesOf({ allowedModels: ['a'] }, { allowedModels: ['b'] }) }],
    ['too_dear', A, { preferences: preferencesOf({ mostMicros: 30 }, { mostMicros: 29 }) }],
    ['price_unknown', A, { policy: null, named: [A], hasBudget: true, mostMicros: new Map() }],
    [
      'price_unknown',
      A,
      { policy: null, named: [A], preferences: preferencesOf({ mostMicros: 1 }), mostMicros: new Map() },
    ],
  ] as [string, AiModel, Partial<RouteFacts>][])('%s: %j', (reason, each, facts) => {
    const mostMicros = new Map([[each.id, 30n]]);
    expect(routeOf({ catalogue: [each], mostMicros, ...facts })).toEqual([[], { [each.id]: [reason] }]);
  });

  it('for all reasons at once', () => {
    const facts = { keyOwners: new Map(), preferences: preferencesOf({ blockedModels: ['a'] }) };
    expect(routeOf({ catalogue: [A], ...facts })).toEqual([[], { a: ['not_allowed', 'no_key'] }]);
  });

  it('but not for a limit that it just keeps', () => {
    const each = model('x', { contextTokens: 200, maxOutputTokens: 100, endsOn: '2026-12-01' });
    const facts = { preferences: preferencesOf({ mostMicros: 30 }), mostMicros: new Map([['x', 30n]]) };
    expect(routeOf({ catalogue: [each], ...facts })).toEqual([['x'], {}]);
  });
});

describe('a named model', () => {
  it('is asked in the order of the request, whatever it costs, also when its provider may have ended it', () => {
    const ended = model('e', { endsOn: '2026-01-01', contextTokens: 1 });
    expect(routeOf({ policy: null, named: [C, ended, B], mostMicros: new Map() })).toEqual([
      ['c', 'e', 'b'],
      {},
    ]);
  });

  it('is asked on a key of the organization within a budget, although its price is not known', () => {
    const keyOwners = new Map([['anthropic', 'organization']] as const);
    const facts = { hasBudget: true, hasPlatformModels: false, keyOwners, mostMicros: new Map() };
    expect(routeOf({ policy: null, named: [A], ...facts })).toEqual([['a'], {}]);
  });
});

describe('the fastest', () => {
  it('is the one whose first output came soonest, and those are left out of which too little was measured', () => {
    const speeds = new Map([
      ['a', speed(200)],
      ['b', speed(100, 4)],
      ['c', speed(150)],
    ]);
    expect(routeOf({ policy: 'fastest', speeds })).toEqual([['c', 'a'], { b: ['not_measured'] }]);
    expect(decide({ policy: 'fastest', speeds }).isMeasured).toBe(true);
  });

  it('is, with too few measurements of all, the default model and then the cheapest, and says so', () => {
    const speeds = new Map([['a', speed(200, 4)]]);
    const facts = { policy: 'fastest' as const, speeds, preferences: preferencesOf({ defaultModel: 'a' }) };
    expect(routeOf(facts)).toEqual([['a', 'b', 'c'], {}]);
    expect(decide(facts).isMeasured).toBe(false);
  });
});

describe('the preferred', () => {
  const policy = 'preferred' as const;

  it('is the default of the person, then that of the organization, and no other without a policy', () => {
    const preferences = preferencesOf({ defaultModel: 'a' }, { defaultModel: 'c' });
    expect(routeOf({ policy, preferences })).toEqual([['c', 'a'], {}]);
  });

  it.each([
    ['cheapest', ['c', 'b', 'a']],
    ['fastest', ['c', 'a']],
  ])('is followed by the %s of the others', (second, ids) => {
    const preferences = preferencesOf({ policy: second, defaultModel: 'c' });
    expect(routeOf({ policy, preferences, speeds: new Map([['a', speed(1)]]) })[0]).toEqual(ids);
  });

  it('is none where nothing is preferred', () => {
    expect(decide({ policy }).considered).toEqual([]);
  });
});
