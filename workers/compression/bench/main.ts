/** `node bench/main.ts images|recordings|streams` prints the rows of one benchmark as JSON; `test/bench` runs it. */
import { benchImages } from './images.ts';
import { installMedia } from './media.ts';
import { benchRecordings } from './recordings.ts';
import { startBenchService } from './service.ts';
import { benchStreams } from './streams.ts';

const benches = { images: benchImages, recordings: benchRecordings, streams: benchStreams };
const chosen = benches[process.argv[2] as keyof typeof benches];
if (!chosen) throw new Error(`no such benchmark; there are ${Object.keys(benches).join(', ')}`);
await installMedia();
const bench = await startBenchService();
try {
  console.log(JSON.stringify(await chosen(bench)));
} finally {
  await bench.stop();
}
