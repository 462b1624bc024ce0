import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { reportSchema, type CaptionReport } from '../../../src/intelligence/captions/captions.schemas.ts';
import { Reports, type ReportedSegment } from '../../../workers/captions/reports.ts';

let server: Server;
let reports: Reports;
/** What the product took, parsed as it parses reports. */
let taken: CaptionReport[];
let refused: number;

beforeEach(async () => {
  taken = [];
  refused = 0;
  server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const report = reportSchema.safeParse(JSON.parse(Buffer.concat(parts).toString()));
      if (report.success) taken.push(report.data);
      else refused++;
      response.writeHead(report.success ? 204 : 400).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  reports = new Reports({ url: `http://127.0.0.1:${port}`, token: 'token' }, 'run', () => undefined);
});
afterEach(() => {
  vi.restoreAllMocks();
  server.closeAllConnections();
  server.close();
});

const segment = (position: number, fields: Partial<ReportedSegment> = {}): ReportedSegment => ({
  position,
  speaker: 'usr_ada',
  language: 'en',
  text: 'Hello.',
  startMs: 0,
  endMs: 900,
  isGap: false,
  words: [],
  ...fields,
});
const said = () => taken.flatMap(({ segments }) => segments.map(({ position, text }) => [position, text]));

it('what telephones and ingresses say is reported as what people say', async () => {
  for (const [position, speaker] of ['phc_1', 'sip_+4930123', 'ing_1', 'gst_1'].entries())
    reports.add(segment(position, { speaker }));
  await reports.flush();
  expect([taken[0]?.segments.map(({ speaker }) => speaker), refused]).toEqual([
    ['phc_1', 'sip_+4930123', 'ing_1', 'gst_1'],
    0,
  ]);
});

it('an invalid segment costs no other one: it becomes a gap, or is dropped with a line in the log', async () => {
  const log = vi.spyOn(console, 'error').mockReturnValue();
  for (let position = 0; position < 9; position++) reports.add(segment(position));
  reports.add(segment(9, { language: '' }));
  reports.add(segment(10, { speaker: 'EG_recorder' }));
  reports.add(segment(11));
  reports.count({ sentMs: 2_000, translatedCharacters: 7 });
  await reports.flush();
  expect(said()).toEqual([
    ...[0, 1, 2, 3, 4, 5, 6, 7, 8].map((position) => [position, 'Hello.']),
    [9, '[…]'],
    [11, 'Hello.'],
  ]);
  expect(taken.map(({ sentSeconds }) => sentSeconds).reduce((sum, each) => sum + each)).toBe(2);
  expect(taken.map((each) => each.translatedCharacters).reduce((sum, each) => sum + each)).toBe(7);
  expect(new Set(taken.map(({ report }) => report)).size).toBe(taken.length);
  expect(log.mock.calls.map(([line]) => /(?:gap|segment) \d+/.exec(String(line))?.[0])).toEqual([
    'segment 9',
    'segment 10',
    'gap 10',
  ]);
});

it('words that the product cannot keep are left out or cut', async () => {
  const word = (text: string) => ({ text, startMs: 0, endMs: 1, confidence: null });
  reports.add(segment(0, { words: [word(' '), word('a'.repeat(501)), word('Hello.')] }));
  await reports.flush();
  expect(taken[0]?.segments[0]?.words.map(({ text }) => text.length)).toEqual([500, 6]);
});

it('use of more than an hour is reported in parts', async () => {
  reports.count({ sentMs: 9_000_000, translatedCharacters: 1_500_000 });
  await reports.flush();
  expect(taken.map(({ sentSeconds }) => sentSeconds)).toEqual([3_600, 3_600, 1_800]);
  expect(taken.map(({ translatedCharacters }) => translatedCharacters)).toEqual([1_000_000, 500_000, 0]);
});
