/**
 * Receives one stream by RTMP or SRT and writes it to a file as it is: `node receive.ts rtmp://127.0.0.1:PORT/APP/KEY FILE.flv`, or
 * `srt://127.0.0.1:PORT?mode=listener FILE.ts`. It takes one sender, refuses any other meanwhile, and ends with it.
 */
import { AV_LOG_ERROR, Demuxer, Log, Muxer } from 'node-av';

Log.setLevel(AV_LOG_ERROR);
const [, , address = '', file = ''] = process.argv;
await using input = address.startsWith('srt:')
  ? await Demuxer.open(address, { format: 'mpegts' })
  : await Demuxer.open(address, { format: 'flv', options: { listen: '1' } });
await using output = await Muxer.open(file);
const places = new Map(input.streams.map((stream) => [stream.index, output.addStream(stream)]));
for await (const packet of input.packets()) {
  if (!packet) continue;
  await output.writePacket(packet, places.get(packet.streamIndex)!);
  packet.free();
}
