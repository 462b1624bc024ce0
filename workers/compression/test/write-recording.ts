/** `node test/write-recording.ts FILE OPTIONS`: a process of its own, because native code must not end the runner's. */
import { writeRecording } from './media-files.ts';

const [file = '', options = '{}'] = process.argv.slice(2);
await writeRecording(file, JSON.parse(options) as Parameters<typeof writeRecording>[1]);
process.exit(); // without what is left to collect
