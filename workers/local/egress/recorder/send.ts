/**
 * Sends a tone and pictures that change, for so many seconds, as a program of a customer does:
 * `node send.ts rtmp://127.0.0.1:PORT/APP/KEY SECONDS` or, by WHIP, `node send.ts http://127.0.0.1:PORT/whip/KEY SECONDS`; or into a file, `node send.ts FILE.mp4 SECONDS`.
 */
import { setTimeout as sleep } from 'node:timers/promises';
import { AV_LOG_ERROR, Log } from 'node-av';
import { BLOCK_SAMPLES, CHANNELS, SAMPLE_RATE } from './audio-mixer.ts';
import { FileWriter } from './file-writer.ts';

const TONE_HZ = 440;
const FRAME_RATE = 15;
const [WIDTH, HEIGHT] = [320, 180];

Log.setLevel(AV_LOG_ERROR);
const [, , target = '', seconds = '5'] = process.argv;
const isLive = /^(?:rtmp|http):/.test(target);
const writer = await FileWriter.open({
  file: target.replace(/\.mp4$/, ''),
  extension: target.startsWith('http:') ? '.whip' : isLive ? '.flv' : '.mp4',
  ...(isLive ? { url: target } : {}),
  hasAudio: true,
  hasVideo: true,
  frameRate: FRAME_RATE,
  audioBps: 64_000,
  videoBps: 500_000,
});
const startedAt = performance.now();
let pictures = 0;
for (let block = 0; block * BLOCK_SAMPLES < Number(seconds) * SAMPLE_RATE; block++) {
  const samples = new Int16Array(BLOCK_SAMPLES * CHANNELS).map((_, index) => {
    const at = block * BLOCK_SAMPLES + Math.floor(index / CHANNELS);
    return 8_000 * Math.sin((2 * Math.PI * TONE_HZ * at) / SAMPLE_RATE);
  });
  await writer.writeAudio(samples);
  const atSeconds = (block * BLOCK_SAMPLES) / SAMPLE_RATE;
  for (; pictures <= atSeconds * FRAME_RATE; pictures++) {
    const data = new Uint8Array((WIDTH * HEIGHT * 3) / 2).fill(128);
    data.fill(40 + ((pictures * 9) % 160), 0, WIDTH * HEIGHT);
    await writer.writeVideo({ data, width: WIDTH, height: HEIGHT }, pictures);
  }
  if (isLive) await sleep(Math.max(0, startedAt + atSeconds * 1000 - performance.now()));
}
await writer.close();
