import { describe, expect, it } from 'vitest';
import { errorCatalogue } from '../../src/kernel/core/index.ts';
import { buildOpenApiDocument, listRouteErrors } from '../../src/platform/docs/index.ts';
import type { Route } from '../../src/platform/http/index.ts';
import { routes } from '../../workers/http.ts';
import { getSchemaFields, getIdKind, paramNames } from './routes/world.ts';

const formatRouteName = (route: Route) => `${route.method.toUpperCase()} ${route.path}`;
const casesWhere = (wanted: (route: Route) => boolean = () => true) =>
  routes.filter(wanted).map((route) => [formatRouteName(route), route] as const);

/** POSTs that create or start something and yet take no idempotency key, each for its reason. */
const NOT_IDEMPOTENT: Record<string, string> = {
  answerInCall: 'what was said once is asked once: a question that is lost is not repeated',
  createRecognition: 'a stream that nothing is sent to ends after a minute, and costs nothing',
  callMcpServer: 'a tool that creates takes the key as an argument',
  callMemoryMcpServer: 'a tool that creates takes the key as an argument',
  callThinkingMcpServer: 'a tool that creates takes the key as an argument',
  resumeSubscription: 'asks for a state; a second one is refused because it is so already',
  pauseSubscription: 'asks for a state; a second one is refused because it is so already',
  unpauseSubscription: 'asks for a state; a second one is refused because it is so already',
  createUpload: 'an upload that is begun twice is given up by itself; the bytes come once',
  createFile:
    'its body is a stream, which cannot be compared with that of an earlier request before it is stored',
  sendUsageEvents: 'each event counts once by its source and id, for ever',
  joinRoom: 'the same identity gets the same seat again, with a fresh token',
  joinByLink: 'the same visitor key is the same guest, who gets the same seat again',
  joinAsMember: 'the same person gets the same seat again, with a fresh token',
};

/** Writes on one resource that take no `If-Match`, each for its reason. */
const UNCONDITIONAL: Record<string, string> = {
  endMcpSession: 'a session has no versions, and is ended once',
  rateAnswer: 'the whole rating is replaced; what a person says last counts',
  deleteAnswerRating: 'a rating is the own one of the person, and is taken back once',
  takeBackMcpConsent: 'a consent has no versions, and is taken back once',
  deleteTeamRun: 'a run is not edited, and deleted once, after its end',
  unassignAgent: 'people never change an assignment, and it is taken back once',
  removeCallAgent: 'taking an agent out of a call twice changes nothing',
  changeSubscription: 'names the plan that is wanted; the provider decides what it changes',
  appendToUpload: 'Upload-Offset says what the bytes follow, and the upload checks it',
  revokeFileLink: 'a link is not edited, and revoked once',
  deleteTranscription: 'corrections have a version of their segment; a transcription is deleted once',
  deleteBatch: 'a batch is not edited, and deleted once, after its end',
  deleteSummary: 'a summary is not edited, and deleted once',
  deleteUpload: 'an upload has no versions, shows to its client alone, and is given up once',
  removeParticipant: 'a participant has no versions and is removed once; removing again changes nothing',
  changeParticipantRole: 'a participant has no versions; the last role that they are given counts',
  enableDialIn: 'a dial-in that is on stays as it is',
  disableDialIn: 'a dial-in is switched off once; switching it off again changes nothing',
  setSpotlight: 'the live room keeps no versions; the last one put there stays',
  clearSpotlight: 'the live room keeps no versions; the last word of a moderator counts',
  vote: 'a vote is nobody else’s to change; the last one counts',
  answerRecordingConsent: 'an answer is the own one of the person, and the same one again changes nothing',
  removeStreamTarget: 'a target is removed once; removing it again changes nothing',
  deleteRecording: 'a recording that is over is not edited; deleting it again changes nothing',
  holdRecording: 'the last reason counts, and the version that was read is held in the commit',
  releaseRecording: 'a hold is released once; releasing again changes nothing',
  deletePoll: 'whatever the votes are by then, they go with the poll',
  leaveLobby: 'an entry has no versions and is left once; leaving again changes nothing',
  endAllSessions: 'it ends whatever sessions there are',
  endSession: 'a session has no versions and ends once; ending it again changes nothing',
  putOwnPresence: 'what a person says last of themselves counts, whichever device they say it on',
  deletePrice: 'a price has no versions: it is never changed',
  setDefaultPaymentMethod:
    'payment methods are at the provider and have no versions; the last one that is chosen counts',
  removePaymentMethod: 'a payment method has no versions and is removed once',
  setSpendingLimit: 'the whole limit is replaced; the last one counts',
  emptyAiAnswerCache: 'deletes what is kept, whatever that is by then',
  setAiBudget: 'the whole budget is replaced; the last one counts',
  deleteAiBudget: 'there is one budget, and nothing of it to lose',
  setCaptions: 'the languages that were chosen last count',
  stopCaptions: 'captions are switched off once',
  endRecognition: 'a recognition has no versions and is ended once',
  setGlossary: 'the whole glossary is replaced; the last one counts',
  deleteGlossary: 'a glossary is replaced as a whole, and deleted once',
  setAiProviderKey: 'the whole key is replaced; the last one counts',
  deleteAiProviderKey: 'a key cannot be read, so there is no version to compare',
  setAiCustomProvider: 'the whole provider is replaced with its key; the last one counts',
  deleteAiCustomProvider: 'its key cannot be read, so there is no version to compare',
  setAiAlerts: 'the whole list is replaced; the last one counts',
  setUsageAlerts: 'the whole list is replaced; the last one counts',
  updateCostInsight: 'an insight keeps no versions; the last status that is set counts',
  setReportSchedule: 'the whole schedule is replaced; the last one counts',
  deleteReportSchedule: 'a report has one schedule, which ends whatever it was set to meanwhile',
  setPlan: 'the operator decides about the plan, whatever members changed meanwhile',
  putLimitOverrides: 'a live object keeps no versions; the last word of an operator counts',
  deleteLimitOverrides: 'a live object keeps no versions; the last word of an operator counts',
};

/** Moments that are not called …At, each for its reason. */
const OTHER_MOMENTS: Record<string, string> = {
  timestamp: 'the banner of /health has always been called so',
  from: 'the start of a range that a caller asks for',
  to: 'the end of a range that a caller asks for',
  time: 'an attribute of CloudEvents, whose names are not ours',
};

describe('a route', () => {
  it('has an operationId of its own, in camelCase', () => {
    const ids = routes.map((route) => route.operationId);
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([]);
    expect(ids.filter((id) => !/^[a-z][A-Za-z0-9]*$/.test(id))).toEqual([]);
  });

  it('has a method and path of its own', () => {
    const all = routes.map((route) => formatRouteName(route).replaceAll(/\{\w+\}/g, '{}'));
    expect(all.filter((each, index) => all.indexOf(each) !== index)).toEqual([]);
  });

  it.each(casesWhere())('%s: has a tag, a summary and a path in kebab-case', (_name, route) => {
    expect(route.tag).toMatch(/^[A-Z][A-Za-z ]+$/);
    expect(route.summary.split(' ').length).toBeGreaterThanOrEqual(2);
    expect(route.summary).not.toMatch(/\.$/);
    expect(route.path).toMatch(/^(\/|(\/(\.?[a-z0-9.-]+|\{[a-z][A-Za-z]*\}))+)$/);
  });

  it.each(casesWhere())('%s: says who may call it, with a permission or a reason', (_name, { access }) => {
    if (access.kind === 'permission') expect(access.permission).toMatch(/^[a-z-]+:[a-z-]+$/);
    else if (access.kind !== 'operator') expect(access.reason.length).toBeGreaterThan(20);
  });

  it.each(casesWhere())('%s: parses every parameter of its path, an id as an id', (_name, route) => {
    expect(Object.keys(getSchemaFields(route.params) ?? {}).toSorted()).toEqual(paramNames(route).toSorted());
    for (const param of paramNames(route).filter((each) => each === 'id' || each.endsWith('Id')))
      expect([param, getIdKind(route, param)]).not.toEqual([param, undefined]);
  });

  it.each(casesWhere())(
    '%s: shows an example of each answer with a body, exactly as its schema has it',
    (_name, route) => {
      expect(Object.keys(route.success)).not.toEqual([]);
      for (const { schema, example, mediaTypes } of Object.values(route.success)) {
        expect(schema !== undefined && mediaTypes !== undefined).toBe(false);
        if (schema) expect(schema.parse(example)).toEqual(example);
      }
    },
  );

  it.each(casesWhere(({ body }) => body !== undefined))(
    '%s: shows an example of its body that it takes',
    (_name, { body }) => {
      expect(body!.schema.safeParse(body!.example).error).toBeUndefined();
    },
  );

  it.each(casesWhere())(
    '%s: refuses only with errors of the catalogue, each at most once',
    (_name, route) => {
      const knownCodes = new Set(errorCatalogue().map(({ code }) => code));
      const codes = listRouteErrors(route).map(({ code }) => code);
      expect(codes.filter((code) => !knownCodes.has(code))).toEqual([]);
      expect(new Set(codes).size).toBe(codes.length);
    },
  );

  it.each(casesWhere())(
    '%s: names a limit on its time that callers can bear; a body that is a stream takes as long as its network',
    (_name, { timeLimitSeconds = 15, streamBody }) => {
      expect(timeLimitSeconds).toBeGreaterThan(0);
      expect(timeLimitSeconds).toBeLessThanOrEqual(streamBody ? 600 : 60);
    },
  );

  it.each(casesWhere(({ method, success }) => method === 'post' && ('201' in success || '202' in success)))(
    '%s: creates, so it takes an idempotency key or says why not',
    (_name, { idempotent, operationId }) => {
      expect(idempotent === true).not.toBe(operationId in NOT_IDEMPOTENT);
    },
  );

  it.each(
    casesWhere(({ method, path }) => ['patch', 'put', 'delete'].includes(method) && path.startsWith('/api/')),
  )('%s: changes a resource, so it takes If-Match or says why not', (_name, { concurrency, operationId }) => {
    expect(concurrency === true).not.toBe(operationId in UNCONDITIONAL);
  });

  it.each(casesWhere(({ success }) => 'nextCursor' in (getSchemaFields(success[200]?.schema) ?? {})))(
    '%s: lists, so it takes limit and cursor and answers data and nextCursor',
    (_name, { query, success }) => {
      expect(Object.keys(getSchemaFields(query) ?? {})).toEqual(expect.arrayContaining(['limit', 'cursor']));
      expect(Object.keys(getSchemaFields(success[200]!.schema)!).toSorted()).toEqual(['data', 'nextCursor']);
    },
  );

  it.each(casesWhere(({ method }) => method === 'get'))(
    '%s: reads, so it takes neither body nor key',
    (_name, route) => {
      expect([route.body, route.idempotent, route.concurrency]).toEqual([undefined, undefined, undefined]);
    },
  );

  it('is not excused without need: every exception names a route', () => {
    const ids = new Set(routes.map((route) => route.operationId));
    expect(
      [...Object.keys(NOT_IDEMPOTENT), ...Object.keys(UNCONDITIONAL)].filter((id) => !ids.has(id)),
    ).toEqual([]);
  });
});

type Json = Record<string, unknown>;

/** Every property of every schema in the document, with where it stands. */
function* listProperties(node: unknown, at = '#'): Generator<[at: string, name: string, schema: Json]> {
  if (node === null || typeof node !== 'object') return;
  for (const [key, value] of Object.entries(node)) {
    if (key === 'example' || key === 'examples') continue;
    if (key === 'properties')
      for (const [property, schema] of Object.entries(value as Json)) yield [at, property, schema as Json];
    yield* listProperties(value, `${at}/${key}`);
  }
}

/** The types and formats that a schema may take, through `anyOf` and nullability. */
function listShapes(schema: Json): { type: string; format?: unknown }[] {
  const parts = (schema.anyOf ?? schema.oneOf ?? schema.allOf) as Json[] | undefined;
  if (parts) return parts.flatMap(listShapes);
  const types = [(schema.type ?? []) as string | string[]].flat();
  return types.map((type) => ({ type, format: schema.format }));
}

/** Numbers in another unit than seconds, bytes and bits per second, each for its reason. */
const OTHER_UNITS: Record<string, string> = {
  trialDays: 'an offer in whole days',
  invitationDays: 'a setting that people choose in whole days',
  forgetUnusedDays: 'a setting that people choose in whole days',
  latencyMs: 'most dependencies answer within a few thousandths of a second',
};

describe('the names of the API', () => {
  const properties = [...listProperties(buildOpenApiDocument(routes, 'https://api.auralink.example'))];
  const formatLocations = (wrong: typeof properties) => wrong.map(([at, property]) => `${at} ${property}`);
  const types = (schema: Json) =>
    listShapes(schema)
      .map(({ type }) => type)
      .filter((type) => type !== 'null');

  it('are in camelCase', () => {
    expect(
      formatLocations(properties.filter(([, property]) => !/^[a-z][A-Za-z0-9]*$/.test(property))),
    ).toEqual([]);
  });

  it('end in At exactly for a moment, which is an ISO 8601 date and time', () => {
    const wrong = properties.filter(
      ([, property, schema]) =>
        !(property in OTHER_MOMENTS) &&
        property.endsWith('At') !== listShapes(schema).some(({ format }) => format === 'date-time'),
    );
    expect(formatLocations(wrong)).toEqual([]);
  });

  it('end in a unit only for numbers', () => {
    const units = /(Seconds|Bytes|Bps|Micros)$/;
    const wrong = properties.filter(
      ([, property, schema]) =>
        units.test(property) && types(schema).some((type) => type !== 'integer' && type !== 'number'),
    );
    expect(formatLocations(wrong)).toEqual([]);
  });

  it('carry no unit but seconds, bytes, bits per second and micro-units of money', () => {
    const other = /[a-z](Ms|Millis|Milliseconds|Minutes|Hours|Days|Kb|KB|Mb|MB|Kbps|Mbps|Cents|Usd)$/;
    const wrong = properties.filter(([, property]) => other.test(property) && !(property in OTHER_UNITS));
    expect(formatLocations(wrong)).toEqual([]);
  });

  it('of a status are words in lower case with underscores', () => {
    const words = properties
      .filter(([, property]) => property === 'status')
      .flatMap(([, , schema]) => (schema.enum ?? []) as string[]);
    expect(words.filter((word) => !/^[a-z]+(_[a-z]+)*$/.test(word))).toEqual([]);
  });
});
