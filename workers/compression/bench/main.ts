/**
 * `npm run bench -- images|recordings|medium|streams|sessions|hostile|archives [COUNT] [--json]`: prints the rows of one benchmark; COUNT of its
 * clips or photographs for a quick run. `medium` is a part of `recordings`, `sessions` of `streams`, `archives` of `hostile`. `test/bench` runs it with `--json`.
 */
import { benchArchives, benchHostile } from './hostile.ts';
import { benchImages } from './images.ts';
import { installMedia } from './media.ts';
import { benchMedium, benchRecordings } from './recordings.ts';
import { type BenchService, startBenchService } from './service.ts';
import { benchSessions, benchStreams } from './streams.ts';

const benches = {
  images: benchImages,
  recordings: benchRecordings,
  medium: benchMedium,
  streams: benchStreams,
  sessions: async (bench: BenchService) => [await benchSessions(bench)],
  hostile: benchHostile,
  archives: benchArchives,
};
const [name = '', ...rest] = process.argv.slice(2);
const chosen = benches[name as keyof typeof benches];
if (!chosen) throw new Error(`no such benchmark; there are ${Object.keys(benches).join(', ')}`);
const count = Number(rest.find((word) => /^\d+$/.test(word)) ?? Number.POSITIVE_INFINITY);
await installMedia();
const bench = await startBenchService();
try {
  const rows = await chosen(bench, count);
  if (rest.includes('--json'))
    console.log(JSON.stringify(rows, (_, value) => (typeof value === 'bigint' ? Number(value) : value)));
  else
    for (const { what, measured, target, holds, figures } of rows) {
      console.log(`${holds ? 'yes' : 'NO '}  ${what}\n     ${measured}\n     target ${target}`);
      if (figures.command) console.log(`     other side: ${figures.command}`);
    }
} finally {
  await bench.stop();
}
