import { Decoder, Encoder, Muxer } from 'node-av/api';
import * as constants from 'node-av/constants';
import type { Packet, Stream } from 'node-av/lib';
import { openDecoder, openRecording, receiveFrames, type Recording } from '../media/recording.ts';
import type { VideoTask } from './object-messages.ts';
import { createVideoEncoder, receivePackets } from './video-encoder.ts';

const AUDIO_BITRATE = { mono: 48_000, stereo: 96_000 };
/** Frames between two reports of progress. */
const REPORT_EVERY = 24;

/** One stream on its way through: decoded and encoded, or copied when `encoder` is left out. */
interface Track {
  stream: Stream;
  decoder: Decoder | undefined;
  encoder: Encoder | undefined;
  outputIndex: number;
}

function createAudioEncoder(
  codec: VideoTask['codec'],
  decoder: Decoder,
  { codecpar }: Stream,
): Promise<Encoder> {
  const bitrate = codecpar.channels > 1 ? AUDIO_BITRATE.stereo : AUDIO_BITRATE.mono;
  return codec === 'h264'
    ? Encoder.create(constants.FF_ENCODER_AAC, { decoder, bitrate, autoResample: true })
    : Encoder.create(constants.FF_ENCODER_LIBOPUS, { decoder, bitrate, autoResample: true });
}

async function openTracks(
  task: VideoTask,
  { video, audio }: Recording,
  setting: number,
  muxer: Muxer,
): Promise<Track[]> {
  const decoder = await openDecoder(video);
  const encoder = await createVideoEncoder(task, setting, { decoder, stream: video });
  const tracks: Track[] = [
    { stream: video, decoder, encoder, outputIndex: muxer.addStream(encoder, { inputStream: video }) },
  ];
  if (!audio) return tracks;
  const keeps =
    audio.codecpar.codecId ===
    (task.codec === 'h264' ? constants.AV_CODEC_ID_AAC : constants.AV_CODEC_ID_OPUS);
  if (keeps)
    return [
      ...tracks,
      { stream: audio, decoder: undefined, encoder: undefined, outputIndex: muxer.addStream(audio) },
    ];
  const audioDecoder = await openDecoder(audio);
  const audioEncoder = await createAudioEncoder(task.codec, audioDecoder, audio);
  const outputIndex = muxer.addStream(audioEncoder, { inputStream: audio });
  return [...tracks, { stream: audio, decoder: audioDecoder, encoder: audioEncoder, outputIndex }];
}

/** Passes a packet on; null: what is left at the end. */
async function pass(track: Track, packet: Packet | null, muxer: Muxer, onFrame: () => void): Promise<void> {
  const { decoder, encoder, outputIndex } = track;
  if (!decoder || !encoder) return packet ? muxer.writePacket(packet, outputIndex) : undefined;
  const write = async () => {
    for await (const encoded of receivePackets(encoder)) {
      await muxer.writePacket(encoded, outputIndex);
      encoded.free();
    }
  };
  await (packet ? decoder.decode(packet) : decoder.flush());
  for await (const frame of receiveFrames(decoder)) {
    // The copy does not take over the kinds of frames of the original.
    if (track.stream.codecpar.codecType === constants.AVMEDIA_TYPE_VIDEO)
      frame.pictType = constants.AV_PICTURE_TYPE_NONE;
    await encoder.encode(frame);
    frame.free();
    onFrame();
    await write();
  }
  if (packet) return;
  await encoder.flush();
  await write();
}

/** Encodes a recording with one setting into `task.output`. */
export async function encodeVideo(
  task: VideoTask,
  setting: number,
  report: (fraction: number) => void,
): Promise<void> {
  const recording = await openRecording(task.input);
  const muxer = await Muxer.open(task.output, {
    format: task.container,
    ...(task.container === 'mp4' ? { options: { movflags: '+faststart' } as never } : {}),
  });
  const tracks = await openTracks(task, recording, setting, muxer);
  const total = Math.max(1, recording.facts.durationSeconds * recording.facts.fps);
  let frames = 0;
  const countFrame = () => ++frames % REPORT_EVERY === 0 && report(Math.min(1, frames / total));
  try {
    for await (const packet of recording.demuxer.packets()) {
      if (!packet) continue; // the end: the tracks are flushed below
      const track = tracks.find(({ stream }) => stream.index === packet.streamIndex);
      if (track) await pass(track, packet, muxer, track === tracks[0] ? countFrame : () => false);
      packet.free();
    }
    for (const track of tracks) await pass(track, null, muxer, () => false);
  } finally {
    await muxer.close();
    for (const { encoder, decoder } of tracks) {
      encoder?.close();
      decoder?.close();
    }
    await recording.close();
  }
}
