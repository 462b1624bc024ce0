import { mkdtemp, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { createLogOutput, SHOWN_LINES_PER_SECOND } from '../../workers/local/log-output.ts';
import { createRepetitionFilter } from '../../workers/local/repeated-lines.ts';
import { RotatingFile } from '../../workers/local/rotating-file.ts';

describe('the file of the log', () => {
  let dir: string;
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'auralink-log-'));
    return () => rm(dir, { recursive: true });
  });

  it('keeps the newest lines within its bound, in files that only their owner can read', async () => {
    const path = join(dir, 'auralink.log');
    const file = new RotatingFile({ path, maxBytes: 100, keptFiles: 2 });
    for (let line = 0; line < 1_000; line++) file.writeLine(`line ${String(line).padStart(4, '0')}`);
    file.close();
    const names = (await readdir(dir)).toSorted();
    expect(names).toEqual(['auralink.log', 'auralink.log.1', 'auralink.log.2']);
    for (const name of names) {
      const { size, mode } = await stat(join(dir, name));
      expect(size).toBeLessThanOrEqual(100);
      expect(mode & 0o777).toBe(0o600);
    }
    const read = (name: string) => readFile(join(dir, name), 'utf8');
    expect(await read('auralink.log')).toMatch(/line 0999\n$/);
    const newest = (await read('auralink.log.1')) + (await read('auralink.log'));
    expect(newest).toMatch(/line 0989\nline 0990\n/);
  });

  it('continues after a restart, and counts what is there already', async () => {
    const path = join(dir, 'auralink.log');
    for (let start = 0; start < 3; start++) {
      const file = new RotatingFile({ path, maxBytes: 20, keptFiles: 1 });
      file.writeLine('123456789');
      file.close();
    }
    expect(await readFile(path, 'utf8')).toBe('123456789\n');
    expect(await readFile(`${path}.1`, 'utf8')).toBe('123456789\n123456789\n');
  });
});

it('under load the log shows the first lines of each second, and says how many it left out', () => {
  const recorded: string[] = [];
  const shown: string[] = [];
  let now = 0;
  const write = createLogOutput({
    record: (line) => recorded.push(line),
    show: (line) => shown.push(line),
    recordName: 'the.log',
    now: () => now,
  });
  for (let line = 0; line < 1_000; line++) write(`line ${line}`);
  expect(shown).toHaveLength(SHOWN_LINES_PER_SECOND);
  now = 1_000;
  write('later');
  expect(shown.slice(SHOWN_LINES_PER_SECOND)).toEqual([
    `… and ${1_000 - SHOWN_LINES_PER_SECOND} more lines; all are in the.log`,
    'later',
  ]);
  expect(recorded).toHaveLength(1_001);
});

describe('repeated lines of scheduled tasks', () => {
  const failed = (time: string, ms: number) =>
    `${time} ERROR cron.run name=calls.reconcile durationMs=${ms} result={"unreachable":["default"]}`;

  it('are shown once in ten minutes while the outcome stays the same, and at once when it changes', () => {
    let now = 0;
    const isNews = createRepetitionFilter(() => now);
    const shownAt: number[] = [];
    for (; now < 25 * 60_000; now += 60_000)
      if (isNews(failed(`10:${String(now / 60_000).padStart(2, '0')}:21`, now % 7)))
        shownAt.push(now / 60_000);
    expect(shownAt).toEqual([0, 10, 20]);
    expect(isNews('10:26:21 cron.run name=calls.reconcile durationMs=9 result={"unreachable":[]}')).toBe(
      true,
    );
  });

  it('do not hide those of other tasks, nor requests', () => {
    const isNews = createRepetitionFilter(() => 0);
    const task = (name: string) => `10:20:30 cron.run name=${name} durationMs=1 result={}`;
    expect([isNews(task('a')), isNews(task('b')), isNews(task('a'))]).toEqual([true, true, false]);
    const request = '10:20:30 ERROR GET /api/v1/rooms 500 3 ms internal req_1';
    expect([isNews(request), isNews(request)]).toEqual([true, true]);
  });
});
